import { sql } from 'kysely';
import { byJob } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { noteDeadlines } from './deadline.commands.js';

/** Of how many applications one run tells; the next minute's takes the rest. */
const batch = 1000;

/** Each minute, tells staff of applications whose time is nearly over, or over. */
export function deadlineWatch(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<object> {
  return {
    name: 'applications.deadlines',
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      const due = await sql<{ id: string }>`select application_id as id from clock_interval
        where ended_at is null and notice_at <= ${parts.clock.now()} order by notice_at limit ${batch}`.execute(
        parts.database.kysely(),
      );
      const failures: unknown[] = [];
      for (const { id: applicationId } of due.rows) {
        signal.throwIfAborted();
        const context = byJob('applications.deadlines', parts.ids);
        await parts.doorway.execute(noteDeadlines, { applicationId }, context).catch((error: unknown) => {
          // Somebody may have moved it on in between. Any other trouble with one must not keep the others waiting.
          if (!(error instanceof Refusal)) failures.push(error);
        });
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
