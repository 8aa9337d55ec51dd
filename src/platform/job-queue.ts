import { isDeepStrictEqual } from 'node:util';
import { type CompiledQuery, sql } from 'kysely';
import { PgBoss } from 'pg-boss';
import { type Clock, systemClock } from './clock.js';
import { type Database, type Em, jobQueueSchema } from './database/database.js';
import { Crew, type JobLog } from './job-queue-crew.js';
import { jobQueueDatabase, StatementOfInsertion } from './job-queue-database.js';
import type { EnqueueOptions, Jobs, Queue } from './jobs.js';
import { afterCommit } from './transaction.js';

export type { JobLog } from './job-queue-crew.js';

export interface JobQueueParts {
  readonly database: Database;
  readonly log: JobLog;
  /** The clock that `startAfter` is read against. */
  readonly clock?: Clock;
  /** Whether queues get the jobs of their schedules; without them, whoever tries the portal says when it is time. */
  readonly schedules?: boolean;
}

/** A process that has not been heard of for this long is taken for dead, in seconds, and its jobs are given out. */
const heartbeatSeconds = 30;

/** How often jobs of dead processes and jobs that took too long are looked for, in seconds. */
const superviseSeconds = 15;

/** How often a queue is looked at by itself, for jobs of other processes, repetitions and later beginnings. */
const turnMs = 1_000;

/** How much of the time to stop a handler has before it is told to give up. */
const shareBeforeAbort = 0.8;

/** The same trouble, such as a database that is away, is reported again only after this long, in milliseconds. */
const repeatReportAfterMs = 60_000;

const day = 86_400;

/** What came due while no process ran is made up for once. */
const missed = 'once';

/**
 * The portal's job queue: pg-boss on the tables that the migrations made, so jobs commit with the data they are about.
 *
 * A job is done at least once. Its worker shows every 15 seconds that it lives; when the process dies, even by
 * `kill -9`, the job is given to another worker at most 45 seconds after its last sign (30 to be missed, 15 until
 * somebody looks), plus the queue's retry pause, and it counts as one attempt. A handler that hangs in a living process
 * loses its job after the queue's `expireInSeconds`: its signal is aborted, and the job goes back on the queue. On the
 * embedded database, which only one process can use, `start` gives out at once what an earlier process left.
 */
export class JobQueue implements Jobs {
  readonly #database: Database;
  readonly #log: JobLog;
  readonly #clock: Clock;
  readonly #schedules: boolean;
  readonly #queues = new Map<string, Queue<object>>();
  readonly #crews = new Map<string, Crew>();
  #boss: PgBoss | undefined;
  #turns: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;
  #reported = { message: '', at: 0 };

  constructor({ database, log, clock = systemClock, schedules = true }: JobQueueParts) {
    this.#database = database;
    this.#log = log;
    this.#clock = clock;
    this.#schedules = schedules;
  }

  /** Declares a queue. Every process declares all of them, whether it works them or not, and does so before `start`. */
  register<Job extends object>(queue: Queue<Job>): void {
    if (this.#boss) throw new Error(`The queue ${queue.name} must be registered before the job queue starts.`);
    if (this.#queues.has(queue.name)) throw new Error(`There are two queues named ${queue.name}.`);
    this.#queues.set(queue.name, queue);
  }

  /**
   * From here on jobs can be put on the declared queues.
   * @param work whether `beginWork` is to follow
   * @throws Error when the job queue's tables are missing or of another version: the migrations have not run.
   */
  async start({ work }: { readonly work: boolean }): Promise<void> {
    if (this.#boss) throw new Error('The job queue has been started before.');
    const boss = this.#createBoss(work);
    this.#boss = boss;
    await this.#orStop(async () => {
      await boss.start();
      await this.#declareQueues(boss);
    });
  }

  /** From here on jobs are done here, too. */
  async beginWork(): Promise<void> {
    const boss = this.#boss;
    if (!boss) throw new Error('The job queue has not been started, so it does no jobs.');
    await this.#orStop(() => this.#startWork(boss));
  }

  async #orStop(begin: () => Promise<void>): Promise<void> {
    try {
      await begin();
    } catch (error) {
      await this.stop(0);
      throw error;
    }
  }

