import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson } from '../doorway/requirements.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { seal } from '../platform/secrets.js';
import type { CheckedUrl } from './address-guard.js';
import { deliverQueue } from './deliver-job.js';
import {
  lockDelivery,
  lockEndpoint,
  recordEndpointEvent,
  requireEnabled,
  requireMayManage,
} from './endpoint-access.js';
import { requireEventTypes } from './event-types.js';
import { WebhookDelivery, WebhookEndpoint } from './webhook.entity.js';
import { newWebhookSecret } from './webhook-message.js';

/** How many endpoints an organization, or the operator, may have. */
const mostEndpoints = 20;
const longestDescription = 200;

/** For how long after a rotation the secret before it still signs too. */
const previousSecretHours = 24;

export interface EndpointInput {
  readonly endpointId: string;
  readonly expectedVersion?: number | null;
}

export interface CreateEndpointInput {
  /** Null for the operator's own endpoint. */
  readonly organizationId: string | null;
  readonly url: CheckedUrl;
  readonly description: string;
  readonly eventTypes: readonly string[];
}

export interface UpdateEndpointInput extends EndpointInput {
  readonly url: CheckedUrl | null;
  readonly description: string | null;
  readonly eventTypes: readonly string[] | null;
  readonly enabled: boolean | null;
}

/** Registers an endpoint. The secret is answered here and never again. */
export function createWebhookEndpoint(
  sealingKey: Buffer,
): Command<CreateEndpointInput, { endpointId: string; secret: string }> {
  return {
    name: 'webhookEndpoint.create',
    async run(work, { organizationId, url, description, eventTypes }) {
      requireMayManage(work.actor, organizationId);
      const { personId } = requirePerson(work.actor);
      await requireRoom(work, organizationId);
      const secret = newWebhookSecret();
      const endpoint = work.em.create(WebhookEndpoint, {
        id: work.ids.next(),
        organizationId,
        url: url.href,
        description: requireDescription(description),
        eventTypes: requireEventTypes(eventTypes, ownerOf(organizationId), 'eventTypes'),
        sealedSecret: seal(sealingKey, secret),
        sealedPreviousSecret: null,
        previousSecretUntil: null,
        status: 'ENABLED',
        statusReason: null,
        createdBy: personId,
        version: 1,
        createdAt: work.now,
        updatedAt: work.now,
      });
      recordEndpointEvent(work, endpoint, 'webhook_endpoint.created');
      return { endpointId: endpoint.id, secret };
    },
  };
}

/** Changes an endpoint; what is null stays as it is. Disabling cancels what is still on its way to it. */
export const updateWebhookEndpoint: Command<UpdateEndpointInput, { endpointId: string }> = {
  name: 'webhookEndpoint.update',
  async run(work, { url, description, eventTypes, enabled, ...which }) {
    const endpoint = await lockEndpoint(work, which);
    if (url !== null) endpoint.url = url.href;
    if (description !== null) endpoint.description = requireDescription(description);
    if (eventTypes !== null) {
      endpoint.eventTypes = requireEventTypes(eventTypes, ownerOf(endpoint.organizationId ?? null), 'eventTypes');
    }
    if (enabled === true && endpoint.status === 'DISABLED') enable(endpoint);
    if (enabled === false && endpoint.status === 'ENABLED') await disable(work, endpoint, 'Disabled by hand.');
    endpoint.updatedAt = work.now;
    recordEndpointEvent(work, endpoint, 'webhook_endpoint.changed');
    return { endpointId: endpoint.id };
  },
};

/** Gives an endpoint a new secret, answered here and never again. The one before signs too, for a day. */
export function rotateWebhookSecret(
  sealingKey: Buffer,
): Command<EndpointInput, { endpointId: string; secret: string }> {
  return {
    name: 'webhookEndpoint.rotateSecret',
    async run(work, which) {
      const endpoint = await lockEndpoint(work, which);
      const secret = newWebhookSecret();
      endpoint.sealedPreviousSecret = endpoint.sealedSecret;
      endpoint.previousSecretUntil = new Date(work.now.getTime() + previousSecretHours * 3_600_000);
      endpoint.sealedSecret = seal(sealingKey, secret);
      endpoint.updatedAt = work.now;
      recordEndpointEvent(work, endpoint, 'webhook_endpoint.secret_rotated');
      return { endpointId: endpoint.id, secret };
    },
  };
}

