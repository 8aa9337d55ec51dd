import { sql } from 'kysely';
import type { EventSubscriber } from '../events/dispatch.js';
import type { ToldEvent } from '../events/told-event.js';
import type { Em, RawSql } from '../platform/database/database.js';
import type { Jobs } from '../platform/jobs.js';
import { type DeliverJob, deliverQueue } from './deliver-job.js';
import { messageBody } from './webhook-message.js';

interface Subscription {
  readonly id: string;
  readonly organization_id: string | null;
  readonly event_types: readonly string[];
}

/** A trial message, which only the endpoint it is about is sent. */
const pinged = 'webhook_endpoint.pinged';

/** Puts every event on its way to every endpoint that wants to hear of it. */
export class WebhookSubscriber implements EventSubscriber {
  readonly #jobs: Pick<Jobs, 'enqueue'>;

  constructor(parts: { readonly jobs: Pick<Jobs, 'enqueue'> }) {
    this.#jobs = parts.jobs;
  }

  async receive(em: Em, events: readonly ToldEvent[], now: Date): Promise<void> {
    const database: RawSql = em.getKysely();
    const subscriptions = await enabledSubscriptions(database, events);
    const deliveries = events.flatMap((event) =>
      subscriptions
        .filter((subscription) => hears(subscription, event))
        .map((subscription) => ({
          endpoint_id: subscription.id,
          event_id: event.id,
          event: event.name,
          body: messageBody(event, subscription.organization_id === null ? 'OPERATOR' : 'PARTNER'),
        })),
    );
    const created = await createDeliveries(database, deliveries, now);
    const jobs: DeliverJob[] = created.map((deliveryId) => ({ deliveryId }));
    await this.#jobs.enqueue(em, deliverQueue, jobs);
  }
}

/** An organization's endpoints hear what happens to it and is meant for partners; the operator's hear everything. */
function hears(subscription: Subscription, event: ToldEvent): boolean {
  if (event.name === pinged) return subscription.id === event.subject.id;
  const ours = subscription.organization_id === null;
  const theirs = event.audience === 'PARTNER' && event.organizationId === subscription.organization_id;
  const wanted = subscription.event_types.length === 0 || subscription.event_types.includes(event.name);
  return wanted && (ours || theirs);
}

async function enabledSubscriptions(database: RawSql, events: readonly ToldEvent[]): Promise<readonly Subscription[]> {
  const organizations = [...new Set(events.map((event) => event.organizationId).filter((id) => id !== null))];
  const found = await sql<Subscription>`
    select id, organization_id, to_json(event_types) as event_types from webhook_endpoint
    where status = 'ENABLED' and (organization_id is null or organization_id = any(${organizations}::uuid[]))
    order by id`.execute(database);
  return found.rows;
}

interface NewDelivery {
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly event: string;
  readonly body: string;
}

/** @returns the ids of those that were not there before */
async function createDeliveries(database: RawSql, deliveries: readonly NewDelivery[], now: Date): Promise<string[]> {
  if (deliveries.length === 0) return [];
  const created = await sql<{ id: string }>`
    insert into webhook_delivery (id, endpoint_id, event_id, event, body, status, attempts, failures, next_attempt_at, created_at)
    select webhook_delivery_id(event_id, endpoint_id), endpoint_id, event_id, event, body, 'PENDING', 0, 0, ${now}::timestamptz, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as r (endpoint_id uuid, event_id uuid, event text, body text)
    on conflict (id) do nothing returning id`.execute(database);
  return created.rows.map((row) => row.id);
}
