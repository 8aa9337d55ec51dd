import { LockMode } from '@mikro-orm/core';
import type { Work } from '../doorway/command.js';
import { requireIdentified, requirePermission, requireVersion } from '../doorway/requirements.js';
import { type Actor, organizationsOf, seesEveryOrganization, standingOf } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { WebhookDelivery, WebhookEndpoint } from './webhook.entity.js';

/** Owners see their organization's endpoints, administrators and auditors everybody's. */
export function maySeeEndpoints(actor: Actor, organizationId: string | null): boolean {
  const { roles } = standingOf(actor, organizationId);
  return roles.some((role) => role === 'OWNER' || role === 'ADMIN' || role === 'AUDITOR' || role === 'SYSTEM');
}

/** @throws Refusal when the actor may not manage the endpoints of this organization, or of the operator (null). */
export function requireMayManage(actor: Actor, organizationId: string | null): void {
  requireIdentified(actor);
  const known =
    organizationId === null || seesEveryOrganization(actor) || organizationsOf(actor).includes(organizationId);
  if (!known) throw Refusal.notFound('organization', ['organizationId']);
  requirePermission(
    organizationId === null ? 'manageOperatorWebhooks' : 'managePartnerWebhooks',
    actor,
    organizationId,
  );
}

/** Loads an endpoint to change it. Removed ones cannot be changed any more. */
export async function lockEndpoint(
  work: Work,
  { endpointId, expectedVersion }: { readonly endpointId: string; readonly expectedVersion?: number | null },
  options: { readonly evenRemoved?: boolean } = {},
): Promise<WebhookEndpoint> {
  requireIdentified(work.actor);
  const endpoint = await work.em.findOne(WebhookEndpoint, { id: endpointId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!endpoint || !maySeeEndpoints(work.actor, endpoint.organizationId ?? null)) {
    throw Refusal.notFound('webhook endpoint', ['endpointId']);
  }
  requireMayManage(work.actor, endpoint.organizationId ?? null);
  requireVersion(endpoint.version, expectedVersion);
  if (endpoint.status === 'REMOVED' && !options.evenRemoved) {
    throw Refusal.of('NOT_ALLOWED_NOW', 'This endpoint was removed. Register it again to use it.', ['endpointId']);
  }
  return endpoint;
}

/** Loads a delivery and its endpoint, locked in the order in which every other command locks them. */
export async function lockDelivery(
  work: Work,
  deliveryId: string,
): Promise<{ delivery: WebhookDelivery; endpoint: WebhookEndpoint }> {
  requireIdentified(work.actor);
  const found = await work.em.findOne(WebhookDelivery, { id: deliveryId });
  if (!found) throw Refusal.notFound('webhook delivery', ['deliveryId']);
  const endpoint = await lockEndpoint(work, { endpointId: found.endpointId }).catch((error: unknown) => {
    const foreign = error instanceof Refusal && error.code === 'NOT_FOUND';
    throw foreign ? Refusal.notFound('webhook delivery', ['deliveryId']) : error;
  });
  const delivery = await work.em.refreshOrFail(found, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return { delivery, endpoint };
}

/** @throws Refusal NOT_ALLOWED_NOW when nothing would be sent. */
export function requireEnabled(endpoint: WebhookEndpoint): void {
  if (endpoint.status === 'ENABLED') return;
  throw Refusal.of('NOT_ALLOWED_NOW', 'This endpoint is disabled; nothing is sent to it. Enable it first.', [
    'endpointId',
  ]);
}

export type EndpointEvent =
  | 'webhook_endpoint.created'
  | 'webhook_endpoint.changed'
  | 'webhook_endpoint.secret_rotated'
  | 'webhook_endpoint.removed'
  | 'webhook_endpoint.pinged';

export function recordEndpointEvent(work: Work, endpoint: WebhookEndpoint, event: EndpointEvent): void {
  work.record({
    event,
    payload: { endpointId: encodeId('endpoint', endpoint.id) },
    subject: { kind: 'endpoint', id: endpoint.id },
    organizationId: endpoint.organizationId ?? null,
  });
}
