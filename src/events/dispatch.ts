import type { Clock } from '../platform/clock.js';
import type { Database, Em } from '../platform/database/database.js';
import type { Queue } from '../platform/jobs.js';
import { inTransaction } from '../platform/transaction.js';
import { readEvents, type ToldEvent } from './told-event.js';

/** The queue on which events travel from the command's transaction to webhooks and e-mail. */
export const dispatchQueue = 'events.dispatch';

/** A job on the dispatch queue: the events of one command. */
export interface DispatchJob {
  readonly eventIds: readonly string[];
}

/** Passes events on to somebody. Being told of an event again must change nothing. */
export interface EventSubscriber {
  /** Writes down, in the transaction of `em`, who is to be told, and enqueues the jobs that tell them. */
  receive(em: Em, events: readonly ToldEvent[], now: Date): Promise<void>;
}

export interface DispatchParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly subscribers: readonly EventSubscriber[];
}

/** One command can cause thousands of events (a halt); no transaction holds up the others for all of them. */
const eventsInOneTransaction = 100;

/** Hands the events of a command to every subscriber. Nothing is lost or doubled when it is run again. */
export function eventDispatch({ database, clock, subscribers }: DispatchParts): Queue<DispatchJob> {
  return {
    name: dispatchQueue,
    // For a day, with growing pauses: what is not dispatched is told to nobody.
    retryLimit: 15,
    retryDelaySeconds: 2,
    expireInSeconds: 300,
    concurrency: 2,
    async handle({ eventIds }, signal) {
      for (let from = 0; from < eventIds.length; from += eventsInOneTransaction) {
        signal.throwIfAborted();
        const ids = eventIds.slice(from, from + eventsInOneTransaction);
        await inTransaction(database, async (em) => {
          const events = await readEvents(em.getKysely(), ids);
          for (const subscriber of subscribers) await subscriber.receive(em, events, clock.now());
        });
      }
    },
  };
}