  async enqueue(em: Em, queue: string, jobs: readonly object[], options: EnqueueOptions = {}): Promise<void> {
    if (jobs.length > 0) await em.getKysely().executeQuery(await this.insertion(queue, jobs, options));
  }

  async insertion(queue: string, jobs: readonly object[], options: EnqueueOptions = {}): Promise<CompiledQuery> {
    if (!this.#boss) throw new Error('The job queue has not been started, so it takes no jobs.');
    // A queue that pg-boss does not know from `start` would be looked up outside the transaction.
    if (!this.#queues.has(queue)) throw new Error(`No queue is named ${queue}.`);
    const startAfter = this.#secondsUntil(options.startAfter);
    const crew = this.#crews.get(queue);
    if (crew && startAfter === 0) afterCommit(crew.wake);
    const rows = jobs.map((data) => ({ data, startAfter }));
    const statement = new StatementOfInsertion();
    await this.#boss.insert(queue, rows, { db: statement, returnId: true });
    return statement.taken();
  }

  /**
   * Takes no more jobs and waits for those being done; they are told to give up when four fifths of the time are over.
   * What is not done then goes back on its queue; `timeoutMs` under a second counts as one. Jobs can still be put on
   * queues afterwards, so that requests can be finished.
   */
  stop(timeoutMs: number): Promise<void> {
    this.#stopping ??= this.#stop(timeoutMs);
    return this.#stopping;
  }

  async #stop(timeoutMs: number): Promise<void> {
    clearInterval(this.#turns);
    const crews = [...this.#crews];
    const giveUp = setTimeout(() => {
      for (const [, crew] of crews) crew.abort();
    }, timeoutMs * shareBeforeAbort);
    try {
      await this.#boss?.stop({ graceful: true, timeout: timeoutMs });
    } finally {
      clearTimeout(giveUp);
    }
    const deaf = crews.filter(([, crew]) => crew.running > 0).map(([name]) => name);
    if (deaf.length > 0) this.#log.warn({ queues: deaf }, 'Jobs go on although they were told to stop');
  }

  #createBoss(work: boolean): PgBoss {
    const boss = new PgBoss({
      db: jobQueueDatabase(this.#database),
      schema: jobQueueSchema,
      backend: this.#database.kind === 'embedded' ? 'pglite' : 'postgres',
      migrate: false,
      createSchema: false,
      registerInstance: false,
      supervise: work,
      schedule: work && this.#schedules,
      superviseIntervalSeconds: superviseSeconds,
      monitorIntervalSeconds: superviseSeconds,
      maintenanceIntervalSeconds: 600,
      // Dependencies between jobs and statistics of queues are not used, so they need not be looked after.
      flowIntervalSeconds: day,
      queueCacheIntervalSeconds: day,
      // The embedded database has neither other users to keep from vacuuming nor a second connection to reindex on.
      ...(this.#database.kind === 'embedded' ? { reindex: false, monitorVacuum: false } : {}),
    });
    // Without a listener, an error such as a database that is away for a moment would end the process.
    boss.on('error', (error) => this.#report('error', error));
    boss.on('warning', (warning) => this.#report('warn', warning));
    return boss;
  }

  /** Makes the queues be as they are declared. Most starts find them so, and to say it again is four statements for each. */
  async #declareQueues(boss: PgBoss): Promise<void> {
    const queues = [...this.#queues.values()];
    if (queues.length === 0) return;
    const names = queues.map(({ name }) => name);
    const found = new Map((await boss.getQueues(names, { limit: names.length })).map((one) => [one.name, one]));
    for (const queue of queues) {
      const options = optionsOf(queue);
      if (isLike(found.get(queue.name), options)) continue;
      // Making a queue that is there already changes nothing, so both are needed after a change of the declaration.
      await boss.createQueue(queue.name, options);
      await boss.updateQueue(queue.name, options);
    }
  }

  async #startWork(boss: PgBoss): Promise<void> {
    if (this.#database.kind === 'embedded') await this.#takeOver(boss);
    if (this.#schedules) await this.#declareSchedules(boss);
    for (const queue of this.#queues.values()) {
      const crew = new Crew(boss, queue, this.#log, () => this.#works(queue.yieldsTo ?? []));
      this.#crews.set(queue.name, crew);
      await crew.start();
    }
    this.#turns = setInterval(() => {
      for (const crew of this.#crews.values()) crew.wake();
    }, turnMs);
    // The first look for jobs of dead processes, which pg-boss by itself would put off by a whole interval.
    boss.supervise().catch((error: unknown) => this.#report('error', error));
  }

  /**
   * Gives out again what a process before this one was doing when it died. Nobody else can be doing it: the embedded
   * database belongs to this process alone.
   */
  async #takeOver(boss: PgBoss): Promise<void> {
    const thisProcess = new Date(performance.timeOrigin);
    const left = await sql<{ name: string; id: string }>`
      select name, id from ${sql.id(jobQueueSchema, 'job')} where state = 'active' and started_on < ${thisProcess}
    `.execute(this.#database.kysely());
    for (const name of this.#queues.keys()) {
      const ids = left.rows.filter((job) => job.name === name).map(({ id }) => id);
      if (ids.length > 0) await boss.fail(name, ids, { message: 'The process ended while it did this job.' });
    }
  }

  #works(queues: readonly string[]): boolean {
    return queues.some((name) => (this.#crews.get(name)?.running ?? 0) > 0);
  }

  /** Makes the schedules be those of the declared queues, no more and no fewer. */
  async #declareSchedules(boss: PgBoss): Promise<void> {
    const kept = new Set<string>();
    for (const { name, key, cron, options } of await boss.getSchedules()) {
      const schedule = key === '' ? this.#queues.get(name)?.schedule : undefined;
      if (!schedule) await boss.unschedule(name, key);
      else if (schedule === cron && options?.missed === missed) kept.add(name);
    }
    for (const { name, schedule } of this.#queues.values()) {
      if (schedule && !kept.has(name)) await boss.schedule(name, schedule, {}, { missed });
    }
  }

  /** The database's clock decides when a job begins, so it is told how long to wait and not until when. */
  #secondsUntil(moment: Date | undefined): number {
    if (!moment) return 0;
    return Math.max(0, moment.getTime() - this.#clock.now().getTime()) / 1_000;
  }

  #report(level: 'error' | 'warn', trouble: unknown): void {
    const { message, queue } = described(trouble);
    const now = performance.now();
    if (message === this.#reported.message && now - this.#reported.at < repeatReportAfterMs) return;
    this.#reported = { message, at: now };
    this.#log[level]({ queue, reason: message }, 'The job queue has trouble');
  }
}

function optionsOf(queue: Queue<object>) {
  return {
    retryLimit: queue.retryLimit,
    retryDelay: queue.retryDelaySeconds,
    retryBackoff: true,
    expireInSeconds: queue.expireInSeconds,
    heartbeatSeconds,
    // A job waits for its worker as long as it takes; one that is done is kept for a day, to look at.
    retentionSeconds: 365 * day,
    deleteAfterSeconds: day,
  };
}

function isLike<Wanted extends object>(found: Partial<Wanted> | undefined, wanted: Wanted): boolean {
  return found !== undefined && isDeepStrictEqual({ ...found, ...wanted }, { ...found });
}

/** pg-boss adds the queue and the worker to the message, which would make every repetition a new one. */
function described(trouble: unknown): { message: string; queue: string | undefined } {
  const text = trouble instanceof Object && 'message' in trouble ? String(trouble.message) : String(trouble);
  const [, message = text, queue] = /^(.*) \(Queue: (.*), Worker: [^)]*\)$/s.exec(text) ?? [];
  return { message, queue };
}
