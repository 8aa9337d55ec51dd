import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Doorway } from '../../src/doorway/doorway.js';
import { eventDispatch } from '../../src/events/dispatch.js';
import { systemClock } from '../../src/platform/clock.js';
import { randomIds } from '../../src/platform/ids.js';
import { JobQueue } from '../../src/platform/job-queue.js';
import { createLog } from '../../src/platform/logging.js';
import { AddressGuard } from '../../src/webhooks/address-guard.js';
import { Deliveries } from '../../src/webhooks/delivery.js';
import { webhookDelivery, webhookSweep } from '../../src/webhooks/webhook.jobs.js';
import { WebhookSender } from '../../src/webhooks/webhook-sender.js';
import { WebhookSubscriber } from '../../src/webhooks/webhook-subscriber.js';
import { Webhooks } from '../../src/webhooks/webhooks.js';
import { verified } from './receiver.js';
import { happen, openWebhookDesk, submitted, type WebhookDesk } from './webhook-desk.js';

describe('webhooks through the portal’s own job queue', () => {
  let desk: WebhookDesk;
  let jobs: JobQueue;
  let doorway: Doorway;
  let webhooks: Webhooks;
  let sender: WebhookSender;

  beforeAll(async () => {
    desk = await openWebhookDesk();
    const { database } = desk;
    const [clock, ids, sealingKey] = [systemClock, randomIds, randomBytes(32)];
    const guard = new AddressGuard([desk.receiver.host]);
    jobs = new JobQueue({ database, log: createLog({ level: 'silent', format: 'json' }), clock });
    doorway = new Doorway({ database, jobs, clock, ids, sealingKey });
    webhooks = new Webhooks({ doorway, guard, sealingKey });
    sender = new WebhookSender({ guard, version: '0.0.0-test' });
    const deliveries = new Deliveries({ database, jobs, clock, schedule: [50, 50] });
    const subscribers = [new WebhookSubscriber({ jobs })];
    jobs.register(eventDispatch({ database, clock, subscribers }));
    jobs.register(webhookDelivery({ deliveries, sender, doorway, clock, sealingKey }));
    jobs.register(webhookSweep(deliveries));
    await jobs.start({ work: true });
    await jobs.beginWork();
  });

  afterAll(async () => {
    await jobs.stop(5_000);
    await sender.close();
    await desk.close();
  });

  it('delivers what commands at the same moment caused, after failures too', async () => {
    const { receiver, organizationId, owner, as } = desk;
    const endpoint = { organizationId, url: receiver.url, description: '', eventTypes: [] };
    const { endpointId, secret } = await webhooks.create(endpoint, as(owner));
    receiver.willAnswer(500);
    receiver.willAnswer(429);
    const arrived = countdown(12);
    receiver.onMessage = () => arrived.count();

    const events = Array.from({ length: 10 }, () => submitted(organizationId));
    await Promise.all(
      events.map((draft) => doorway.execute(happen, { drafts: [draft] }, as({ kind: 'SYSTEM', name: 'test' }))),
    );
    await arrived.done;
    await jobs.stop(5_000);

    const deliveries = await desk.deliveriesTo(endpointId);
    expect(deliveries.map(({ status }) => status)).toEqual(Array(10).fill('DELIVERED'));
    expect(deliveries.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(12);
    const told = receiver.messages.map((message) => verified(message, secret).data);
    for (const { payload } of events) expect(told).toContainEqual(payload);
  });
});

/** Resolves when it was counted down. */
function countdown(from: number) {
  const target = new EventTarget();
  let left = from;
  return {
    done: once(target, 'zero'),
    count: () => {
      left -= 1;
      if (left === 0) target.dispatchEvent(new Event('zero'));
    },
  };
}
