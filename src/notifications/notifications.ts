import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Em } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Jobs } from '../platform/jobs.js';
import { seal } from '../platform/secrets.js';

/** The queue on which messages are sent. */
export const sendQueue = 'notifications.send';

/** A job on the send queue: one message. */
export interface SendJob {
  readonly notificationId: string;
}

/** A message to one person. */
export interface Message {
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  /** The event it tells of; a recipient hears of an event once. Null for messages about an account. */
  readonly eventId: string | null;
}

export interface NotificationParts {
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sealingKey: Buffer;
}

/** Messages to people, by e-mail. */
export class Notifications {
  readonly #parts: NotificationParts;

  constructor(parts: NotificationParts) {
    this.#parts = parts;
  }

  /** Writes a message down, to be sent once the transaction of `em` has committed. */
  async enqueue(em: Em, message: Message): Promise<void> {
    await this.enqueueAll(em, [message]);
  }

  /** @returns how many messages were not there before */
  async enqueueAll(em: Em, messages: readonly Message[]): Promise<number> {
    if (messages.length === 0) return 0;
    const { clock, ids, jobs, sealingKey } = this.#parts;
    const now = clock.now();
    const rows = messages.map(({ recipient, subject, text, eventId }) => ({
      id: ids.next(),
      event_id: eventId,
      recipient,
      // Names in it come from people; a line break would not be part of a subject.
      subject: subject.replaceAll(/[\s\p{Cc}]+/gu, ' '),
      sealed_body: seal(sealingKey, text),
    }));
    const created = await sql<{ id: string }>`
      insert into notification (id, event_id, recipient, subject, sealed_body, status, tries, created_at)
      select id, event_id, recipient, subject, sealed_body, 'PENDING', 0, ${now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, event_id uuid, recipient text, subject text, sealed_body text)
      on conflict (event_id, recipient) do nothing returning id`.execute(em.getKysely());
    const sendJobs: SendJob[] = created.rows.map((row) => ({ notificationId: row.id }));
    if (sendJobs.length > 0) await jobs.enqueue(em, sendQueue, sendJobs);
    return sendJobs.length;
  }
}
