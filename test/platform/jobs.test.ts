import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { JobQueue } from '../../src/platform/job-queue.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { Depot, Gate } from './parcels.js';

describe('the job queue', () => {
  let depot: Depot;

  beforeAll(async () => {
    depot = await Depot.open();
  });

  afterAll(() => depot.close());

  afterEach(() => depot.clear());

  it('does a job of a committed transaction, and never one of a transaction that was rolled back', async () => {
    const { queue, done } = depot.parcels();
    const jobs = await depot.start([queue]);
    const failing = inTransaction(depot.database, async (em) => {
      await depot.put(em, jobs, queue, ['rolled back']);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await depot.send(jobs, queue, ['first']);
    await depot.send(jobs, queue, ['second']);
    expect(await done.reach(2)).toEqual(['first', 'second']);
    await jobs.stop(5_000);
    expect(done.all).toEqual(['first', 'second']);
  });

  it('takes jobs without working them, for another process to do', async () => {
    const { queue, done } = depot.parcels();
    const accepting = await depot.start([queue], { work: false });
    await depot.send(accepting, queue, ['for later']);
    expect(done.all).toEqual([]);
    await depot.start([queue]);
    expect(await done.reach(1)).toEqual(['for later']);
  });

  it('does a job as soon as it is committed, and not at the next turn', async () => {
    const { queue, done } = depot.parcels();
    const jobs = await depot.start([queue]);
    const begin = performance.now();
    for (let count = 1; count <= 10; count += 1) {
      await depot.send(jobs, queue, [`parcel ${count}`]);
      await done.reach(count);
    }
    // Waiting for turns, ten jobs would take some ten seconds.
    expect(performance.now() - begin).toBeLessThan(4_000);
  });

  it('sees jobs that another process takes', async () => {
    const { queue, done } = depot.parcels();
    const accepting = await depot.start([queue], { work: false });
    await depot.start([queue]);
    await depot.send(accepting, queue, ['unannounced']);
    expect(await done.reach(1)).toEqual(['unannounced']);
  });

  it('waits until the moment a job may start', async () => {
    const { queue, done } = depot.parcels();
    const jobs = await depot.start([queue]);
    const begin = Date.now();
    await depot.send(jobs, queue, ['in an hour'], { startAfter: new Date(begin + 3_600_000) });
    await depot.send(jobs, queue, ['soon'], { startAfter: new Date(begin + 1_500) });
    await depot.send(jobs, queue, ['overdue'], { startAfter: new Date(begin - 1_000) });
    expect(await done.reach(2)).toEqual(['overdue', 'soon']);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(1_500);
  });

  it('works two queues side by side, each with no more jobs at once than it says', async () => {
    let atOnce = 0;
    let most = 0;
    const fourAtOnce = new Gate();
    const many = depot.parcels({
      concurrency: 4,
      handle: async ({ label }) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        if (atOnce === 4) fourAtOnce.open();
        await fourAtOnce.opened;
        await sql`select 1`.execute(depot.database.kysely());
        atOnce -= 1;
        many.done.add(label);
      },
    });
    const few = depot.parcels();
    const jobs = await depot.start([many.queue, few.queue]);
    const labels = Array.from({ length: 200 }, (_, index) => `parcel ${index}`);
    await depot.send(jobs, many.queue, labels);
    await depot.send(jobs, few.queue, ['the only one']);
    expect([...(await many.done.reach(200))].sort()).toEqual([...labels].sort());
    expect(await few.done.reach(1)).toEqual(['the only one']);
    expect(most).toBe(4);
  });

  it('works a queue with an eighth of its strength while one that goes first is worked, and then with all', async () => {
    const [firstIsDone, threeAtOnce] = [new Gate(), new Gate()];
    const first = depot.parcels({ handle: () => firstIsDone.opened });
    let atOnce = 0;
    let most = 0;
    const yielding = depot.parcels({
      concurrency: 16,
      yieldsTo: [first.queue.name],
      handle: async ({ label }) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        if (atOnce === 3) threeAtOnce.open();
        if (label === 'together') await threeAtOnce.opened;
        else await sql`select 1`.execute(depot.database.kysely());
        atOnce -= 1;
        yielding.done.add(label);
      },
    });
    const jobs = await depot.start([first.queue, yielding.queue]);
    const labels = Array.from({ length: 60 }, (_, index) => `parcel ${index}`);
    await depot.send(jobs, first.queue, ['first']);
    await depot.send(jobs, yielding.queue, labels);
    expect([...(await yielding.done.reach(60))].sort()).toEqual([...labels].sort());
    expect(most).toBeLessThanOrEqual(2);
    firstIsDone.open();
    await depot.send(jobs, yielding.queue, ['together', 'together', 'together']);
    await yielding.done.reach(63);
    expect(most).toBeGreaterThan(2);
  });

  it('finds a job by its id among very many, though they were few when the planner counted them', async () => {
    const { queue } = depot.parcels();
    const jobs = await depot.start([queue], { work: false });
    await depot.send(jobs, queue, ['counted']);
    await sql`analyze pgboss.job_common`.execute(depot.database.kysely());
    const many = Array.from({ length: 2_000 }, (_, index) => `parcel ${index}`);
    await depot.send(jobs, queue, many);
    // As pg-boss joins the job that it found to the one that it changes.
    const plan = await sql<Record<string, unknown>>`explain (format json)
      with next as (select j.id from pgboss.job_common as j where j.name = ${queue.name} and j.state < 'active'
        and not j.blocked and j.start_after <= now() order by j.priority desc, j.created_on limit 1 for update of j skip locked)
      update pgboss.job_common as j set state = 'active' from next where j.name = ${queue.name} and j.id = next.id
      returning j.id`.execute(depot.database.kysely());
    expect(JSON.stringify(plan.rows)).toMatch(/Index Cond[^}]*id = next\.id/);
  });

  it('refuses jobs when it cannot take them, at once and within the transaction', async () => {
    const { queue } = depot.parcels();
    const other = depot.parcels().queue;
    const asleep = new JobQueue({ database: depot.database, log: depot.log });
    asleep.register(queue);
    expect(() => asleep.register(queue)).toThrow('two queues');
    await expect(depot.send(asleep, queue, ['too early'])).rejects.toThrow('has not been started');
    const jobs = await depot.start([queue], { work: false });
    expect(() => jobs.register(other)).toThrow('before the job queue starts');
    await expect(depot.send(jobs, other, ['nowhere'])).rejects.toThrow('No queue is named');
    const broken = inTransaction(depot.database, async (em) => {
      await sql`alter table pgboss.job_common rename to job_uncommon`.execute(em.getKysely());
      await depot.put(em, jobs, queue, ['into nothing']);
    });
    await expect(broken).rejects.toThrow('pgboss.job_common');
  });

  it('changes a queue that has come to be declared otherwise, and leaves alone one that has not', async () => {
    const { queue: one } = depot.parcels({ retryLimit: 2, schedule: '0 * * * *' });
    const { queue: other } = depot.parcels({ retryLimit: 2, schedule: '0 3 * * *' });
    const first = await depot.start([one, other]);
    const [before, otherBefore] = [await declared(one.name), await declared(other.name)];
    await first.stop(5_000);

    await depot.start([{ ...one, retryLimit: 7 }, other]);

    expect([before.retries, (await declared(one.name)).retries]).toEqual([2, 7]);
    expect(await declared(other.name)).toEqual(otherBefore);
  });

  async function declared(name: string) {
    const { rows } = await sql<{ retries: number; updated: string; scheduled: string }>`
      select q.retry_limit as retries, q.updated_on::text as updated, s.updated_on::text as scheduled
      from pgboss.queue q join pgboss.schedule s on s.name = q.name where q.name = ${name}
    `.execute(depot.database.kysely());
    const [found] = rows;
    if (!found) throw new Error(`There is no queue ${name}.`);
    return found;
  }

  it('keeps the schedules of the declared queues, and no others', async () => {
    const hourly = depot.parcels({ schedule: '0 * * * *' }).queue;
    const nightly = depot.parcels({ schedule: '0 3 * * *' }).queue;
    const first = await depot.start([hourly, nightly]);
    expect(await schedules()).toEqual([
      [hourly.name, '0 * * * *'],
      [nightly.name, '0 3 * * *'],
    ]);
    await first.stop(5_000);
    const changed = { ...hourly, schedule: '30 * * * *' };
    await depot.start([changed, { ...nightly, schedule: undefined }]);
    expect(await schedules()).toEqual([[hourly.name, '30 * * * *']]);
  });

  async function schedules(): Promise<string[][]> {
    const { rows } = await sql<{ name: string; cron: string }>`
      select name, cron from pgboss.schedule order by cron
    `.execute(depot.database.kysely());
    return rows.map(({ name, cron }) => [name, cron]);
  }
});
