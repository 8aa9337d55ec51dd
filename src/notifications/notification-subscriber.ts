import { sql } from 'kysely';
import type { EventSubscriber } from '../events/dispatch.js';
import type { ToldEvent } from '../events/told-event.js';
import type { Em, RawSql } from '../platform/database/database.js';
import { applicationLetters } from './application-letters.js';
import { grantLetters } from './grant-letters.js';
import { informationRequestLetters } from './information-request-letters.js';
import { composed, type Letters, linkTo, Matter } from './letters.js';
import { type Message, type Notifications, sendQueue } from './notifications.js';
import { organizationLetters } from './organization-letters.js';
import { addressesOf } from './recipients.js';
import { screeningLetters } from './screening-letters.js';
import { workflowLetters } from './workflow-letters.js';

const letters: Letters = {
  ...applicationLetters,
  ...informationRequestLetters,
  ...workflowLetters,
  ...grantLetters,
  ...organizationLetters,
  ...screeningLetters,
};

/** Writes to the people who should hear of an event. */
export class NotificationSubscriber implements EventSubscriber {
  readonly #notifications: Notifications;
  readonly #publicUrl: string;

  constructor(parts: { readonly notifications: Notifications; readonly publicUrl: string }) {
    this.#notifications = parts.notifications;
    this.#publicUrl = parts.publicUrl;
  }

  async receive(em: Em, events: readonly ToldEvent[]): Promise<readonly string[]> {
    const told = events.filter((event) => Object.hasOwn(letters, event.name));
    const names = await organizationNames(em.getKysely(), told);
    const messages: Message[] = [];
    for (const event of told) messages.push(...(await this.#messages(em.getKysely(), event, names)));
    return (await this.#notifications.enqueueAll(em, messages)) > 0 ? [sendQueue] : [];
  }

  /** The first letter that reaches a person is the one they get. */
  async #messages(database: RawSql, event: ToldEvent, names: ReadonlyMap<string, string>): Promise<Message[]> {
    const matter = new Matter(names.get(event.organizationId ?? '') ?? '', event.payload);
    const messages = new Map<string, Message>();
    for (const letter of letters[event.name] ?? []) {
      const { subject, ...rest } = letter.write(matter);
      const text = composed(rest, linkTo(this.#publicUrl, event.payload));
      for (const recipient of await addressesOf(database, letter.to, event, letter)) {
        if (!messages.has(recipient)) messages.set(recipient, { recipient, subject, text, eventId: event.id });
      }
    }
    return [...messages.values()];
  }
}

async function organizationNames(database: RawSql, events: readonly ToldEvent[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(events.map((event) => event.organizationId).filter((id) => id !== null))];
  if (ids.length === 0) return new Map();
  const found = await sql<{ id: string; legal_name: string }>`
    select id, legal_name from organization where id in (${sql.join(ids)})`.execute(database);
  return new Map(found.rows.map((row) => [row.id, row.legal_name]));
}
