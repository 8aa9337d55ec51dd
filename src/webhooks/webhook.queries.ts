import { sql } from 'kysely';
import type { Viewer } from '../api/request.js';
import { type Actor, standingOf } from '../lifecycle/actor.js';
import {
  column,
  idColumn,
  momentColumn,
  newestFirst,
  oldestFirst,
  type Projection,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { type ReadingContext, type ReadObject, readList, readOne } from '../platform/reading/reader.js';
import type { Selection } from '../platform/reading/selection.js';
import { maySeeEndpoints } from './endpoint-access.js';

/** In SQL, what `maySeeEndpoints` says of one: owners see their own, administrators and auditors all. */
function endpointVisible(row: Row, { actor }: Viewer): Sql {
  if (maySeeEndpoints(actor, null)) return sql`true`;
  const owned = ownedBy(actor);
  return owned.length === 0
    ? sql`false`
    : sql`coalesce(${row('organization_id')} = any(${`{${owned.join(',')}}`}::text::uuid[]), false)`;
}

function ownedBy(actor: Actor): readonly string[] {
  if (actor.kind !== 'PERSON') return [];
  return actor.memberships
    .map((membership) => membership.organizationId)
    .filter((organizationId) => standingOf(actor, organizationId).roles.includes('OWNER'));
}

function deliveryVisible(row: Row, viewer: Viewer): Sql {
  const endpoint: Row = (name) => sql.ref(`seen_endpoint.${name}`);
  return sql`exists (select from webhook_endpoint as seen_endpoint
    where seen_endpoint.id = ${row('endpoint_id')} and ${endpointVisible(endpoint, viewer)})`;
}

function attemptVisible(row: Row, viewer: Viewer): Sql {
  const delivery: Row = (name) => sql.ref(`seen_delivery.${name}`);
  return sql`exists (select from webhook_delivery as seen_delivery
    where seen_delivery.id = ${row('delivery_id')} and ${deliveryVisible(delivery, viewer)})`;
}

export const webhookAttemptProjection: Projection<Viewer> = {
  type: 'WebhookAttempt',
  table: 'webhook_attempt',
  visible: attemptVisible,
  fields: {
    number: column('number'),
    at: momentColumn('at'),
    durationMs: column('duration_ms'),
    statusCode: column('status_code'),
    failure: column('failure'),
    responseExcerpt: column('response_excerpt'),
  },
};

export const webhookDeliveryProjection: Projection<Viewer> = {
  type: 'WebhookDelivery',
  table: 'webhook_delivery',
  visible: deliveryVisible,
  fields: {
    id: idColumn('delivery'),
    eventId: idColumn('event', 'event_id'),
    event: column('event'),
    status: column('status'),
    attemptCount: column('attempts'),
    nextAttemptAt: momentColumn('next_attempt_at'),
    deliveredAt: momentColumn('delivered_at'),
    createdAt: momentColumn('created_at'),
    body: column('body'),
    endpoint: {
      kind: 'one',
      to: () => webhookEndpointProjection,
      on: (row, endpoint) => sql`${endpoint('id')} = ${row('endpoint_id')}`,
    },
    attempts: {
      kind: 'list',
      to: () => webhookAttemptProjection,
      on: (row, attempt) => sql`${attempt('delivery_id')} = ${row('id')}`,
      order: { direction: 'asc', keys: [{ sql: (attempt) => attempt('number'), type: 'bigint' }] },
    },
  },
};

export const webhookEndpointProjection: Projection<Viewer> = {
  type: 'WebhookEndpoint',
  table: 'webhook_endpoint',
  visible: endpointVisible,
  fields: {
    id: idColumn('endpoint'),
    url: column('url'),
    description: column('description'),
    eventTypes: column('event_types'),
    status: column('status'),
    statusReason: column('status_reason'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
    deliveries: {
      kind: 'connection',
      to: () => webhookDeliveryProjection,
      on: (row, delivery, _viewer, { status }) => {
        const ofEndpoint = sql`${delivery('endpoint_id')} = ${row('id')}`;
        return typeof status === 'string' ? sql`${ofEndpoint} and ${delivery('status')} = ${status}` : ofEndpoint;
      },
      order: newestFirst,
    },
  },
};

/** The endpoints of an organization, or of the operator (null), except removed ones; oldest first. */
export function readWebhookEndpoints(
  context: ReadingContext<Viewer>,
  selection: Selection,
  organizationId: string | null,
): Promise<readonly ReadObject[]> {
  const where = (row: Row) => {
    const owner = organizationId === null ? sql`is null` : sql`= ${organizationId}`;
    return sql`${row('organization_id')} ${owner} and ${row('status')} <> 'REMOVED'`;
  };
  return readList(context, webhookEndpointProjection, selection, { where, order: oldestFirst });
}

export function readWebhookEndpoint(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, webhookEndpointProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

export function readWebhookDelivery(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, webhookDeliveryProjection, selection, (row) => sql`${row('id')} = ${id}`);
}
