import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Command, CommandContext } from '../../src/doorway/command.js';
import { Doorway } from '../../src/doorway/doorway.js';
import { eventDispatch } from '../../src/events/dispatch.js';
import type { EventDraft } from '../../src/events/recorder.js';
import type { Actor, PersonActor } from '../../src/lifecycle/actor.js';
import type { PartnerRole, StaffRole } from '../../src/lifecycle/roles.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { AddressGuard, type Resolve } from '../../src/webhooks/address-guard.js';
import { Deliveries } from '../../src/webhooks/delivery.js';
import { retrySchedule } from '../../src/webhooks/retry-schedule.js';
import { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from '../../src/webhooks/webhook.entity.js';
import { webhookDelivery, webhookSweep } from '../../src/webhooks/webhook.jobs.js';
import { WebhookSender } from '../../src/webhooks/webhook-sender.js';
import { WebhookSubscriber } from '../../src/webhooks/webhook-subscriber.js';
import { type NewEndpoint, Webhooks } from '../../src/webhooks/webhooks.js';
import { openTestDatabase } from '../support/database.js';
import { CommittedJobs } from './committed-jobs.js';
import { Receiver } from './receiver.js';

const second = 1_000;

/** Names as the tests want them to resolve; a test may change what a name resolves to. */
export function nameServer() {
  const names = new Map<string, readonly string[]>();
  const resolve: Resolve = async (hostname) => {
    const found = names.get(hostname);
    if (!found) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { names, resolve };
}

/** Reports an event, as any command of the portal would. */
export const happen: Command<{ readonly drafts: readonly EventDraft[] }, Record<string, never>> = {
  name: 'test.happen',
  async run(work, { drafts }) {
    for (const draft of drafts) work.record(draft);
    return {};
  },
};

/** A portal's webhooks: database, commands, jobs, and one receiver that is exempt from the address rules. */
export async function openWebhookDesk() {
  const database = await openTestDatabase();
  const time = { now: new Date() };
  const clock = { now: () => time.now };
  const jobs = await CommittedJobs.open(database, clock);
  const sealingKey = randomBytes(32);
  const doorway = new Doorway({ database, jobs, clock, ids: randomIds, sealingKey: randomBytes(32) });
  const receiver = await Receiver.listening();
  const { names, resolve } = nameServer();
  const guard = new AddressGuard([receiver.host], resolve);
  const limits = { connect: 1 * second, headers: 300, body: 300, overall: 2 * second };
  const sender = new WebhookSender({ guard, version: '0.0.0-test', limits });
  const deliveries = new Deliveries({ database, jobs, clock, schedule: retrySchedule });
  const webhooks = new Webhooks({ doorway, guard, sealingKey });
  const subscribers = [new WebhookSubscriber({ jobs })];
  const dispatch = eventDispatch({ database, clock, subscribers });
  const sweep = webhookSweep(deliveries);
  jobs.register(dispatch);
  jobs.register(webhookDelivery({ deliveries, sender, doorway, clock, sealingKey }));

  const as = (actor: Actor): CommandContext => ({ actor, requestId: 'test', ipAddress: null, idempotencyKey: null });
  const people = await settle();

  return {
    ...people,
    database,
    time,
    jobs,
    doorway,
    webhooks,
    receiver,
    names,
    dispatch,
    deliveries,
    as,
    sweep: () => sweep.handle({}, new AbortController().signal),
    pass: (milliseconds: number) => {
      time.now = new Date(time.now.getTime() + milliseconds);
    },

    /** Registers an endpoint at the receiver for the first organization; what is named is otherwise. */
    register: (input: Partial<NewEndpoint> = {}, actor: Actor = people.owner) =>
      webhooks.create(
        { organizationId: people.organizationId, url: receiver.url, description: '', eventTypes: [], ...input },
        as(actor),
      ),

    /** Lets something happen to an application of the organization, or of another one. */
    happenTo: (organizationId: string | null = people.organizationId, event: EventDraft = submitted(organizationId)) =>
      doorway.execute(happen, { drafts: [event] }, as({ kind: 'SYSTEM', name: 'test' })),

    /** Everything about the deliveries to an endpoint, oldest first. */
    deliveriesTo: (endpointId: string) =>
      database.orm.em.fork().find(WebhookDelivery, { endpointId }, { orderBy: { id: 'asc' } }),
    attemptsAt: (deliveryId: string) =>
      database.orm.em.fork().find(WebhookAttempt, { deliveryId }, { orderBy: { number: 'asc' } }),
    endpoint: (id: string) => database.orm.em.fork().findOneOrFail(WebhookEndpoint, { id }),

    close: async () => {
      await sender.close();
      await receiver.close();
      await database.close();
    },
  };

  async function settle() {
    const organizationId = randomIds.next();
    const otherOrganizationId = randomIds.next();
    const owner = await person('owner@example.org');
    for (const [id, number] of [
      [organizationId, 'A-1'],
      [otherOrganizationId, 'B-1'],
    ] as const) {
      await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
        values (${id}, ${`Organization ${number}`}, 'NL', 'ENERGY', 'https://example.org', ${number}, ${owner}, ${time.now}, ${time.now})`.execute(
        database.kysely(),
      );
    }
    return {
      organizationId,
      otherOrganizationId,
      owner: actor(owner, [], { organizationId, role: 'OWNER' }),
      applicant: actor(await person('applicant@example.org'), [], { organizationId, role: 'APPLICANT' }),
      stranger: actor(await person('stranger@example.net'), [], {
        organizationId: otherOrganizationId,
        role: 'OWNER',
      }),
      admin: actor(await person('admin@example.com'), ['ADMIN']),
      auditor: actor(await person('auditor@example.com'), ['AUDITOR']),
      reviewer: actor(await person('reviewer@example.com'), ['REVIEWER']),
    };
  }

  async function person(email: string): Promise<string> {
    const id = randomIds.next();
    await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      values (${id}, ${email}, ${email}, true, ${time.now}, ${time.now})`.execute(database.kysely());
    return id;
  }
}

export type WebhookDesk = Awaited<ReturnType<typeof openWebhookDesk>>;

export function submitted(organizationId: string | null): EventDraft<'application.submitted'> {
  const id = randomIds.next();
  const applicationId = encodeId('application', id);
  return {
    event: 'application.submitted',
    payload: { applicationId, reference: 'APP-7', status: 'SUBMITTED', revision: 1 },
    subject: { kind: 'application', id },
    organizationId,
    applicationId: id,
  };
}

function actor(
  personId: string,
  staffRoles: readonly StaffRole[],
  membership?: { readonly organizationId: string; readonly role: PartnerRole },
): PersonActor {
  return {
    kind: 'PERSON',
    personId,
    name: 'Somebody',
    email: 'somebody@example.org',
    staffId: staffRoles.length > 0 ? personId : null,
    staffRoles,
    mustChangePassword: false,
    memberships: membership ? [membership] : [],
  };
}
