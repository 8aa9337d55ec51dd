import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { inTransaction } from '../../src/platform/transaction.js';
import { Depot, Gate, Happenings } from './parcels.js';

describe('the job queue in trouble', () => {
  let depot: Depot;

  beforeAll(async () => {
    depot = await Depot.open();
  });

  afterAll(() => depot.close());

  afterEach(() => depot.clear());

  it('tries a job again that failed, and logs the failure', async () => {
    let failures = 1;
    const attempts = new Happenings<string>();
    const { queue, done } = depot.parcels({
      handle: async ({ label }) => {
        attempts.add(label);
        if (failures-- > 0) throw new Error(`the door is shut for ${label}`);
        done.add(label);
      },
    });
    const jobs = await depot.start([queue]);
    await depot.send(jobs, queue, ['stubborn']);
    await done.reach(1);
    expect(attempts.all).toEqual(['stubborn', 'stubborn']);
    expect(depot.lines.all).toMatchObject([
      { level: 'warn', fields: { queue: queue.name, attempt: 1, willRetry: true }, message: 'A job failed' },
    ]);
    expect(depot.lines.all[0]?.fields).toHaveProperty('jobId');
    expect(depot.lines.all[0]?.fields.err).toEqual(new Error('the door is shut for stubborn'));
  });

  it('gives up after the last attempt, and says so', async () => {
    const { queue } = depot.parcels({ retryLimit: 0, handle: () => Promise.reject(new Error('no such street')) });
    const jobs = await depot.start([queue]);
    await depot.send(jobs, queue, ['lost']);
    const [line] = await depot.lines.reach(1);
    expect(line).toMatchObject({ fields: { queue: queue.name, attempt: 1, willRetry: false } });
  });

  it('takes a job away from a handler that is too slow, tells it so, and tries again', async () => {
    let slow = true;
    const aborted = new Happenings<boolean>();
    const { queue, done } = depot.parcels({
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
    const jobs = await depot.start([queue]);
    await depot.send(jobs, queue, ['slow']);
    expect(await done.reach(1)).toEqual(['slow']);
    expect(aborted.all).toEqual([true]);
    expect(depot.lines.all).toMatchObject([{ message: 'A job failed', fields: { attempt: 1, stopped: false } }]);
  });

  it('waits for the running handler when it stops, begins no other job, and leaves the rest to the next', async () => {
    const begun = new Happenings<string>();
    const gate = new Gate();
    const { queue, done } = depot.parcels({
      handle: async ({ label }) => {
        begun.add(label);
        await gate.opened;
        done.add(label);
      },
    });
    const jobs = await depot.start([queue]);
    await depot.send(jobs, queue, ['running', 'waiting']);
    await begun.reach(1);
    const stopped = jobs.stop(30_000);
    await depot.send(jobs, queue, ['put on while stopping']);
    expect(done.all).toEqual([]);
    gate.open();
    await stopped;
    expect(done.all).toEqual(['running']);
    await depot.send(jobs, queue, ['put on after the stop']);
    expect(begun.all).toEqual(['running']);

    await depot.start([queue]);
    expect(await done.reach(4)).toEqual(['running', 'waiting', 'put on while stopping', 'put on after the stop']);
  });

  it('tells a handler to give up before the time to stop is over, and puts its job back', async () => {
    const begun = new Happenings<string>();
    let hanging = true;
    const { queue, done } = depot.parcels({
      handle: async ({ label }, signal) => {
        begun.add(label);
        if (!hanging) return done.add(label);
        await new Promise<void>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
    });
    const jobs = await depot.start([queue]);
    await depot.send(jobs, queue, ['patient']);
    await begun.reach(1);
    await jobs.stop(1_000);
    expect(depot.lines.all).toMatchObject([{ message: 'A job failed', fields: { stopped: true, willRetry: true } }]);
    hanging = false;
    await depot.start([queue]);
    expect(await done.reach(1)).toEqual(['patient']);
  });

  it('does not wait longer than it may for a handler that does not listen, and says which', async () => {
    const gate = new Gate();
    const begun = new Happenings<string>();
    const { queue } = depot.parcels({
      handle: ({ label }) => {
        begun.add(label);
        return gate.opened;
      },
    });
    const jobs = await depot.start([queue]);
    await depot.send(jobs, queue, ['deaf']);
    await begun.reach(1);
    await jobs.stop(1_000);
    expect(depot.lines.all).toMatchObject([
      { message: expect.stringContaining('told to stop'), fields: { queues: [queue.name] } },
    ]);
    gate.open();
  });

  it('does again what a process that was killed left half done', async () => {
    const { queue, done } = depot.parcels();
    const accepting = await depot.start([queue], { work: false });
    await depot.send(accepting, queue, ['half done']);
    // What `kill -9` leaves: a job that is being worked, by a worker that says nothing any more.
    await sql`
      update pgboss.job set state = 'active', started_on = now() - interval '10 seconds',
        heartbeat_on = now() - interval '31 seconds'
      where name = ${queue.name}
    `.execute(depot.database.kysely());
    await depot.start([queue]);
    expect(await done.reach(1)).toEqual(['half done']);
  });

  (process.env.TEST_DATABASE_URL ? it.skip : it)(
    'does at once what an earlier process left (only on the embedded database, which has one process)',
    async () => {
      const { queue, done } = depot.parcels();
      const accepting = await depot.start([queue], { work: false });
      await depot.send(accepting, queue, ['just begun']);
      await sql`
        update pgboss.job set state = 'active', heartbeat_on = now(),
          started_on = ${new Date(performance.timeOrigin - 1_000)}
        where name = ${queue.name}
      `.execute(depot.database.kysely());
      await depot.start([queue]);
      expect(await done.reach(1)).toEqual(['just begun']);
    },
  );

  it('survives a database that fails for a while, and reports that once', async () => {
    const { queue, done } = depot.parcels();
    const others = [1, 2, 3, 4].map(() => depot.parcels().queue);
    const jobs = await depot.start([queue, ...others]);
    await sql`alter table pgboss.job_common rename to job_uncommon`.execute(depot.database.kysely());
    try {
      await depot.lines.reach(1);
      // The other queues have been looked at in the same turn.
      for (let count = 0; count < 5; count += 1) await sql`select 1`.execute(depot.database.kysely());
    } finally {
      await sql`alter table pgboss.job_uncommon rename to job_common`.execute(depot.database.kysely());
    }
    await depot.send(jobs, queue, ['after the trouble']);
    expect(await done.reach(1)).toEqual(['after the trouble']);
    expect(depot.lines.all).toMatchObject([
      {
        level: 'error',
        fields: { reason: expect.stringContaining('job_common') },
        message: 'The job queue has trouble',
      },
    ]);
  });

  (process.env.TEST_DATABASE_URL ? it : it.skip)(
    'goes on after the server has ended its connections (only on a server)',
    async () => {
      const { queue, done } = depot.parcels();
      const jobs = await depot.start([queue]);
      await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
    `.execute(depot.database.kysely());
      await inTransaction(depot.database, (em) => depot.put(em, jobs, queue, ['reconnected'])).catch(() =>
        depot.send(jobs, queue, ['reconnected']),
      );
      expect(await done.reach(1)).toEqual(['reconnected']);
    },
  );
});
