import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import type { ReleaseStatus } from '../lifecycle/release.js';
import { tellReleaseQueue } from './telling-job.js';

/** How far a product is released from a moment on, and how far it was when nothing is on record yet. */
export interface ReleaseTurn {
  readonly productCode: string;
  readonly was: ReleaseStatus;
  readonly is: ReleaseStatus;
  readonly at: Date;
}

/**
 * Keeps that a product's release changed, when it is another than partners are told last, so that a job tells them. Whoever
 * calls has locked the product.
 */
export async function noteRelease(work: Work, { productCode, was, is, at }: ReleaseTurn): Promise<void> {
  const found = await sql<{
    number: number;
    status: ReleaseStatus;
  }>`select number, to_status as status from release_change
    where product_code = ${productCode} order by number desc limit 1`.execute(work.sql);
  const last = found.rows[0] ?? { number: 1, status: was };
  if (!found.rows[0])
    await sql`insert into release_change (id, product_code, number, to_status, effective_at, told_at)
      values (${work.ids.next()}, ${productCode}, 1, ${was}, ${at}, ${work.now})`.execute(work.sql);
  if (last.status === is) return;
  await sql`insert into release_change (id, product_code, number, from_status, to_status, effective_at)
    values (${work.ids.next()}, ${productCode}, ${last.number + 1}, ${last.status}, ${is}, ${at})`.execute(work.sql);
  work.enqueue(tellReleaseQueue, {});
}
