import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Queue } from '../platform/jobs.js';
import { open } from '../platform/secrets.js';
import { type DeliverJob, deliverQueue } from './deliver-job.js';
import type { ClaimedDelivery, Deliveries } from './delivery.js';
import { disableGoneEndpoint } from './webhook.commands.js';
import { signedHeaders } from './webhook-message.js';
import type { WebhookSender } from './webhook-sender.js';

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
      const result = await parts.sender.send(outgoing(claimed, at, parts.sealingKey), signal).catch(async (error) => {
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

function outgoing({ url, body, eventId, sealedSecrets }: ClaimedDelivery, at: Date, sealingKey: Buffer) {
  const secrets = sealedSecrets.map((sealed) => open(sealingKey, sealed));
  return { url, body, headers: signedHeaders({ eventId, at, body, secrets }) };
}

function byJob(deliveryId: string) {
  return {
    actor: { kind: 'SYSTEM', name: deliverQueue },
    requestId: `delivery ${deliveryId}`,
    ipAddress: null,
    idempotencyKey: null,
  } as const;
}
