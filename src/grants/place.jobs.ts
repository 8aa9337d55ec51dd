import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { MinutelyParts } from '../doorway/minutely.js';
import type { Queue } from '../platform/jobs.js';
import { endWave, openWave } from '../waves/wave.commands.js';
import { turnWavesQueue, wavesWaitedFor, wavesWhoseTimeIs } from '../waves/wave-turn.queries.js';
import { givePlaces } from './place.commands.js';

/**
 * Opens and closes waves at their times, and lets in those who wait as far as there are places: at once when a wave is
 * confirmed or a place is given back, and each minute for what time brings and for what a crash has left over.
 */
export function waveTurn({ doorway, database, clock, ids }: MinutelyParts): Queue<object> {
  const context = () => byJob(turnWavesQueue, ids);
  return {
    name: turnWavesQueue,
    retryLimit: 10,
    retryDelaySeconds: 1,
    expireInSeconds: 900,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      for (const { waveId, isOver } of await wavesWhoseTimeIs(database.kysely(), clock.now())) {
        // Another process may have been there first, or somebody closed it in between.
        await doorway.execute(isOver ? endWave : openWave, { waveId }, context()).catch(unlessMovedOn);
      }
      for (const wave of await wavesWaitedFor(database.kysely())) {
        for (let given = 1; given > 0; ) {
          signal.throwIfAborted();
          ({ given } = await doorway.execute(givePlaces, wave, context()));
        }
      }
    },
  };
}
