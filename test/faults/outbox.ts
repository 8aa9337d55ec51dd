import { sql } from 'kysely';
import { dispatchQueue } from '../../src/events/dispatch.js';
import { type Database, jobQueueSchema, type RawSql } from '../../src/platform/database/database.js';
import { deliverQueue } from '../../src/webhooks/deliver-job.js';
import { pause } from './fleet.js';

/** The database tells nobody when a job is done, so it is asked this often, in milliseconds. */
const lookEveryMs = 100;

/** What is still on its way from commands to receivers. */
export interface Outbox {
  readonly jobs: number;
  readonly deliveries: number;
}

export async function lookAtOutbox(database: RawSql): Promise<Outbox> {
  const found = await sql<{ jobs: number; deliveries: number }>`select
    (select count(*)::int from ${sql.id(jobQueueSchema, 'job')} where name in (${dispatchQueue}, ${deliverQueue})
      and state in ('created', 'retry', 'active')) as jobs,
    (select count(*)::int from webhook_delivery where status = 'PENDING') as deliveries`.execute(database);
  return found.rows[0] ?? { jobs: 0, deliveries: 0 };
}

/** Waits until every event has been dispatched and every message delivered. @returns false when that took too long */
export async function outboxIsEmpty(database: Database, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const { jobs, deliveries } = await lookAtOutbox(database.kysely());
    if (jobs + deliveries === 0) return true;
    if (Date.now() > deadline) return false;
    await pause(lookEveryMs);
  }
}
