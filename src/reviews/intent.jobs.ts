import { sql } from 'kysely';
import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { finalizeRefusal } from './intent.commands.js';

/** How many refusals one run makes final; the next minute's takes the rest. */
const batch = 1000;

/** Each minute, makes those refusals final that were announced and not answered in time. */
export function intentExpiry(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<object> {
  const name = 'reviews.finalize-refusals';
  return {
    name,
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      const over = await sql<{ id: string }>`select application_id as id from intent_to_refuse
        where ending is null and answer_before <= ${parts.clock.now()} order by answer_before limit ${batch}`.execute(
        parts.database.kysely(),
      );
      const failures: unknown[] = [];
      for (const { id: applicationId } of over.rows) {
        signal.throwIfAborted();
        // The partner may have withdrawn in between. Any other trouble with one must not keep the others waiting.
        await parts.doorway
          .execute(finalizeRefusal, { applicationId }, byJob(name, parts.ids))
          .catch(unlessMovedOn)
          .catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
