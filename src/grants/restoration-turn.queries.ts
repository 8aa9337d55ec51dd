import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';

/** The queue on which restorations are carried out. */
export const restoreQueue = 'grants.restore';

/** Restorations of which a batch is open. */
export async function restorationsUnderWay(database: RawSql, now: Date): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select id from restoration
    where status = 'CONFIRMED' and (batches -> 0 ->> 'opensAt')::timestamptz <= ${now} order by id`.execute(database);
  return found.rows.map(({ id }) => id);
}
