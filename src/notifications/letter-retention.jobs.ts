import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Queue } from '../platform/jobs.js';
import { monthsBefore } from '../platform/months.js';

export interface LetterRetentionParts {
  readonly database: Database;
  readonly clock: Clock;
  /** How long letters are kept. */
  readonly months: number;
}

/** How many letters one statement deletes, so that none takes long. */
const batch = 5_000;

/** Every day, deletes what is older than it is kept, read or not, and neither to be sent nor waiting for a daily e-mail. */
export function letterRetention({ database, clock, months }: LetterRetentionParts): Queue<object> {
  return {
    name: 'notifications.retention',
    retryLimit: 5,
    retryDelaySeconds: 300,
    expireInSeconds: 900,
    concurrency: 1,
    schedule: '21 2 * * *',
    async handle(_job, signal) {
      const before = monthsBefore(clock.now(), months);
      for (let deleted = batch; deleted === batch; ) {
        signal.throwIfAborted();
        const gone = await sql`delete from notification where id in (select id from notification
          where created_at < ${before} and status not in ('PENDING', 'WAITING') limit ${batch})`.execute(
          database.kysely(),
        );
        deleted = Number(gone.numAffectedRows ?? 0);
      }
    },
  };
}
