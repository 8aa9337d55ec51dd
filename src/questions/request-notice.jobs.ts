import { sql } from 'kysely';
import { byJob } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { lapseApplication, noteAnswerDue } from './due-date.commands.js';

/** Of how many requests one run takes care; the next minute's takes the rest. */
const batch = 1000;
const name = 'questions.due';

/** Each minute, reminds partners of answers that are due, and lets applications lapse that were not answered. */
export function requestNotices(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<object> {
  return {
    name,
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      const now = parts.clock.now();
      const due = await sql<{ id: string; lapses: boolean }>`
        select r.application_id as id, coalesce(r.lapses_at <= ${now}, false) and not exists (
          select from due_date_extension as e where e.application_id = r.application_id and e.outcome = 'WAITING') as lapses
        from information_request as r where r.notice_at <= ${now} order by r.notice_at limit ${batch}`.execute(
        parts.database.kysely(),
      );
      const failures: unknown[] = [];
      for (const { id: applicationId, lapses } of due.rows) {
        signal.throwIfAborted();
        const context = byJob(name, parts.ids);
        const given = lapses
          ? parts.doorway.execute(lapseApplication, { applicationId }, context)
          : parts.doorway.execute(noteAnswerDue, { applicationId }, context);
        await given.catch((error: unknown) => {
          // Somebody may have answered in between. Any other trouble with one must not keep the others waiting.
          if (!(error instanceof Refusal)) failures.push(error);
        });
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
