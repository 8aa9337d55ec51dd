import { sql } from 'kysely';
import type { Eyes, Projection, Read } from '../api/eyes.js';
import {
  column,
  idColumn,
  momentColumn,
  newestFirst,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

/** In SQL, what `maySeeEndpoints` says of one: owners see their own, administrators and auditors all. */
function endpointVisible(row: Row, eyes: Eyes): Sql {
  return eyes.seesAdministration ? sql`true` : sql`coalesce(${row('organization_id')} = any(${eyes.owned}), false)`;
}

function deliveryVisible(row: Row, eyes: Eyes): Sql {
  const endpoint: Row = (name) => sql.ref(`seen_endpoint.${name}`);
  return sql`exists (select from webhook_endpoint as seen_endpoint
    where seen_endpoint.id = ${row('endpoint_id')} and ${endpointVisible(endpoint, eyes)})`;
}

function attemptVisible(row: Row, eyes: Eyes): Sql {
  const delivery: Row = (name) => sql.ref(`seen_delivery.${name}`);
  return sql`exists (select from webhook_delivery as seen_delivery
    where seen_delivery.id = ${row('delivery_id')} and ${deliveryVisible(delivery, eyes)})`;
}

export const webhookAttemptProjection: Projection = {
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

export const webhookDeliveryProjection: Projection = {
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

export const webhookEndpointProjection: Projection = {
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
      on: (row, delivery, _eyes, args) => {
        const ofEndpoint = sql`${delivery('endpoint_id')} = ${row('id')}`;
        return args.has('status')
          ? sql`${ofEndpoint} and ${delivery('status')} = ${args.value('status', 'text')}`
          : ofEndpoint;
      },
      order: newestFirst,
    },
  },
};

export const webhookEndpointById: Read = byGivenId(() => webhookEndpointProjection);
export const webhookDeliveryById: Read = byGivenId(() => webhookDeliveryProjection);

/** The endpoints of the organization that is asked for, or of the operator, except removed ones; oldest first. */
export const webhookEndpointsOfOwner: Read = {
  kind: 'list',
  of: () => webhookEndpointProjection,
  where: (row, args) => {
    const owner = args.has('organizationId') ? sql`= ${args.id('organizationId', 'organization')}` : sql`is null`;
    return sql`${row('organization_id')} ${owner} and ${row('status')} <> 'REMOVED'`;
  },
  order: oldestFirst,
};
