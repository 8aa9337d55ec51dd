import type { Em } from '../../src/platform/database/database.js';
import { JobQueue } from '../../src/platform/job-queue.js';
import type { EnqueueOptions, Queue } from '../../src/platform/jobs.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

/** The job of these tests. */
export interface Parcel {
  readonly label: string;
}

/** What the job queue logged. */
interface Line {
  readonly level: 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Things that happened, and a way to wait until there are enough of them. */
export class Happenings<T> {
  readonly all: T[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  add(happening: T): void {
    this.all.push(happening);
    for (const { count, resolve } of this.#waiting) if (this.all.length >= count) resolve();
  }

  async reach(count: number): Promise<readonly T[]> {
    if (this.all.length < count) {
      await new Promise<void>((resolve) => {
        this.#waiting.push({ count, resolve });
      });
    }
    return [...this.all];
  }
}

/** Something that handlers wait for until the test says so. */
export class Gate {
  open = (): void => {};
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** A database with job queues on it. Every test has queues of its own. */
export class Depot {
  readonly lines = new Happenings<Line>();
  readonly log = {
    warn: (fields: object, message: string) => this.lines.add({ level: 'warn', fields: { ...fields }, message }),
    error: (fields: object, message: string) => this.lines.add({ level: 'error', fields: { ...fields }, message }),
  };
  readonly database: TestDatabase;
  #started: JobQueue[] = [];
  #names = 0;

  private constructor(database: TestDatabase) {
    this.database = database;
  }

  static async open(): Promise<Depot> {
    return new Depot(await openTestDatabase());
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** Between tests: stops every job queue and forgets what was logged. */
  async clear(): Promise<void> {
    await Promise.all(this.#started.map((jobs) => jobs.stop(5_000)));
    this.#started = [];
    this.lines.all.length = 0;
  }

  /** A queue of a new name, whose jobs are written down as they are done. */
  parcels(changes: Partial<Queue<Parcel>> = {}): { queue: Queue<Parcel>; done: Happenings<string> } {
    const done = new Happenings<string>();
    this.#names += 1;
    const queue: Queue<Parcel> = {
      name: `test.parcels-${this.#names}`,
      retryLimit: 3,
      retryDelaySeconds: 1,
      expireInSeconds: 60,
      concurrency: 1,
      handle: async ({ label }) => done.add(label),
      ...changes,
    };
    return { queue, done };
  }

  /** Starts what stands for one process. */
  async start(queues: readonly Queue<Parcel>[], options: { work: boolean } = { work: true }): Promise<JobQueue> {
    const jobs = new JobQueue({ database: this.database, log: this.log });
    for (const queue of queues) jobs.register(queue);
    this.#started.push(jobs);
    await jobs.start(options);
    if (options.work) await jobs.beginWork();
    return jobs;
  }

  /** Sends parcels in a transaction of their own, as a command does. */
  async send(jobs: JobQueue, queue: Queue<Parcel>, labels: readonly string[], options?: EnqueueOptions): Promise<void> {
    await inTransaction(this.database, (em) => this.put(em, jobs, queue, labels, options));
  }

  put(
    em: Em,
    jobs: JobQueue,
    queue: Queue<Parcel>,
    labels: readonly string[],
    options?: EnqueueOptions,
  ): Promise<void> {
    const parcels = labels.map((label) => ({ label }));
    return jobs.enqueue(em, queue.name, parcels, options);
  }
}