/** Removes an endpoint for good. The record of what it was sent stays; its secrets do not. */
export const removeWebhookEndpoint: Command<EndpointInput, { endpointId: string }> = {
  name: 'webhookEndpoint.remove',
  async run(work, which) {
    const endpoint = await lockEndpoint(work, which);
    endpoint.status = 'REMOVED';
    endpoint.statusReason = null;
    endpoint.sealedSecret = '';
    endpoint.sealedPreviousSecret = null;
    endpoint.previousSecretUntil = null;
    endpoint.updatedAt = work.now;
    await cancelPending(work, endpoint.id);
    recordEndpointEvent(work, endpoint, 'webhook_endpoint.removed');
    return { endpointId: endpoint.id };
  },
};

/** Asks for a trial message; it takes the way of every other event. */
export const pingWebhookEndpoint: Command<EndpointInput, { endpointId: string }> = {
  name: 'webhookEndpoint.ping',
  async run(work, which) {
    const endpoint = await lockEndpoint(work, which);
    requireEnabled(endpoint);
    recordEndpointEvent(work, endpoint, 'webhook_endpoint.pinged');
    return { endpointId: endpoint.id };
  },
};

/** Sends a delivery again, now, whatever became of it; the pauses between attempts begin anew. */
export const replayWebhookDelivery: Command<{ readonly deliveryId: string }, { deliveryId: string }> = {
  name: 'webhookDelivery.replay',
  async run(work, { deliveryId }) {
    const { delivery, endpoint } = await lockDelivery(work, deliveryId);
    requireEnabled(endpoint);
    delivery.status = 'PENDING';
    delivery.failures = 0;
    delivery.nextAttemptAt = work.now;
    delivery.deliveredAt = null;
    work.enqueue(deliverQueue, { deliveryId });
    work.record({
      event: 'webhook_delivery.replayed',
      payload: { endpointId: encodeId('endpoint', endpoint.id), deliveryId: encodeId('delivery', deliveryId) },
      subject: { kind: 'delivery', id: deliveryId },
      organizationId: endpoint.organizationId ?? null,
    });
    return { deliveryId };
  },
};

/** Disables an endpoint that answered 410 Gone, unless it was given another address meanwhile. */
export const disableGoneEndpoint: Command<
  { readonly endpointId: string; readonly url: string },
  { endpointId: string }
> = {
  name: 'webhookEndpoint.disableGone',
  async run(work, { endpointId, url }) {
    const endpoint = await lockEndpoint(work, { endpointId }, { evenRemoved: true });
    if (endpoint.status === 'ENABLED' && endpoint.url === url) {
      await disable(work, endpoint, 'The endpoint answered 410 Gone, which asks to be sent nothing more.');
      endpoint.updatedAt = work.now;
      recordEndpointEvent(work, endpoint, 'webhook_endpoint.changed');
    }
    return { endpointId };
  },
};

function enable(endpoint: WebhookEndpoint): void {
  endpoint.status = 'ENABLED';
  endpoint.statusReason = null;
}

async function disable(work: Work, endpoint: WebhookEndpoint, reason: string): Promise<void> {
  endpoint.status = 'DISABLED';
  endpoint.statusReason = reason;
  await cancelPending(work, endpoint.id);
}

async function cancelPending(work: Work, endpointId: string): Promise<void> {
  const pending = { endpointId, status: 'PENDING' as const };
  await work.em.nativeUpdate(WebhookDelivery, pending, { status: 'CANCELLED', nextAttemptAt: null });
}

/** Counts under a lock of their owner, so that two requests at once cannot both take the last place. */
async function requireRoom(work: Work, organizationId: string | null): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('webhook_endpoint'), hashtext(${organizationId ?? 'operator'}))`.execute(
    work.sql,
  );
  const count = await work.em.count(WebhookEndpoint, { organizationId, status: { $ne: 'REMOVED' } });
  if (count < mostEndpoints) return;
  const message = `There are ${mostEndpoints} endpoints already, which is the most. Remove one that is not needed.`;
  throw Refusal.of('LIMIT_REACHED', message);
}

function requireDescription(text: string): string {
  const description = text.trim();
  if (description.length <= longestDescription) return description;
  throw Refusal.of('INVALID', `A description has at most ${longestDescription} characters.`, ['description']);
}

function ownerOf(organizationId: string | null): 'PARTNER' | 'OPERATOR' {
  return organizationId === null ? 'OPERATOR' : 'PARTNER';
}
