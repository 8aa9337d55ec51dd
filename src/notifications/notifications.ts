import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Em } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Jobs } from '../platform/jobs.js';
import { seal } from '../platform/secrets.js';
import type { Capacity } from './letters.js';
import { kept, type Section } from './mail-body.js';
import type { MailStatus } from './notification.entity.js';

/** The queue on which messages are sent. */
export const sendQueue = 'notifications.send';

/** A job on the send queue: one message. */
export interface SendJob {
  readonly notificationId: string;
}

/** What a person is told. */
export interface Message {
  readonly kind: string;
  /** Their address. */
  readonly recipient: string;
  /** Null when it is not known whether the address has an account. */
  readonly personId: string | null;
  readonly subject: string;
  /** What the e-mail says. */
  readonly sections: readonly Section[];
  /** What is shown in the portal, if the address has an account; null for what is only sent. */
  readonly shown: Shown | null;
  /** The event it tells of; a recipient hears of an event once. Null for messages about an account. */
  readonly eventId: string | null;
  /** When it is told by e-mail: now, never, or by the daily e-mail that is due at a certain moment. */
  readonly byMail: 'AT_ONCE' | 'NEVER' | Date;
}

/** What the portal shows of a message, and what it takes to be shown it. */
export interface Shown {
  readonly body: string;
  readonly capacity: Capacity;
  readonly roles: readonly string[];
  readonly organizationId: string | null;
  readonly applicationId: string | null;
}

export interface NotificationParts {
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sealingKey: Buffer;
}

/** Messages to people, by e-mail and in the portal. */
export class Notifications {
  readonly #parts: NotificationParts;

  constructor(parts: NotificationParts) {
    this.#parts = parts;
  }

  /**
   * Writes a message down, to be sent once the transaction of `em` has committed.
   * @returns its id
   */
  async enqueue(em: Em, message: Message): Promise<string> {
    const id = this.#parts.ids.next();
    await this.#write(em, [{ id, message }]);
    return id;
  }

  /** Does the same for several; what was written down before is not written again. */
  async enqueueAll(em: Em, messages: readonly Message[]): Promise<void> {
    await this.#write(
      em,
      messages.map((message) => ({ id: this.#parts.ids.next(), message })),
    );
  }

  /**
   * Each person's messages are numbered, and whoever gives a number keeps the person's count until the commit: so numbers
   * become visible in their order, and reading on from one of them misses nothing.
   */
  async #write(em: Em, messages: readonly Identified[]): Promise<void> {
    if (messages.length === 0) return;
    const { clock, jobs, sealingKey } = this.#parts;
    const now = clock.now();
    const rows = messages.map((message, position) => rowOf(message, position, sealingKey));
    const created = await sql<{ id: string; status: MailStatus }>`
      with told as (
        select r.*, coalesce(r.user_id, (select u.id from auth_user as u where u.email = r.recipient and r.body is not null)) as person_id
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (position integer, id uuid, event_id uuid, recipient text,
          subject text, sealed_body text, status text, user_id uuid, kind text, body text, capacity text, roles text[],
          organization_id uuid, application_id uuid, digest_at timestamptz)),
      numbered as (
        select told.*, person_id is not null and body is not null as is_shown,
          row_number() over (partition by person_id, body is null order by position) as place,
          count(*) over (partition by person_id, body is null) as many from told),
      counted as (
        insert into notification_count as c (user_id, given)
        select person_id, max(many) from numbered where is_shown group by person_id order by person_id
        on conflict (user_id) do update set given = c.given + excluded.given returning user_id, given)
      insert into notification (id, event_id, recipient, subject, sealed_body, status, tries, created_at, user_id, kind, number,
        capacity, roles, organization_id, application_id, body, digest_at)
      select n.id, n.event_id, n.recipient, n.subject, n.sealed_body, n.status, 0, ${now}::timestamptz, n.person_id, n.kind,
        case when n.is_shown then counted.given - n.many + n.place end,
        n.capacity, n.roles, n.organization_id, n.application_id, case when n.is_shown then n.body end, n.digest_at
      from numbered as n left join counted on counted.user_id = n.person_id
      on conflict (event_id, recipient) do nothing returning id, status`.execute(em.getKysely());
    const pending = created.rows.filter(({ status }) => status === 'PENDING');
    const sendJobs: SendJob[] = pending.map(({ id }) => ({ notificationId: id }));
    await jobs.enqueue(em, sendQueue, sendJobs);
  }
}

interface Identified {
  readonly id: string;
  readonly message: Message;
}

function rowOf({ id, message }: Identified, position: number, sealingKey: Buffer) {
  const { kind, recipient, personId, subject, sections, shown, eventId, byMail } = message;
  const status: MailStatus = byMail === 'AT_ONCE' ? 'PENDING' : byMail === 'NEVER' ? 'UNWANTED' : 'WAITING';
  return {
    position,
    id,
    event_id: eventId,
    recipient,
    // Names in it come from people; a line break would not be part of a subject.
    subject: subject.replaceAll(/[\s\p{Cc}]+/gu, ' '),
    sealed_body: status === 'PENDING' ? seal(sealingKey, kept(sections)) : null,
    status,
    user_id: personId,
    kind,
    body: shown?.body ?? null,
    capacity: shown?.capacity ?? null,
    roles: shown?.roles ?? [],
    organization_id: shown?.organizationId ?? null,
    application_id: shown?.applicationId ?? null,
    digest_at: byMail instanceof Date ? byMail.toISOString() : null,
  };
}
