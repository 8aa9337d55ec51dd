import type { ToldEvent } from '../events/told-event.js';

/** Who hears of an event. Members are those of the organization concerned. */
export type Audience =
  | 'MEMBERS'
  | 'APPLICANTS'
  | 'OWNERS'
  | 'INTAKE'
  | 'REVIEWERS'
  | 'DECIDERS'
  | 'PROGRAM_MANAGERS'
  | 'ADMINS'
  /** Whoever the application is assigned to. */
  | 'ASSIGNEE'
  /** Whoever asked for the information that the event is about. */
  | 'ASKER'
  /** Whoever proposed the decision that the event is about. */
  | 'PROPOSER'
  /** Whoever proposed to reopen the application. */
  | 'REOPENER'
  /** Whoever proposed the judgement of a screening hit that the event is about. */
  | 'ADJUDICATOR'
  /** The person whom the event is about. */
  | 'PERSON'
  /** The member of staff whom the event is about. */
  | 'STAFF_MEMBER'
  /** Staff in the roles that the event names. */
  | 'ROLES_NAMED'
  /** The members of staff whom the event says are mentioned. */
  | 'MENTIONED';

/** What a letter says. The link and the ending are added. */
export interface Wording {
  readonly subject: string;
  readonly happened: string;
  /** What the reader can or must do now. */
  readonly next: string;
}

/** What a letter may tell of its event. */
export class Matter {
  readonly organization: string;
  readonly #payload: ToldEvent['payload'];

  constructor(organization: string, payload: ToldEvent['payload']) {
    this.organization = organization;
    this.#payload = payload;
  }

  /** A field of the event's data, as text; empty when it has none. */
  field(name: string): string {
    const value = this.#payload[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }

  /** A list among the event's data, a line each; empty when it has none. */
  lines(name: string): string {
    const value = this.#payload[name];
    return Array.isArray(value) ? value.map((line) => `- ${String(line)}`).join('\n') : '';
  }

  /** A moment among the event's data, for people. */
  moment(name: string): string {
    const moment = new Date(this.field(name));
    if (Number.isNaN(moment.getTime())) return '';
    const text = moment.toISOString();
    return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
  }

  get reference(): string {
    return this.field('reference');
  }
}

/** One kind of letter about an event. */
export interface Letter {
  readonly to: Audience;
  /** Also to whoever did it, as a receipt. */
  readonly receipt?: true;
  write(matter: Matter): Wording;
}

export type Letters = Readonly<Record<string, readonly Letter[]>>;

/** Where the reader goes on. */
export function linkTo(publicUrl: string, payload: ToldEvent['payload']): string {
  const { applicationId } = payload;
  return typeof applicationId === 'string' ? `${publicUrl}/?application=${applicationId}` : `${publicUrl}/`;
}

/** The whole text of a letter: what happened, what to do next, where. */
export function composed({ happened, next }: Pick<Wording, 'happened' | 'next'>, link: string): string {
  return `${happened}\n\n${next}\n\n${link}\n`;
}
