import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { RawSql } from '../../src/platform/database/database.js';
import { beginMonths } from '../../src/platform/months.js';
import { deliveryRetention } from '../../src/webhooks/delivery-retention.jobs.js';
import { monthsOf } from '../audit/log-keeper.js';
import { planOf, tablesRead } from '../support/plans.js';
import { openWebhookDesk, submitted, type WebhookDesk } from './webhook-desk.js';

const idAt = (moment: string) => uuidv7({ msecs: Date.parse(moment) });

describe('the months of webhook deliveries', () => {
  let desk: WebhookDesk;
  let database: RawSql;
  let endpointId: string;

  beforeEach(async () => {
    desk = await openWebhookDesk();
    database = desk.database.kysely();
    ({ endpointId } = await desk.register());
  });
  afterEach(() => desk.close());

  const begin = (day: string) => beginMonths(database, new Date(`${day}T00:01:00.000Z`));
  const names = async () =>
    (await monthsOf(database, 'webhook_delivery')).map((name) => name.replace('webhook_delivery_', ''));

  /** Puts a delivery of an event of this moment where it belongs, with an attempt. @returns its month */
  async function deliver(moment: string, status = 'DELIVERED', eventId = idAt(moment)): Promise<string> {
    const made = await sql<{ id: string; month: string }>`
      insert into webhook_delivery (id, endpoint_id, event_id, event, body, status, attempts, created_at)
      select webhook_delivery_id(event_id, endpoint_id), endpoint_id, event_id, 'test', '{}', ${status}, 1, now()
      from (values (${endpointId}::uuid, ${eventId}::uuid)) as d (endpoint_id, event_id)
      returning id, tableoid::regclass::text as month`.execute(database);
    const [{ id, month } = { id: '', month: '' }] = made.rows;
    await sql`insert into webhook_attempt (delivery_id, number, at, duration_ms) values (${id}, 1, now(), 5)`.execute(
      database,
    );
    return month.replace('webhook_delivery_', '');
  }

  async function drop(day: string, months: number): Promise<readonly string[]> {
    const told: string[] = [];
    const teller = { info: (fields: object) => told.push(...(Reflect.get(fields, 'partitions') as string[])) };
    const clock = { now: () => new Date(`${day}T02:31:00.000Z`) };
    const job = deliveryRetention({ database: desk.database, clock, months, teller });
    await job.handle({}, new AbortController().signal);
    return told.map((name) => name.replace('webhook_delivery_', ''));
  }

  async function countOf(table: string): Promise<number> {
    const found = await sql<{ count: number }>`select count(*)::int as count from ${sql.table(table)}`.execute(
      database,
    );
    return found.rows[0]?.count ?? 0;
  }

  it('are there three months ahead, from the migration on and by each day’s job', async () => {
    const made = await sql<{
      months: string[];
    }>`select json_agg(to_char(date_trunc('month', now() at time zone 'UTC') + n * interval '1 month', 'YYYY_MM')
      order by n) as months from generate_series(0, 3) as n`.execute(database);
    expect(await names()).toEqual(['earlier', ...(made.rows[0]?.months ?? [])]);
    await begin('2040-05-31');
    await begin('2040-05-31');
    await begin('2040-06-01');
    expect((await names()).slice(-5)).toEqual(['2040_05', '2040_06', '2040_07', '2040_08', '2040_09']);
    expect(await monthsOf(database, 'webhook_attempt')).toEqual(
      (await names()).map((name) => `webhook_attempt_${name}`),
    );
  });

  it('take each delivery by the moment in its event’s id, be it early or late', async () => {
    await begin('2040-06-15');
    expect(await deliver('2040-06-01T00:00:00.000Z')).toBe('2040_06');
    expect(await deliver('2040-06-30T23:59:59.999Z')).toBe('2040_06');
    expect(await deliver('2040-07-01T00:00:00.000Z')).toBe('2040_07');
    expect(await deliver('1999-01-01T00:00:00.000Z')).toBe('earlier');
    expect(await deliver('2041-03-15T00:00:00.000Z')).toBe('2040_09');
  });

  it('keep what no month had been begun for, and are begun again after it', async () => {
    await begin('2040-06-15');
    await deliver('2041-03-15T00:00:00.000Z');
    await begin('2040-12-01');
    expect((await names()).at(-1)).toBe('2040_09');
    await begin('2041-02-01');
    expect((await names()).slice(-3)).toEqual(['2040_09', '2041_04', '2041_05']);
    expect(await deliver('2041-03-16T00:00:00.000Z')).toBe('2040_09');
    expect(await deliver('2041-04-01T00:00:00.000Z')).toBe('2041_04');
  });

  it('hold an event’s delivery to an endpoint once, though it is dispatched again when other months have been begun', async () => {
    const draft = submitted(desk.organizationId);
    await desk.happenTo(desk.organizationId, draft);
    await desk.jobs.drain();
    const events = await sql<{
      id: string;
    }>`select id from audit_record where subject_id = ${draft.subject.id}`.execute(database);
    const eventIds = events.rows.map(({ id }) => id);
    desk.pass(200 * 86_400_000);
    await beginMonths(database, desk.time.now);
    await desk.dispatch.handle({ eventIds }, new AbortController().signal);
    await desk.jobs.drain();
    const [delivery, ...others] = await desk.deliveriesTo(endpointId);
    expect(others).toEqual([]);
    expect(await deliver('2040-01-01T00:00:00.000Z', 'DELIVERED', delivery?.eventId).catch(String)).toMatch(
      /duplicate key/,
    );
    const another = sql`insert into webhook_delivery (id, endpoint_id, event_id, event, body, status, created_at)
      values (${idAt('2040-01-01T00:00:00.000Z')}, ${endpointId}, ${delivery?.eventId}, 'test', '{}', 'PENDING', now())`;
    await expect(another.execute(database)).rejects.toThrow(/webhook_delivery_once/);
  });

  it('hold no attempt at a delivery that is not there', async () => {
    const attempt = sql`insert into webhook_attempt (delivery_id, number, at, duration_ms)
      values (${idAt('2040-01-01T00:00:00.000Z')}, 1, now(), 5)`;
    await expect(attempt.execute(database)).rejects.toThrow(/foreign key/);
  });

  it('go whole, attempts with them, when they lie wholly before the time they are kept for', async () => {
    await begin('2040-06-15');
    for (const month of ['2040-05-31', '2040-06-01', '2040-06-30', '2040-07-01'])
      await deliver(`${month}T12:00:00.000Z`);
    await begin('2041-06-30');
    expect(await drop('2041-06-30', 12)).toEqual(expect.not.arrayContaining(['2040_06']));
    const [count, attempts] = [await countOf('webhook_delivery'), await countOf('webhook_attempt')];
    expect([count, attempts]).toEqual([3, 3]);

    expect(await drop('2041-07-01', 12)).toEqual(['earlier', '2040_06']);
    expect(await drop('2041-07-01', 12)).toEqual([]);
    expect([await countOf('webhook_delivery'), await countOf('webhook_attempt')]).toEqual([1, 1]);
    expect((await names()).slice(0, 2)).toEqual(['earlier', '2040_07']);
    expect(await deliver('2040-06-02T00:00:00.000Z')).toBe('earlier');
  });

  it('stay as long as something in them is to be delivered, and those after them too', async () => {
    await begin('2040-06-15');
    await deliver('2040-06-15T12:00:00.000Z', 'PENDING');
    await deliver('2040-07-15T12:00:00.000Z');
    await begin('2041-09-01');
    expect(await drop('2041-09-01', 12)).toEqual(expect.not.arrayContaining(['2040_06', '2040_07']));
    expect(await countOf('webhook_delivery')).toBe(2);
    await sql`update webhook_delivery set status = 'FAILED'`.execute(database);
    expect(await drop('2041-09-01', 12)).toEqual(['earlier', '2040_06', '2040_07', '2040_08']);
  });

  it('are read from the newest on and no further than is asked for, and by id in one of them', async () => {
    await begin('2040-06-15');
    const { endpointId: other } = await desk.register();
    const deliveries = ['2040-06-15', '2040-07-15', '2040-08-15'].flatMap((day) =>
      Array.from({ length: 1_500 }, (_none, number) => ({
        endpoint_id: number % 3 === 0 ? endpointId : other,
        event_id: idAt(`${day}T00:00:00.000Z`),
      })),
    );
    await sql`insert into webhook_delivery (id, endpoint_id, event_id, event, body, status, created_at)
      select webhook_delivery_id(event_id, endpoint_id), endpoint_id, event_id, 'test', '{}', 'DELIVERED', now()
      from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as d (endpoint_id uuid, event_id uuid)`.execute(
      database,
    );
    await sql`analyze webhook_delivery`.execute(database);

    const latest = 'select id from webhook_delivery where endpoint_id = $1 order by id desc limit 20';
    const nodes = await planOf(database, latest, [endpointId]);
    expect(nodes.map((node) => node['Node Type']).filter((type) => /Sort|Merge/.test(type))).toEqual([]);
    expect(tablesRead(nodes).filter((name) => name !== 'webhook_delivery_2040_09')).toEqual([
      'webhook_delivery_2040_08',
    ]);

    const [first] = await desk.deliveriesTo(endpointId);
    const one = await planOf(database, 'select body from webhook_delivery where id = $1', [first?.id]);
    expect(tablesRead(one)).toEqual(['webhook_delivery_2040_06']);
    const attempts = await planOf(database, 'select number from webhook_attempt where delivery_id = $1', [first?.id]);
    expect(tablesRead(attempts)).toEqual(['webhook_attempt_2040_06']);
  });
});
