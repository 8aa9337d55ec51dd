import { type CompiledQuery, sql } from 'kysely';
import type { Clock } from '../../src/platform/clock.js';
import type { Database, Em } from '../../src/platform/database/database.js';
import type { EnqueueOptions, Jobs, Queue } from '../../src/platform/jobs.js';

interface JobRow {
  readonly id: number;
  readonly queue: string;
  readonly job: object;
  readonly tries: number;
}

/**
 * Jobs for tests: kept in a table, so that they are there exactly when their transaction committed, and done when the
 * test says so, by the test's clock. A job that throws is put back, as its queue asks for.
 */
export class CommittedJobs implements Jobs {
  readonly failures: unknown[] = [];
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #queues = new Map<string, Queue<object>>();

  private constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  static async open(database: Database, clock: Clock): Promise<CommittedJobs> {
    await sql`create table if not exists test_job (id int generated always as identity primary key, queue text not null,
      job jsonb not null, start_after timestamptz not null, tries int not null default 0)`.execute(database.kysely());
    return new CommittedJobs(database, clock);
  }

  register<Job extends object>(queue: Queue<Job>): void {
    this.#queues.set(queue.name, queue);
  }

  async enqueue(em: Em, queue: string, jobs: readonly object[], options: EnqueueOptions = {}): Promise<void> {
    if (jobs.length > 0) await em.getKysely().executeQuery(await this.insertion(queue, jobs, options));
  }

  async insertion(queue: string, jobs: readonly object[], options: EnqueueOptions = {}): Promise<CompiledQuery> {
    const startAfter = options.startAfter ?? this.#clock.now();
    return sql`insert into test_job (queue, job, start_after)
      select ${queue}, job, ${startAfter} from jsonb_array_elements(${JSON.stringify(jobs)}::jsonb) as job returning id`.compile(
      this.#database.kysely(),
    );
  }

  /** Does every job that is due, and those that these enqueue, one after the other. @returns how many there were */
  async drain(signal = new AbortController().signal): Promise<number> {
    for (let done = 0; ; done += 1) {
      const [row] = await this.#take();
      if (!row) return done;
      const queue = this.#queues.get(row.queue);
      await queue?.handle(row.job, signal).catch((error: unknown) => this.#putBack(row, queue, error));
    }
  }

  /** How many jobs wait, due or not. */
  async waiting(queue: string): Promise<number> {
    const found = await sql<{ count: string }>`select count(*) as count from test_job where queue = ${queue}`.execute(
      this.#database.kysely(),
    );
    return Number(found.rows[0]?.count);
  }

  /** As if the queue had lost them. */
  async lose(): Promise<void> {
    await sql`delete from test_job`.execute(this.#database.kysely());
  }

  async #take(): Promise<readonly JobRow[]> {
    const taken = await sql<JobRow>`delete from test_job where id = (
      select id from test_job where start_after <= ${this.#clock.now()} order by id limit 1) returning id, queue, job, tries`.execute(
      this.#database.kysely(),
    );
    return taken.rows;
  }

  async #putBack({ queue, job, tries }: JobRow, of: Queue<object>, error: unknown): Promise<void> {
    this.failures.push(error);
    if (tries >= of.retryLimit) return;
    const startAfter = new Date(this.#clock.now().getTime() + of.retryDelaySeconds * 1000 * 2 ** tries);
    await sql`insert into test_job (queue, job, start_after, tries)
      values (${queue}, ${JSON.stringify(job)}::jsonb, ${startAfter}, ${tries + 1})`.execute(this.#database.kysely());
  }
}
