import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Queue } from '../platform/jobs.js';
import { open } from '../platform/secrets.js';
import { type DeliverJob, deliverQueue } from './deliver-job.js';
import type { ClaimedDelivery, Deliveries } from './delivery.js';
import { disableGoneEndpoint } from './webhook.commands.js';
import { signedHeaders } from './webhook-message.js';
import type { AttemptResult, WebhookSender } from './webhook-sender.js';

export interface WebhookJobParts {
  readonly deliveries: Deliveries;
  readonly sender: WebhookSender;
  readonly doorway: Pick<Doorway, 'execute'>;
  readonly clock: Clock;
  readonly sealingKey: Buffer;
}

/**
 * Makes one attempt at a delivery. The receiver is called outside any transaction; between the call and the record of it
 * a crash repeats the call, so a message is delivered at least once.
 */
export function webhookDelivery(parts: WebhookJobParts): Queue<DeliverJob> {
  return {
    name: deliverQueue,
    // Only for trouble of our own. A receiver's failure is recorded, and its next attempt is a job of its own.
    retryLimit: 5,
    retryDelaySeconds: 5,
    expireInSeconds: 60,
    concurrency: 16,
    async handle({ deliveryId }, signal) {
      const claimed = await parts.deliveries.claim(deliveryId);
      if (!claimed) return parts.deliveries.setAside(deliveryId);
      const at = parts.clock.now();
      const secrets = secretsOf(claimed, parts.sealingKey);
      if (secrets.length === 0) return parts.deliveries.record(claimed, at, unsigned);
      const result = await parts.sender.send(outgoing(claimed, at, secrets), signal).catch(async (error) => {
        await parts.deliveries.release(deliveryId);
        throw error;
      });
      await parts.deliveries.record(claimed, at, result);
      if (result.statusCode === 410) {
        const { endpointId, url } = claimed;
        await parts.doorway.execute(disableGoneEndpoint, { endpointId, url }, byJob(deliveryId));
      }
    },
  };
}

/** Each minute, finds deliveries whose job was lost. */
export function webhookSweep(deliveries: Deliveries): Queue<object> {
  return {
    name: 'webhooks.sweep',
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 60,
    concurrency: 1,
    schedule: '* * * * *',
    async handle() {
      await deliveries.recoverLost();
    },
  };
}

/** What comes of a message that cannot be signed; it is tried again like any other, and is sent after a rotation. */
const unsigned: AttemptResult = {
  durationMs: 0,
  statusCode: null,
  failure: 'The endpoint’s secret was sealed with another SECRET_KEY and cannot be opened. Rotate the secret.',
  responseExcerpt: null,
};

function outgoing({ url, body, eventId }: ClaimedDelivery, at: Date, secrets: readonly string[]) {
  return { url, body, headers: signedHeaders({ eventId, at, body, secrets }) };
}

/** The secrets that this portal can open: after SECRET_KEY was replaced, only those made since. */
function secretsOf({ sealedSecrets }: ClaimedDelivery, sealingKey: Buffer): string[] {
  return sealedSecrets.flatMap((sealed) => {
    try {
      return [open(sealingKey, sealed)];
    } catch {
      return [];
    }
  });
}

function byJob(deliveryId: string) {
  return {
    actor: { kind: 'SYSTEM', name: deliverQueue },
    requestId: `delivery ${deliveryId}`,
    ipAddress: null,
    idempotencyKey: null,
  } as const;
}
