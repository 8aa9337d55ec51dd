import { byJob } from '../doorway/by-job.js';
import type { MinutelyParts } from '../doorway/minutely.js';
import type { Queue } from '../platform/jobs.js';
import { restorationsUnderWay, restoreQueue } from './restoration-turn.queries.js';
import { restoreNext } from './restoring.commands.js';

/**
 * Carries out restorations: at once when one is confirmed, and each minute for batches whose time has come and for what a
 * crash has left over.
 */
export function restorationWork({ doorway, database, clock, ids }: MinutelyParts): Queue<object> {
  return {
    name: restoreQueue,
    retryLimit: 10,
    retryDelaySeconds: 1,
    expireInSeconds: 900,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      for (const restorationId of await restorationsUnderWay(database.kysely(), clock.now())) {
        for (let restored = 1; restored > 0; ) {
          signal.throwIfAborted();
          ({ restored } = await doorway.execute(restoreNext, { restorationId }, byJob(restoreQueue, ids)));
        }
      }
    },
  };
}
