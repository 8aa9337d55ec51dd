import type { Job, PgBoss } from 'pg-boss';
import { messageOf } from './database/database.js';
import type { Queue } from './jobs.js';

/** What the job queue has to say while it runs; pino's loggers fit. */
export interface JobLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

interface Worker {
  id: string;
  busy: boolean;
}

/** What is left of a queue's concurrency while others go first; one job at least. */
const shareWhenOthersGoFirst = 1 / 8;

/** pg-boss's own round, in seconds: only in case a wake-up got lost, because `wake` is called every second anyway. */
const backstopSeconds = 60;

/**
 * The workers of one queue in this process.
 *
 * pg-boss lets every worker poll by itself and pause after each job. Here they sleep until they are woken: `wake` sends
 * one idle worker to look, a worker that finds a job wakes the next, and one that is done looks again. So an idle queue
 * costs one statement a turn whatever its concurrency, and a full one is worked without a pause.
 */
export class Crew {
  readonly #boss: PgBoss;
  readonly #queue: Queue<object>;
  readonly #log: JobLog;
  readonly #othersGoFirst: () => boolean;
  readonly #workers: Worker[] = [];
  readonly #running = new Set<AbortController>();

  constructor(boss: PgBoss, queue: Queue<object>, log: JobLog, othersGoFirst: () => boolean) {
    this.#boss = boss;
    this.#queue = queue;
    this.#log = log;
    this.#othersGoFirst = othersGoFirst;
  }

  async start(): Promise<void> {
    for (let count = 0; count < this.#queue.concurrency; count += 1) {
      const worker: Worker = { id: '', busy: false };
      this.#workers.push(worker);
      const options = { batchSize: 1, pollingIntervalSeconds: backstopSeconds };
      worker.id = await this.#boss.work<object | null>(this.#queue.name, options, async ([job]) => {
        if (job) await this.#work(worker, job);
      });
    }
  }

  /** Sends an idle worker to look for a job. With none idle there is no need: each looks again when it is done. */
  readonly wake = (): void => {
    const idle = this.#workers.find(({ busy }) => !busy);
    if (idle && this.#mayTakeAnother()) this.#boss.notifyWorker(idle.id);
  };

  /** Tells the handlers that run now to give up. */
  abort(): void {
    for (const ending of this.#running) ending.abort(new Error('The process is being stopped.'));
  }

  /** How many handlers run now. */
  get running(): number {
    return this.#running.size;
  }

  #mayTakeAnother(): boolean {
    if (!this.#othersGoFirst()) return true;
    return this.running < Math.max(1, Math.floor(this.#queue.concurrency * shareWhenOthersGoFirst));
  }

  async #work(worker: Worker, job: Job<object | null>): Promise<void> {
    const ending = new AbortController();
    const signal = AbortSignal.any([job.signal, ending.signal]);
    this.#running.add(ending);
    worker.busy = true;
    this.wake();
    try {
      await this.#queue.handle(job.data ?? {}, signal);
      // Done after its time was up, the job belongs to somebody else already, and that should be heard of.
      job.signal.throwIfAborted();
    } catch (error) {
      const { name: queue, retryLimit } = this.#queue;
      const fields = { queue, jobId: job.id, attempt: job.retryCount + 1, willRetry: job.retryCount < retryLimit };
      this.#log.warn({ ...fields, stopped: ending.signal.aborted, err: error }, 'A job failed');
      // What is thrown here is kept in the job's row: the message is enough, the rest may hold what nobody should read.
      throw new Error(messageOf(error));
    } finally {
      this.#running.delete(ending);
      worker.busy = false;
      if (this.#mayTakeAnother()) this.#boss.notifyWorker(worker.id);
    }
  }
}
