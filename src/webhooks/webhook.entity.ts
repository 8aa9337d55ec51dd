import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, version, words } from '../platform/columns.js';

export const endpointStatuses = {
  ENABLED: 'Receives messages.',
  DISABLED: 'Receives nothing until it is enabled again; the reason is shown.',
  REMOVED: 'Removed; kept for the record of what was sent.',
} as const;

export type EndpointStatus = keyof typeof endpointStatuses;

/** Where an organization, or the operator, wants to hear of events. Secrets are sealed. */
const endpointSchema = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoint',
  properties: {
    id: key(),
    organizationId: p.uuid().nullable(),
    url: p.text(),
    description: p.text(),
    eventTypes: words<string>(),
    sealedSecret: p.text(),
    sealedPreviousSecret: p.text().nullable(),
    previousSecretUntil: moment().nullable(),
    status: p.text().$type<EndpointStatus>(),
    statusReason: p.text().nullable(),
    createdBy: p.uuid(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class WebhookEndpoint extends endpointSchema.class {}
endpointSchema.setClass(WebhookEndpoint);

export const deliveryStatuses = {
  PENDING: 'Not received yet; tried again with growing pauses.',
  DELIVERED: 'Received: the endpoint answered with a 2xx status.',
  FAILED: 'Given up after the last attempt; it can be replayed.',
  CANCELLED: 'Not tried any more, because the endpoint was disabled or removed.',
} as const;

export type DeliveryStatus = keyof typeof deliveryStatuses;

/** One event on its way to one endpoint. Its id follows from the two, by `webhook_delivery_id` in the database. */
const deliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_delivery',
  properties: {
    id: key(),
    endpointId: p.uuid(),
    eventId: p.uuid(),
    event: p.text(),
    body: p.text(),
    status: p.text().$type<DeliveryStatus>(),
    attempts: p.integer().default(0),
    /** Failed attempts since it was created or replayed; says how long the next pause is. */
    failures: p.integer().default(0),
    nextAttemptAt: moment().nullable(),
    deliveredAt: moment().nullable(),
    createdAt: moment(),
  },
});

export class WebhookDelivery extends deliverySchema.class {}
deliverySchema.setClass(WebhookDelivery);

/** One try at delivering, and what came of it. */
const attemptSchema = defineEntity({
  name: 'WebhookAttempt',
  tableName: 'webhook_attempt',
  properties: {
    deliveryId: p.uuid().primary(),
    number: p.integer().primary(),
    at: moment(),
    durationMs: p.integer(),
    statusCode: p.integer().nullable(),
    failure: p.text().nullable(),
    responseExcerpt: p.text().nullable(),
  },
});

export class WebhookAttempt extends attemptSchema.class {}
attemptSchema.setClass(WebhookAttempt);
