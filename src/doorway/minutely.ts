import type { Clock } from '../platform/clock.js';
import type { Database, RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { byJob } from './by-job.js';
import type { CommandContext } from './command.js';
import type { Doorway } from './doorway.js';

export interface MinutelyParts {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A command that becomes due with time, on each of many things. */
export interface Due<Thing> {
  /** Names the queue, and who gives the command. */
  readonly name: string;
  /** What it is due on, at most so many, those first that have waited longest. */
  find(database: RawSql, now: Date, most: number): Promise<readonly Thing[]>;
  give(doorway: Doorway, thing: Thing, context: CommandContext): Promise<unknown>;
}

/** How many one run takes; the next minute's takes the rest. */
const batch = 1000;

/** Each minute, gives a command on whatever it has become due on. */
export function minutely<Thing>(
  { doorway, database, clock, ids }: MinutelyParts,
  { name, find, give }: Due<Thing>,
): Queue<object> {
  return {
    name,
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      const failures: unknown[] = [];
      for (const thing of await find(database.kysely(), clock.now(), batch)) {
        signal.throwIfAborted();
        await give(doorway, thing, byJob(name, ids)).catch((error: unknown) => {
          // Somebody may have moved it on in between. Any other trouble with one must not keep the others waiting.
          if (!(error instanceof Refusal)) failures.push(error);
        });
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
