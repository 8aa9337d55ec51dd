/** The queue on which deliveries are attempted. */
export const deliverQueue = 'webhooks.deliver';

/** A job on the deliver queue: one attempt at one delivery. */
export interface DeliverJob {
  readonly deliveryId: string;
}
