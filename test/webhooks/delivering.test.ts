import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { verified } from './receiver.js';
import { happen, openWebhookDesk, submitted, type WebhookDesk } from './webhook-desk.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('delivering webhooks', () => {
  let desk: WebhookDesk;

  beforeAll(async () => {
    desk = await openWebhookDesk();
  });

  afterAll(() => desk.close());

  afterEach(async () => {
    desk.receiver.messages.length = 0;
    desk.receiver.answers.length = 0;
    desk.time.now = new Date();
    await desk.jobs.lose();
    await sql`update webhook_endpoint set status = 'REMOVED'`.execute(desk.database.kysely());
    await sql`update webhook_delivery set status = 'CANCELLED' where status = 'PENDING'`.execute(
      desk.database.kysely(),
    );
  });

  async function delivered(endpointId: string) {
    const deliveries = await desk.deliveriesTo(endpointId);
    const [delivery] = deliveries;
    if (!delivery || deliveries.length > 1) throw new Error(`There are ${deliveries.length} deliveries, not 1.`);
    return { delivery, attempts: await desk.attemptsAt(delivery.id) };
  }

  it('posts an event once, signed so that a stock library verifies it', async () => {
    const { endpointId, secret } = await desk.register();
    const draft = submitted(desk.organizationId);
    await desk.happenTo(desk.organizationId, draft);
    await desk.jobs.drain();

    expect(desk.receiver.messages).toHaveLength(1);
    const [message] = desk.receiver.messages;
    const body = verified(message, secret);
    expect(body).toEqual({
      id: expect.stringMatching(/^event_[0-9a-z]{26}$/),
      type: 'application.submitted',
      version: 1,
      occurredAt: expect.stringMatching(/Z$/),
      organization: { id: encodeId('organization', desk.organizationId) },
      subject: { kind: 'application', id: encodeId('application', draft.subject.id) },
      data: draft.payload,
    });
    expect(message).toMatchObject({
      method: 'POST',
      headers: {
        'webhook-id': body.id,
        'content-type': 'application/json',
        'user-agent': 'Sallyport/0.0.0-test',
      },
    });
    const { delivery, attempts } = await delivered(endpointId);
    expect(delivery).toMatchObject({ status: 'DELIVERED', attempts: 1, nextAttemptAt: null, body: message?.body });
    expect(attempts).toMatchObject([{ number: 1, statusCode: 204, failure: null, responseExcerpt: null }]);
    expect(await desk.jobs.waiting('webhooks.deliver')).toBe(0);
  });

  it('tries again after failures, with the same id and body, and keeps every attempt on record', async () => {
    const { endpointId, secret } = await desk.register();
    desk.receiver.willAnswer(500, 'no\u0000 \u001b[31mluck\r\n today');
    desk.receiver.willAnswer(503);
    await desk.happenTo();
    await desk.jobs.drain();
    expect((await delivered(endpointId)).delivery).toMatchObject({ status: 'PENDING', attempts: 1 });

    desk.pass(8 * second);
    await desk.jobs.drain();
    desk.pass(46 * second);
    await desk.jobs.drain();

    const { delivery, attempts } = await delivered(endpointId);
    expect(delivery).toMatchObject({ status: 'DELIVERED', attempts: 3, nextAttemptAt: null });
    expect(attempts).toMatchObject([
      { number: 1, statusCode: 500, failure: 'The endpoint answered 500.', responseExcerpt: 'no [31mluck today' },
      { number: 2, statusCode: 503, failure: 'The endpoint answered 503.', responseExcerpt: null },
      { number: 3, statusCode: 204, failure: null },
    ]);
    const messages = desk.receiver.messages;
    expect(new Set(messages.map((message) => message.body)).size).toBe(1);
    expect(new Set(messages.map((message) => message.headers['webhook-id'])).size).toBe(1);
    expect(new Set(messages.map((message) => message.headers['webhook-timestamp'])).size).toBe(3);
    for (const message of messages) verified(message, secret);
  });

  it('waits longer after each failure, then gives up, and can be replayed', async () => {
    const { endpointId } = await desk.register();
    for (let failure = 0; failure < 9; failure += 1) desk.receiver.willAnswer(500);
    await desk.happenTo();
    const pauses: number[] = [];
    for (;;) {
      await desk.jobs.drain();
      const { delivery } = await delivered(endpointId);
      if (!delivery.nextAttemptAt) break;
      pauses.push(delivery.nextAttemptAt.getTime() - desk.time.now.getTime());
      desk.time.now = delivery.nextAttemptAt;
    }
    const schedule = [5 * second, 30 * second, 2 * minute, 10 * minute, hour, 3 * hour, 8 * hour, 24 * hour];
    expect(pauses).toHaveLength(schedule.length);
    for (const [position, pause] of pauses.entries()) {
      const average = schedule[position] ?? 0;
      expect(pause).toBeGreaterThanOrEqual(average / 2);
      expect(pause).toBeLessThanOrEqual(average * 1.5);
    }
    const failed = await delivered(endpointId);
    expect(failed.delivery).toMatchObject({ status: 'FAILED', attempts: 9 });
    expect(await desk.jobs.waiting('webhooks.deliver')).toBe(0);

    await desk.webhooks.replay(failed.delivery.id, desk.as(desk.owner));
    await desk.jobs.drain();
    const replayed = await delivered(endpointId);
    expect(replayed.delivery).toMatchObject({ status: 'DELIVERED', attempts: 10 });
    expect(replayed.attempts.at(-1)).toMatchObject({ number: 10, statusCode: 204 });
    expect(new Set(desk.receiver.messages.map((message) => message.headers['webhook-id'])).size).toBe(1);
  });

  it('begins the pauses anew after a replay', async () => {
    const { endpointId } = await desk.register();
    await desk.happenTo();
    await desk.jobs.drain();
    const { delivery } = await delivered(endpointId);

    desk.receiver.willAnswer(500);
    await desk.webhooks.replay(delivery.id, desk.as(desk.owner));
    await desk.jobs.drain();
    const again = (await delivered(endpointId)).delivery;
    expect(again).toMatchObject({ status: 'PENDING', attempts: 2, deliveredAt: null });
    expect((again.nextAttemptAt?.getTime() ?? 0) - desk.time.now.getTime()).toBeLessThanOrEqual(7.5 * second);
  });

  it('disables an endpoint that answers 410, with the reason, and cancels what is on its way to it', async () => {
    const { endpointId } = await desk.register();
    desk.receiver.willAnswer(500);
    await desk.happenTo();
    await desk.jobs.drain();
    desk.receiver.willAnswer(410);
    await desk.happenTo();
    await desk.jobs.drain();

    expect(await desk.endpoint(endpointId)).toMatchObject({
      status: 'DISABLED',
      statusReason: expect.stringContaining('410 Gone'),
      version: 2,
    });
    const [first, second] = await desk.deliveriesTo(endpointId);
    expect(first).toMatchObject({ status: 'CANCELLED', nextAttemptAt: null });
    expect(second).toMatchObject({ status: 'FAILED', nextAttemptAt: null });
    const audit = await sql<{ event: string; actor_role: string }>`
      select event, actor_role from audit_record where subject_id = ${endpointId} order by sequence desc limit 1`.execute(
      desk.database.kysely(),
    );
    expect(audit.rows).toEqual([{ event: 'webhook_endpoint.changed', actor_role: 'webhooks.deliver' }]);

    await desk.happenTo();
    desk.pass(hour);
    await desk.jobs.drain();
    expect(desk.receiver.messages).toHaveLength(2);
  });

  it('follows no redirect, and says so', async () => {
    const { endpointId } = await desk.register();
    desk.receiver.willAnswer(302, '', { location: 'https://169.254.169.254/latest/meta-data/' });
    desk.receiver.willAnswer(307, '', { location: `${desk.receiver.url}/elsewhere` });
    await desk.happenTo();
    await desk.jobs.drain();
    desk.pass(8 * second);
    await desk.jobs.drain();

    const { attempts } = await delivered(endpointId);
    expect(attempts).toMatchObject([
      { statusCode: 302, failure: expect.stringContaining('Redirects are not followed') },
      { statusCode: 307, failure: expect.stringContaining('Redirects are not followed') },
    ]);
    expect(desk.receiver.messages.map((message) => message.path)).toEqual(['/hooks', '/hooks']);
  });

  it('gives up on a receiver that does not answer in time', async () => {
    const { endpointId } = await desk.register();
    desk.receiver.willSayNothing();
    await desk.happenTo();
    await desk.jobs.drain();
    const { delivery, attempts } = await delivered(endpointId);
    expect(delivery.status).toBe('PENDING');
    expect(attempts).toMatchObject([{ statusCode: null, failure: 'There was no answer within 0.3 s.' }]);
  });

  it('reads only the beginning of an endless answer, and counts its status', async () => {
    const { endpointId } = await desk.register();
    desk.receiver.answers.push((response) => {
      response.writeHead(200);
      const flood = setInterval(() => response.write('x'.repeat(1000)), 1);
      response.on('close', () => clearInterval(flood));
    });
    await desk.happenTo();
    await desk.jobs.drain();
    const { delivery, attempts } = await delivered(endpointId);
    expect(delivery.status).toBe('DELIVERED');
    expect(attempts).toMatchObject([{ statusCode: 200, failure: null, responseExcerpt: 'x'.repeat(500) }]);
  });

  it('counts an answer whose body never comes by its status', async () => {
    const { endpointId } = await desk.register();
    desk.receiver.answers.push((response) => response.writeHead(200).write('begun'));
    await desk.happenTo();
    await desk.jobs.drain();
    expect((await delivered(endpointId)).attempts).toMatchObject([{ statusCode: 200, responseExcerpt: 'begun' }]);
  });

  it('says when nobody listens at the address', async () => {
    const { endpointId } = await desk.register();
    await sql`update webhook_endpoint set url = 'https://gone.example.org/' where id = ${endpointId}`.execute(
      desk.database.kysely(),
    );
    await desk.happenTo();
    await desk.jobs.drain();
    expect((await delivered(endpointId)).attempts).toMatchObject([
      { statusCode: null, failure: 'The name cannot be resolved.' },
    ]);
  });

  it.each([
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['169.254.169.254', '169.254.169.254'],
    ['10.0.0.1', '10.0.0.1'],
  ])('connects nowhere when a name that was public resolves to %s later', async (_what, address) => {
    desk.names.set('moving.example.org', ['93.184.215.14']);
    const { endpointId } = await desk.register({ url: 'https://moving.example.org/hooks' });
    desk.names.set('moving.example.org', ['93.184.215.14', address]);
    await desk.happenTo();
    await desk.jobs.drain();
    expect((await delivered(endpointId)).attempts).toMatchObject([
      { statusCode: null, failure: expect.stringContaining('not on the public internet') },
    ]);
  });

  it('connects to no private address in the URL itself, however it came into the record', async () => {
    const { endpointId } = await desk.register();
    const port = desk.receiver.host.split(':')[1];
    for (const url of [`http://127.0.0.1:${port}0/`, 'https://127.0.0.1/', 'https://[::1]/', 'https://0x7f.1/']) {
      await sql`update webhook_endpoint set url = ${url} where id = ${endpointId}`.execute(desk.database.kysely());
      await desk.happenTo();
      await desk.jobs.drain();
    }
    const deliveries = await desk.deliveriesTo(endpointId);
    expect(deliveries).toHaveLength(4);
    for (const delivery of deliveries) {
      expect(await desk.attemptsAt(delivery.id)).toMatchObject([
        { statusCode: null, failure: expect.stringContaining('not on the public internet') },
      ]);
    }
    expect(desk.receiver.messages).toHaveLength(0);
  });

  it('signs with both secrets for a day after a rotation, then with the new one only', async () => {
    const { endpointId, secret: old } = await desk.register();
    const { secret: current } = await desk.webhooks.rotateSecret({ endpointId }, desk.as(desk.owner));
    expect(current).not.toBe(old);
    await desk.happenTo();
    await desk.jobs.drain();
    const [during] = desk.receiver.messages;
    expect(String(during?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    verified(during, old);
    verified(during, current);

    await sql`update webhook_endpoint set previous_secret_until = ${new Date(desk.time.now.getTime() - 1)} where id = ${endpointId}`.execute(
      desk.database.kysely(),
    );
    await desk.happenTo();
    await desk.jobs.drain();
    const [, afterwards] = desk.receiver.messages;
    verified(afterwards, current);
    expect(() => verified(afterwards, old)).toThrow(/No matching signature/);
  });

  it('creates nothing twice when events are dispatched twice', async () => {
    const { endpointId } = await desk.register();
    const draft = submitted(desk.organizationId);
    await desk.happenTo(desk.organizationId, draft);
    await desk.jobs.drain();
    const audit = await sql<{ id: string }>`select id from audit_record where subject_id = ${draft.subject.id}`.execute(
      desk.database.kysely(),
    );
    const eventIds = audit.rows.map((row) => row.id);
    const signal = new AbortController().signal;
    await desk.dispatch.handle({ eventIds }, signal);
    await Promise.all([desk.dispatch.handle({ eventIds }, signal), desk.dispatch.handle({ eventIds }, signal)]);
    await desk.jobs.drain();
    expect(await desk.deliveriesTo(endpointId)).toHaveLength(1);
    expect(desk.receiver.messages).toHaveLength(1);
  });

  it('tells every one of hundreds of events that one command caused', async () => {
    const { endpointId } = await desk.register();
    const drafts = Array.from({ length: 250 }, () => submitted(desk.organizationId));
    await desk.doorway.execute(happen, { drafts }, desk.as({ kind: 'SYSTEM', name: 'test' }));
    await desk.jobs.drain();
    const deliveries = await desk.deliveriesTo(endpointId);
    expect(deliveries).toHaveLength(250);
    expect(deliveries.every((delivery) => delivery.status === 'DELIVERED')).toBe(true);
    expect(new Set(desk.receiver.messages.map((message) => message.headers['webhook-id'])).size).toBe(250);
  });

  it('attempts a delivery once when two jobs ask for it at the same moment', async () => {
    const { endpointId } = await desk.register();
    desk.receiver.willSayNothing();
    await desk.happenTo();
    await desk.jobs.drain();
    desk.pass(8 * second);
    const { delivery } = await delivered(endpointId);
    const claims = await Promise.all([desk.deliveries.claim(delivery.id), desk.deliveries.claim(delivery.id)]);
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  it('finds deliveries whose job was lost, and those of a process that died during an attempt', async () => {
    const { endpointId } = await desk.register();
    await desk.happenTo();
    await desk.jobs.drain();
    await desk.happenTo();
    const [job] = (await sql<{ job: { eventIds: string[] } }>`select job from test_job`.execute(desk.database.kysely()))
      .rows;
    await desk.dispatch.handle({ eventIds: job?.job.eventIds ?? [] }, new AbortController().signal);
    await desk.jobs.lose();
    const [, lost] = await desk.deliveriesTo(endpointId);
    expect(lost).toMatchObject({ status: 'PENDING', attempts: 0 });

    desk.pass(30 * second);
    await desk.sweep();
    expect(await desk.jobs.drain()).toBe(0);

    await desk.deliveries.claim(lost?.id ?? '');
    desk.pass(80 * second);
    await desk.sweep();
    expect(await desk.jobs.drain()).toBe(0);

    desk.pass(10 * second);
    await desk.sweep();
    await desk.jobs.drain();
    expect((await desk.deliveriesTo(endpointId)).map(({ status }) => status)).toEqual(['DELIVERED', 'DELIVERED']);
    expect(desk.receiver.messages).toHaveLength(2);
  });

  it('goes on after a stop in the middle of an attempt, which counts for nothing', async () => {
    const { endpointId } = await desk.register();
    const stop = new AbortController();
    desk.receiver.answers.push(() => stop.abort());
    await desk.happenTo();
    await desk.jobs.drain(stop.signal).catch(() => {});
    expect((await delivered(endpointId)).attempts).toEqual([]);

    desk.pass(2 * minute);
    await desk.jobs.drain();
    expect((await delivered(endpointId)).delivery).toMatchObject({ status: 'DELIVERED', attempts: 1 });
  });

  describe('who hears what', () => {
    it('tells an organization nothing about another one, and the operator of all', async () => {
      const own = await desk.register();
      const foreign = await desk.register({ organizationId: desk.otherOrganizationId }, desk.stranger);
      const operator = await desk.register({ organizationId: null }, desk.admin);
      await desk.happenTo(desk.organizationId);
      await desk.jobs.drain();
      expect(await desk.deliveriesTo(own.endpointId)).toHaveLength(1);
      expect(await desk.deliveriesTo(foreign.endpointId)).toHaveLength(0);
      const [told] = await desk.deliveriesTo(operator.endpointId);
      expect(JSON.parse(told?.body ?? '')).toMatchObject({ sequence: expect.any(Number) });
      expect(desk.receiver.messages).toHaveLength(2);
    });

    it('tells partners nothing that is for staff', async () => {
      const own = await desk.register();
      const operator = await desk.register({ organizationId: null }, desk.admin);
      const id = randomIds.next();
      await desk.happenTo(desk.organizationId, {
        event: 'application.decision_proposed',
        payload: {
          applicationId: encodeId('application', id),
          reference: 'APP-7',
          status: 'DECISION_PROPOSED',
          decisionId: encodeId('decision', id),
        },
        subject: { kind: 'application', id },
        organizationId: desk.organizationId,
      });
      await desk.jobs.drain();
      expect(await desk.deliveriesTo(own.endpointId)).toHaveLength(0);
      expect(await desk.deliveriesTo(operator.endpointId)).toHaveLength(1);
    });

    it('tells an endpoint only of the event types it asks for', async () => {
      const { endpointId } = await desk.register({ eventTypes: ['application.approved'] });
      await desk.happenTo();
      await desk.jobs.drain();
      expect(await desk.deliveriesTo(endpointId)).toHaveLength(0);
    });

    it('sends a trial message to its own endpoint only, whatever that one asks for', async () => {
      const { endpointId } = await desk.register({ eventTypes: ['application.approved'] });
      const other = await desk.register();
      const operator = await desk.register({ organizationId: null }, desk.admin);
      await desk.webhooks.ping({ endpointId }, desk.as(desk.owner));
      await desk.jobs.drain();
      expect((await delivered(endpointId)).delivery).toMatchObject({
        event: 'webhook_endpoint.pinged',
        status: 'DELIVERED',
      });
      expect(await desk.deliveriesTo(other.endpointId)).toHaveLength(0);
      expect(await desk.deliveriesTo(operator.endpointId)).toHaveLength(0);
    });

    it('cancels what is on its way to an endpoint that is disabled or removed, and tells it nothing more', async () => {
      const disabled = await desk.register();
      const removed = await desk.register();
      desk.receiver.willAnswer(500);
      desk.receiver.willAnswer(500);
      await desk.happenTo();
      await desk.jobs.drain();
      const change = { url: null, description: null, eventTypes: null, enabled: false };
      await desk.webhooks.update({ endpointId: disabled.endpointId, ...change }, desk.as(desk.owner));
      await desk.webhooks.remove({ endpointId: removed.endpointId }, desk.as(desk.owner));
      await desk.happenTo();
      desk.pass(hour);
      await desk.sweep();
      await desk.jobs.drain();
      for (const { endpointId } of [disabled, removed]) {
        expect((await delivered(endpointId)).delivery).toMatchObject({ status: 'CANCELLED', attempts: 1 });
      }

      await desk.webhooks.update({ endpointId: disabled.endpointId, ...change, enabled: true }, desk.as(desk.owner));
      await desk.happenTo();
      await desk.jobs.drain();
      expect((await desk.deliveriesTo(disabled.endpointId)).map(({ status }) => status)).toEqual([
        'CANCELLED',
        'DELIVERED',
      ]);
    });
  });
});
