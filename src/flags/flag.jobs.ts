import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { expireFlag } from './flag.commands.js';
import { expiredFlags } from './flag.queries.js';

/** How many flags one run lowers; the next minute's takes the rest. */
const batch = 1000;

/** Each minute, lowers the flags whose time is over. They have been shown to nobody since that very moment. */
export function flagExpiry(parts: {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): Queue<object> {
  return {
    name: 'flags.expire',
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      for (const flagId of await expiredFlags(parts.database.kysely(), parts.clock.now(), batch)) {
        signal.throwIfAborted();
        await parts.doorway.execute(expireFlag, { flagId }, byJob('flags.expire', parts.ids)).catch(unlessMovedOn);
      }
    },
  };
}
