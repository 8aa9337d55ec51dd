import { sql } from 'kysely';
import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { expireGrant } from './grant.commands.js';

/** How many grants one run ends; the next minute's takes the rest. */
const batch = 1000;

/** Each minute, ends the grants whose last moment has passed. `isUsable` has said no since that very moment. */
export function grantExpiry(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<object> {
  return {
    name: 'grants.expire',
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      const ended = await sql<{ id: string }>`select id from access_grant
        where status in ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED') and ends_at <= ${parts.clock.now()}
        order by ends_at limit ${batch}`.execute(parts.database.kysely());
      for (const { id: grantId } of ended.rows) {
        signal.throwIfAborted();
        await parts.doorway.execute(expireGrant, { grantId }, byJob('grants.expire', parts.ids)).catch(unlessMovedOn);
      }
    },
  };
}
