import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { ToldEvent } from '../events/told-event.js';
import { encodeId } from '../platform/ids.js';

/** What a receiver is sent about an event. It is written once, so that every attempt sends the same characters. */
export function messageBody(event: ToldEvent, to: 'PARTNER' | 'OPERATOR'): string {
  return JSON.stringify({
    id: encodeId('event', event.id),
    type: event.name,
    version: event.version,
    occurredAt: event.at.toISOString(),
    // Not for partners: gaps between the numbers would tell them how much goes on elsewhere.
    ...(to === 'OPERATOR' ? { sequence: event.sequence } : {}),
    organization: event.organizationId === null ? null : { id: encodeId('organization', event.organizationId) },
    subject: { kind: event.subject.kind, id: encodeId(event.subject.kind, event.subject.id) },
    data: event.payload,
  });
}

export interface Signing {
  readonly eventId: string;
  readonly at: Date;
  readonly body: string;
  /** The secret in force, and for a while after a rotation the one before. */
  readonly secrets: readonly string[];
}

/** The headers of Standard Webhooks: the id stays the same at every attempt, the time and the signature do not. */
export function signedHeaders({ eventId, at, body, secrets }: Signing): Record<string, string> {
  const id = encodeId('event', eventId);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
