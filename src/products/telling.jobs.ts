import { byJob } from '../doorway/by-job.js';
import type { MinutelyParts } from '../doorway/minutely.js';
import type { Queue } from '../platform/jobs.js';
import { noteReleaseChange, tellReleaseChange } from './telling.commands.js';
import { changesToTell, productsToNote } from './telling.queries.js';
import { tellReleaseQueue } from './telling-job.js';

/**
 * Tells partners that a product's release changed: at once when a directive is put in force or a statement is confirmed, and
 * each minute for directives that take effect or end by themselves, and for what a crash has left over.
 */
export function tellingOfReleases({ doorway, database, clock, ids }: MinutelyParts): Queue<object> {
  const context = () => byJob(tellReleaseQueue, ids);
  return {
    name: tellReleaseQueue,
    retryLimit: 10,
    retryDelaySeconds: 1,
    expireInSeconds: 900,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      for (const productCode of await productsToNote(database.kysely(), clock.now()))
        await doorway.execute(noteReleaseChange, { productCode }, context());
      for (const change of await changesToTell(database.kysely())) {
        for (let told = 1; told > 0; ) {
          signal.throwIfAborted();
          ({ told } = await doorway.execute(tellReleaseChange, change, context()));
        }
      }
    },
  };
}
