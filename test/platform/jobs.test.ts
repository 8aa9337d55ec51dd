import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Em } from '../../src/platform/database/database.js';
import { JobQueue } from '../../src/platform/job-queue.js';
import type { EnqueueOptions, Queue } from '../../src/platform/jobs.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

interface Parcel {
  readonly label: string;
}

interface Line {
  readonly level: 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Things that happened, and a way to wait until there are enough of them. */
class Happenings<T> {
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

describe('the job queue', () => {
  let database: TestDatabase;
  let started: JobQueue[] = [];
  let names = 0;
  const lines = new Happenings<Line>();
  const log = {
    warn: (fields: object, message: string) => lines.add({ level: 'warn', fields: { ...fields }, message }),
    error: (fields: object, message: string) => lines.add({ level: 'error', fields: { ...fields }, message }),
  };

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(() => database.close());

  afterEach(async () => {
    await Promise.all(started.map((jobs) => jobs.stop(5_000)));
    started = [];
    lines.all.length = 0;
  });

  /** A queue of a new name, whose jobs are written down as they are done. */
  function parcels(changes: Partial<Queue<Parcel>> = {}): { queue: Queue<Parcel>; done: Happenings<string> } {
    const done = new Happenings<string>();
    names += 1;
    const queue: Queue<Parcel> = {
      name: `test.parcels-${names}`,
      retryLimit: 3,
      retryDelaySeconds: 1,
      expireInSeconds: 60,
      concurrency: 1,
      handle: async ({ label }) => done.add(label),
      ...changes,
    };
    return { queue, done };
  }

  async function start(queues: readonly Queue<Parcel>[], options: { work: boolean } = { work: true }) {
    const jobs = new JobQueue({ database, log });
    for (const queue of queues) jobs.register(queue);
    started.push(jobs);
    await jobs.start(options);
    return jobs;
  }

  /** Sends parcels in a transaction of their own and nudges, as a command does. */
  async function send(jobs: JobQueue, queue: Queue<Parcel>, labels: readonly string[], options?: EnqueueOptions) {
    await inTransaction(database.orm, (em) => put(em, jobs, queue, labels, options));
    jobs.nudge(queue.name);
  }

  function put(em: Em, jobs: JobQueue, queue: Queue<Parcel>, labels: readonly string[], options?: EnqueueOptions) {
    return jobs.enqueue(
      em,
      queue.name,
      labels.map((label) => ({ label })),
      options,
    );
  }

  it('does a job of a committed transaction, and never one of a transaction that was rolled back', async () => {
    const { queue, done } = parcels();
    const jobs = await start([queue]);
    const failing = inTransaction(database.orm, async (em) => {
      await put(em, jobs, queue, ['rolled back']);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await send(jobs, queue, ['first']);
    await send(jobs, queue, ['second']);
    expect(await done.reach(2)).toEqual(['first', 'second']);
    await jobs.stop(5_000);
    expect(done.all).toEqual(['first', 'second']);
  });

  it('takes jobs without working them, for another process to do', async () => {
    const { queue, done } = parcels();
    const accepting = await start([queue], { work: false });
    await send(accepting, queue, ['for later']);
    expect(done.all).toEqual([]);
    await start([queue]);
    expect(await done.reach(1)).toEqual(['for later']);
  });

  it('does a job as soon as it is nudged, and not at the next turn', async () => {
    const { queue, done } = parcels();
    const jobs = await start([queue]);
    const begin = performance.now();
    for (let count = 1; count <= 10; count += 1) {
      await send(jobs, queue, [`parcel ${count}`]);
      await done.reach(count);
    }
    // Waiting for turns, ten jobs would take some ten seconds.
    expect(performance.now() - begin).toBeLessThan(4_000);
  });

  it('sees jobs that nobody nudges', async () => {
    const { queue, done } = parcels();
    const jobs = await start([queue]);
    await inTransaction(database.orm, (em) => put(em, jobs, queue, ['unannounced']));
    expect(await done.reach(1)).toEqual(['unannounced']);
  });

  it('tries a job again that failed, and logs the failure', async () => {
    let failures = 1;
    const attempts = new Happenings<string>();
    const { queue, done } = parcels({
      handle: async ({ label }) => {
        attempts.add(label);
        if (failures-- > 0) throw new Error(`the door is shut for ${label}`);
        done.add(label);
      },
    });
    const jobs = await start([queue]);
    await send(jobs, queue, ['stubborn']);
    await done.reach(1);
    expect(attempts.all).toEqual(['stubborn', 'stubborn']);
    expect(lines.all).toMatchObject([
      { level: 'warn', fields: { queue: queue.name, attempt: 1, willRetry: true }, message: 'A job failed' },
    ]);
    expect(lines.all[0]?.fields).toHaveProperty('jobId');
    expect(lines.all[0]?.fields.err).toEqual(new Error('the door is shut for stubborn'));
  });

  it('gives up after the last attempt, and says so', async () => {
    const { queue } = parcels({ retryLimit: 0, handle: () => Promise.reject(new Error('no such street')) });
    const jobs = await start([queue]);
    await send(jobs, queue, ['lost']);
    const [line] = await lines.reach(1);
    expect(line).toMatchObject({ fields: { queue: queue.name, attempt: 1, willRetry: false } });
  });

  it('takes a job away from a handler that is too slow, tells it so, and tries again', async () => {
    let slow = true;
    const aborted = new Happenings<boolean>();
    const { queue, done } = parcels({
      expireInSeconds: 1,
      handle: async ({ label }, signal) => {
        if (!slow) return done.add(label);
        slow = false;
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve());
        });
        aborted.add(signal.aborted);
      },
    });
    const jobs = await start([queue]);
    await send(jobs, queue, ['slow']);
    expect(await done.reach(1)).toEqual(['slow']);
    expect(aborted.all).toEqual([true]);
    expect(lines.all).toMatchObject([{ message: 'A job failed', fields: { attempt: 1, stopped: false } }]);
  });

  it('waits until the moment a job may start', async () => {
    const { queue, done } = parcels();
    const jobs = await start([queue]);
    const begin = Date.now();
    await send(jobs, queue, ['in an hour'], { startAfter: new Date(begin + 3_600_000) });
    await send(jobs, queue, ['soon'], { startAfter: new Date(begin + 1_500) });
    await send(jobs, queue, ['overdue'], { startAfter: new Date(begin - 1_000) });
    expect(await done.reach(2)).toEqual(['overdue', 'soon']);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(1_500);
  });

  it('works two queues side by side, each with no more jobs at once than it says', async () => {
    let atOnce = 0;
    let most = 0;
    const many = parcels({
      concurrency: 4,
      handle: async ({ label }) => {
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        await sql`select 1`.execute(database.kysely());
        atOnce -= 1;
        many.done.add(label);
      },
    });
    const few = parcels();
    const jobs = await start([many.queue, few.queue]);
    const labels = Array.from({ length: 200 }, (_, index) => `parcel ${index}`);
    await send(jobs, many.queue, labels);
    await send(jobs, few.queue, ['the only one']);
    expect([...(await many.done.reach(200))].sort()).toEqual([...labels].sort());
    expect(await few.done.reach(1)).toEqual(['the only one']);
    expect(most).toBe(4);
  });

  it('waits for the running handler when it stops, begins no other job, and leaves the rest to the next', async () => {
    const begun = new Happenings<string>();
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { queue, done } = parcels({
      handle: async ({ label }) => {
        begun.add(label);
        await gate;
        done.add(label);
      },
    });
    const jobs = await start([queue]);
    await send(jobs, queue, ['running', 'waiting']);
    await begun.reach(1);
    const stopped = jobs.stop(30_000);
    await send(jobs, queue, ['put on while stopping']);
    expect(done.all).toEqual([]);
    open();
    await stopped;
    expect(done.all).toEqual(['running']);
    await send(jobs, queue, ['put on after the stop']);
    expect(begun.all).toEqual(['running']);

    await start([queue]);
    expect(await done.reach(4)).toEqual(['running', 'waiting', 'put on while stopping', 'put on after the stop']);
  });

  it('tells a handler to give up before the time to stop is over, and puts its job back', async () => {
    const begun = new Happenings<string>();
    let hanging = true;
    const { queue, done } = parcels({
      handle: async ({ label }, signal) => {
        begun.add(label);
        if (!hanging) return done.add(label);
        await new Promise<void>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
    });
    const jobs = await start([queue]);
    await send(jobs, queue, ['patient']);
    await begun.reach(1);
    await jobs.stop(1_000);
    expect(lines.all).toMatchObject([{ message: 'A job failed', fields: { stopped: true, willRetry: true } }]);
    hanging = false;
    await start([queue]);
    expect(await done.reach(1)).toEqual(['patient']);
  });

  it('does not wait longer than it may for a handler that does not listen, and says which', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const begun = new Happenings<string>();
    const { queue } = parcels({
      handle: ({ label }) => {
        begun.add(label);
        return gate;
      },
    });
    const jobs = await start([queue]);
    await send(jobs, queue, ['deaf']);
    await begun.reach(1);
    await jobs.stop(1_000);
    expect(lines.all).toMatchObject([
      { message: expect.stringContaining('told to stop'), fields: { queues: [queue.name] } },
    ]);
    open();
  });

  it('does again what a process that was killed left half done', async () => {
    const { queue, done } = parcels();
    const accepting = await start([queue], { work: false });
    await send(accepting, queue, ['half done']);
    // What `kill -9` leaves: a job that is being worked, by a worker that says nothing any more.
    await sql`
      update pgboss.job set state = 'active', started_on = now() - interval '10 seconds',
        heartbeat_on = now() - interval '31 seconds'
      where name = ${queue.name}
    `.execute(database.kysely());
    await start([queue]);
    expect(await done.reach(1)).toEqual(['half done']);
  });

  (process.env.TEST_DATABASE_URL ? it.skip : it)(
    'does at once what an earlier process left on the embedded database',
    async () => {
      const { queue, done } = parcels();
      const accepting = await start([queue], { work: false });
      await send(accepting, queue, ['just begun']);
      await sql`
        update pgboss.job set state = 'active', heartbeat_on = now(),
          started_on = ${new Date(performance.timeOrigin - 1_000)}
        where name = ${queue.name}
      `.execute(database.kysely());
      await start([queue]);
      expect(await done.reach(1)).toEqual(['just begun']);
    },
  );

  it('survives a database that fails for a while, and reports that once', async () => {
    const { queue, done } = parcels();
    const jobs = await start([queue]);
    await sql`alter table pgboss.job_common rename to job_uncommon`.execute(database.kysely());
    try {
      await lines.reach(1);
      for (let count = 0; count < 5; count += 1) {
        jobs.nudge(queue.name);
        await sql`select 1`.execute(database.kysely());
      }
    } finally {
      await sql`alter table pgboss.job_uncommon rename to job_common`.execute(database.kysely());
    }
    await send(jobs, queue, ['after the trouble']);
    expect(await done.reach(1)).toEqual(['after the trouble']);
    expect(lines.all).toMatchObject([
      {
        level: 'error',
        fields: { reason: expect.stringContaining('job_common') },
        message: 'The job queue has trouble',
      },
    ]);
  });

  (process.env.TEST_DATABASE_URL ? it : it.skip)('goes on after the server has ended its connections', async () => {
    const { queue, done } = parcels();
    const jobs = await start([queue]);
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
    `.execute(database.kysely());
    await inTransaction(database.orm, (em) => put(em, jobs, queue, ['reconnected'])).catch(() =>
      send(jobs, queue, ['reconnected']),
    );
    expect(await done.reach(1)).toEqual(['reconnected']);
  });

  it('refuses jobs when it cannot take them, at once and within the transaction', async () => {
    const { queue } = parcels();
    const other = parcels().queue;
    const asleep = new JobQueue({ database, log });
    asleep.register(queue);
    expect(() => asleep.register(queue)).toThrow('two queues');
    await expect(send(asleep, queue, ['too early'])).rejects.toThrow('has not been started');
    const jobs = await start([queue], { work: false });
    expect(() => jobs.register(other)).toThrow('before the job queue starts');
    await expect(send(jobs, other, ['nowhere'])).rejects.toThrow('No queue is named');
    const broken = inTransaction(database.orm, async (em) => {
      await sql`alter table pgboss.job_common rename to job_uncommon`.execute(em.getKysely());
      await put(em, jobs, queue, ['into nothing']);
    });
    await expect(broken).rejects.toThrow('could not be put on their queue');
  });

  it('keeps the schedules of the declared queues, and no others', async () => {
    const hourly = parcels({ schedule: '0 * * * *' }).queue;
    const nightly = parcels({ schedule: '0 3 * * *' }).queue;
    const first = await start([hourly, nightly]);
    expect(await schedules()).toEqual([
      [hourly.name, '0 * * * *'],
      [nightly.name, '0 3 * * *'],
    ]);
    await first.stop(5_000);
    const changed = { ...hourly, schedule: '30 * * * *' };
    await start([changed, { ...nightly, schedule: undefined }]);
    expect(await schedules()).toEqual([[hourly.name, '30 * * * *']]);
  });

  async function schedules(): Promise<string[][]> {
    const { rows } = await sql<{ name: string; cron: string }>`
      select name, cron from pgboss.schedule order by cron
    `.execute(database.kysely());
    return rows.map(({ name, cron }) => [name, cron]);
  }
});
