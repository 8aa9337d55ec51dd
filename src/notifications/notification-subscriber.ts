import { sql } from 'kysely';
import type { EventSubscriber } from '../events/dispatch.js';
import type { ToldEvent } from '../events/told-event.js';
import { nextDigestAt } from '../lifecycle/digest-time.js';
import type { Em, RawSql } from '../platform/database/database.js';
import { heldChoice, type LetterKind, letterKind, lettersAbout } from './letter-kinds.js';
import { capacities, type Letter, linkTo, Matter } from './letters.js';
import type { Message, Notifications } from './notifications.js';
import { type Recipient, recipientsOf, rolesOf } from './recipients.js';

/** Events of one name, which are told of in the same letters. */
interface Alike {
  readonly name: string;
  readonly events: readonly ToldEvent[];
  /** Of the organizations concerned. */
  readonly names: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** Tells the people who should hear of an event. */
export class NotificationSubscriber implements EventSubscriber {
  readonly #notifications: Notifications;
  readonly #publicUrl: string;

  constructor(parts: { readonly notifications: Notifications; readonly publicUrl: string }) {
    this.#notifications = parts.notifications;
    this.#publicUrl = parts.publicUrl;
  }

  async receive(em: Em, events: readonly ToldEvent[], now: Date): Promise<void> {
    const told = events.filter(({ name }) => lettersAbout(name).length > 0);
    const names = await organizationNames(em.getKysely(), told);
    const messages: Message[] = [];
    for (const [name, alike] of Map.groupBy(told, (event) => event.name))
      messages.push(...(await this.#messages(em.getKysely(), { name, events: alike, names, now })));
    await this.#notifications.enqueueAll(em, messages);
  }

  /** The first letter that reaches a person is the one they get of an event. */
  async #messages(database: RawSql, { name, events, names, now }: Alike): Promise<Message[]> {
    const kind = letterKind(name);
    if (!kind) return [];
    const messages = new Map<string, Message>();
    for (const letter of lettersAbout(name)) {
      const recipients = await recipientsOf(database, letter, events);
      for (const event of events) {
        const matter = new Matter(names.get(event.organizationId ?? '') ?? '', event.payload);
        const written = this.#written(letter, matter, event);
        for (const recipient of recipients.get(event.id) ?? []) {
          const told = `${event.id} ${recipient.email}`;
          if (messages.has(told)) continue;
          messages.set(told, { ...written, ...addressed(recipient), byMail: byMail(kind, recipient, now) });
        }
      }
    }
    return [...messages.values()];
  }

  #written(letter: Letter, matter: Matter, event: ToldEvent): Omit<Message, 'recipient' | 'personId' | 'byMail'> {
    const { subject, happened, next } = letter.write(matter);
    const body = `${happened}\n\n${next}`;
    const { organizationId, applicationId } = event;
    return {
      kind: event.name,
      subject,
      sections: [{ heading: null, text: body, link: linkTo(this.#publicUrl, applicationId) }],
      shown: {
        body,
        capacity: capacities[letter.to].as,
        roles: rolesOf(letter.to, event),
        organizationId,
        applicationId,
      },
      eventId: event.id,
    };
  }
}

function addressed({ email, personId }: Recipient): Pick<Message, 'recipient' | 'personId'> {
  return { recipient: email, personId };
}

function byMail(kind: LetterKind, { chosen, digest }: Recipient, now: Date): Message['byMail'] {
  const choice = heldChoice(kind, chosen);
  return choice === 'DAILY_DIGEST' ? nextDigestAt(now, digest) : choice;
}

async function organizationNames(database: RawSql, events: readonly ToldEvent[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(events.map((event) => event.organizationId).filter((id) => id !== null))];
  if (ids.length === 0) return new Map();
  const found = await sql<{ id: string; legal_name: string }>`
    select id, legal_name from organization where id in (${sql.join(ids)})`.execute(database);
  return new Map(found.rows.map((row) => [row.id, row.legal_name]));
}
