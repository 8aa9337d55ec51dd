import type { CompiledQuery } from 'kysely';
import type { Em } from './database/database.js';

/** A queue, what its jobs do, and how often they are tried. */
export interface Queue<Job extends object> {
  /** e.g. `events.dispatch`. */
  readonly name: string;
  /** How many further times a job that throws is tried. */
  readonly retryLimit: number;
  /** The pause before the first repetition, in seconds; it doubles with each, with jitter. */
  readonly retryDelaySeconds: number;
  /** A job that takes longer is given to somebody else, in seconds. */
  readonly expireInSeconds: number;
  /** How many jobs this process works at once. */
  readonly concurrency: number;
  /** Queues that go first: while this process works one of them, it works this one with an eighth of its strength. */
  readonly yieldsTo?: readonly string[];
  /** Cron expression in UTC; the queue then gets a job with an empty body at these times. */
  readonly schedule?: string;
  /** Does the job, possibly for the second time: a crash between doing and acknowledging repeats it. */
  handle(job: Job, signal: AbortSignal): Promise<void>;
}

export interface EnqueueOptions {
  /** Not before this moment. */
  readonly startAfter?: Date;
}

/** The queue of jobs that run after a command has committed: at once then, unless they are to begin later. */
export interface Jobs {
  /** Puts jobs on a queue in the transaction of `em`: they are there when it commits, and never otherwise. */
  enqueue(em: Em, queue: string, jobs: readonly object[], options?: EnqueueOptions): Promise<void>;
  /** The statement by which `enqueue` would put them there, for whoever writes more in one go. It returns its rows. */
  insertion(queue: string, jobs: readonly object[], options?: EnqueueOptions): Promise<CompiledQuery>;
}
