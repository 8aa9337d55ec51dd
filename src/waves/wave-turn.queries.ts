import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';

/** The queue on which waves open and close at their times, and those who wait are let in. */
export const turnWavesQueue = 'waves.turn';

/** Confirmed waves whose time has come, and those whose time is over. */
export async function wavesWhoseTimeIs(
  database: RawSql,
  now: Date,
): Promise<readonly { readonly waveId: string; readonly isOver: boolean }[]> {
  const found = await sql<{ waveId: string; isOver: boolean }>`
    select id as "waveId", coalesce(closes_at <= ${now}, false) as "isOver" from rollout_wave
    where status in ('CONFIRMED', 'OPEN') and (closes_at <= ${now} or (status = 'CONFIRMED' and opens_at <= ${now}))
    order by opens_at, id`.execute(database);
  return found.rows;
}

/** Open waves of products for which somebody waits. */
export async function wavesWaitedFor(
  database: RawSql,
): Promise<readonly { readonly waveId: string; readonly productCode: string }[]> {
  const found = await sql<{ waveId: string; productCode: string }>`
    select v.id as "waveId", v.product_code as "productCode" from rollout_wave as v
    where v.status = 'OPEN' and exists (select from wave_place as w
      where w.product_code = v.product_code and w.status = 'WAITING') order by v.product_code, v.number`.execute(
    database,
  );
  return found.rows;
}
