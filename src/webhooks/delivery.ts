import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Database, Em } from '../platform/database/database.js';
import type { Jobs } from '../platform/jobs.js';
import { inTransaction } from '../platform/transaction.js';
import { deliverQueue } from './deliver-job.js';
import { nextAttemptAt, type RetrySchedule } from './retry-schedule.js';
import { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from './webhook.entity.js';
import type { AttemptResult } from './webhook-sender.js';

/** A delivery that this process alone attempts for now, with what it takes to do so. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly body: string;
  readonly url: string;
  readonly sealedSecrets: readonly string[];
}

interface ClaimedRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly body: string;
  readonly url: string;
  readonly sealed_secret: string;
  readonly sealed_previous_secret: string | null;
  readonly previous_secret_until: string | null;
}

/** For how long a claim holds: longer than an attempt can take. Afterwards its process is taken for dead. */
const claimHoldsMs = 25_000;

/** How much earlier than agreed a job may come, because the database's clock and ours differ a little. */
const earlinessMs = 5_000;

export interface DeliveryParts {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly schedule: RetrySchedule;
}

/** The record of deliveries: what is due, who works on it, and what came of each attempt. */
export class Deliveries {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Claims a delivery that is due; null when there is nothing to do: received, given up, or somebody is at it. */
  async claim(deliveryId: string): Promise<ClaimedDelivery | null> {
    const now = this.#parts.clock.now();
    const claimed = await sql<ClaimedRow>`
      update webhook_delivery as d set next_attempt_at = ${after(now, claimHoldsMs)}
      from webhook_endpoint as e
      where d.id = ${deliveryId} and e.id = d.endpoint_id and e.status = 'ENABLED'
        and d.status = 'PENDING' and d.next_attempt_at <= ${after(now, earlinessMs)}
      returning d.id, d.endpoint_id, d.event_id, d.body, e.url, e.sealed_secret, e.sealed_previous_secret, e.previous_secret_until
    `.execute(this.#parts.database.kysely());
    const [row] = claimed.rows;
    return row ? claimedDelivery(row, now) : null;
  }

  /** Gives a claim back, because the process stops. */
  async release(deliveryId: string): Promise<void> {
    await sql`update webhook_delivery set next_attempt_at = ${this.#parts.clock.now()}
      where id = ${deliveryId} and status = 'PENDING'`.execute(this.#parts.database.kysely());
  }

  /**
   * Sees to a delivery that could not be claimed. Cancels it when its endpoint was disabled or removed just as it was
   * created. When somebody else holds the claim, comes back after it, because that process may have died.
   */
  async setAside(deliveryId: string): Promise<void> {
    const soon = after(this.#parts.clock.now(), claimHoldsMs);
    await inTransaction(this.#parts.database, async (em) => {
      const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
      const delivery = await em.findOne(WebhookDelivery, { id: deliveryId, status: 'PENDING' }, lock);
      if (!delivery) return;
      const endpoint = await em.findOneOrFail(WebhookEndpoint, { id: delivery.endpointId });
      const next = delivery.nextAttemptAt ?? null;
      if (endpoint.status !== 'ENABLED') {
        delivery.status = 'CANCELLED';
        delivery.nextAttemptAt = null;
      } else if (next !== null && next <= soon) {
        await this.#parts.jobs.enqueue(em, deliverQueue, [{ deliveryId }], { startAfter: next });
      }
      await em.flush();
    });
  }

  /** Keeps what came of an attempt, and when there is another one, enqueues it in the same transaction. */
  async record(claimed: ClaimedDelivery, at: Date, result: AttemptResult): Promise<void> {
    await inTransaction(this.#parts.database, async (em) => {
      const delivery = await em.findOne(WebhookDelivery, { id: claimed.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!delivery) return;
      delivery.attempts += 1;
      em.create(WebhookAttempt, {
        deliveryId: delivery.id,
        number: delivery.attempts,
        at,
        ...result,
      });
      if (result.failure === null) this.#received(delivery);
      else await this.#failed(em, delivery, result.statusCode === 410);
      await em.flush();
    });
  }

  /** Enqueues again what has been due for a while and is not being attempted. */
  async recoverLost(): Promise<void> {
    const now = this.#parts.clock.now();
    await inTransaction(this.#parts.database, async (em) => {
      const found = await sql<{ id: string }>`
        update webhook_delivery set next_attempt_at = ${now} where id in (
          select id from webhook_delivery where status = 'PENDING' and next_attempt_at < ${after(now, -lateMs)}
          order by next_attempt_at limit ${recoveredAtOnce} for update skip locked)
        returning id`.execute(em.getKysely());
      const jobs = found.rows.map((row) => ({ deliveryId: row.id }));
      await this.#parts.jobs.enqueue(em, deliverQueue, jobs);
    });
  }

  #received(delivery: WebhookDelivery): void {
    delivery.status = 'DELIVERED';
    delivery.deliveredAt = this.#parts.clock.now();
    delivery.nextAttemptAt = null;
  }

  async #failed(em: Em, delivery: WebhookDelivery, gone: boolean): Promise<void> {
    if (delivery.status !== 'PENDING') return;
    const endpoint = await em.findOneOrFail(WebhookEndpoint, { id: delivery.endpointId });
    delivery.failures += 1;
    const next = gone ? null : nextAttemptAt(this.#parts.schedule, delivery.failures, this.#parts.clock.now());
    delivery.nextAttemptAt = endpoint.status === 'ENABLED' ? next : null;
    if (endpoint.status !== 'ENABLED') delivery.status = 'CANCELLED';
    else if (!next) delivery.status = 'FAILED';
    else await this.#parts.jobs.enqueue(em, deliverQueue, [{ deliveryId: delivery.id }], { startAfter: next });
  }
}

/** How long after its time a delivery counts as lost, and how many are recovered in one go. */
const lateMs = 60_000;
const recoveredAtOnce = 500;

function claimedDelivery(row: ClaimedRow, now: Date): ClaimedDelivery {
  const previousHolds = row.previous_secret_until !== null && new Date(row.previous_secret_until) > now;
  const previous = previousHolds && row.sealed_previous_secret !== null ? [row.sealed_previous_secret] : [];
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    body: row.body,
    url: row.url,
    sealedSecrets: [row.sealed_secret, ...previous],
  };
}

function after(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds);
}
