import { sql } from 'kysely';
import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { escalateRatification } from './directive.commands.js';

/** Each minute, tells of emergency halts that were not ratified in time. They stay in force. */
export function ratificationEscalation(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<object> {
  return {
    name: 'directives.escalate',
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      const late = await sql<{ id: string }>`select id from directive
        where is_emergency and ratified_at is null and escalated_at is null and ratify_by <= ${parts.clock.now()}
        order by ratify_by limit 100`.execute(parts.database.kysely());
      for (const { id: directiveId } of late.rows) {
        signal.throwIfAborted();
        const by = byJob('directives.escalate', parts.ids);
        await parts.doorway.execute(escalateRatification, { directiveId }, by).catch(unlessMovedOn);
      }
    },
  };
}
