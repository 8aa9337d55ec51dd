import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Queue } from '../platform/jobs.js';
import { idempotencyHours } from './idempotency.js';

const hourMs = 60 * 60 * 1000;

/** Each hour, forgets idempotency keys that are older than they are promised to be remembered. */
export function housekeeping({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): Queue<object> {
  return {
    name: 'idempotency.forget',
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '17 * * * *',
    async handle() {
      const before = new Date(clock.now().getTime() - idempotencyHours * hourMs);
      await sql`delete from idempotency_key where created_at < ${before}`.execute(database.kysely());
    },
  };
}
