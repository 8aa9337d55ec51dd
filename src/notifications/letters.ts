import type { ToldEvent } from '../events/told-event.js';
import type { Role } from '../lifecycle/roles.js';
import { encodeId } from '../platform/ids.js';

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

/** As what somebody is told: by their place in the organization concerned, as staff, or as the person it is about. */
export type Capacity = 'MEMBER' | 'STAFF' | 'SELF';

/**
 * In which capacity an audience is told, and in which roles, where it takes one of certain roles. Whoever has lost them by the
 * time they look is not shown what they were told.
 */
export const capacities: Readonly<Record<Audience, { readonly as: Capacity; readonly roles: readonly Role[] }>> = {
  MEMBERS: { as: 'MEMBER', roles: [] },
  APPLICANTS: { as: 'MEMBER', roles: ['OWNER', 'APPLICANT'] },
  OWNERS: { as: 'MEMBER', roles: ['OWNER'] },
  INTAKE: { as: 'STAFF', roles: ['INTAKE'] },
  REVIEWERS: { as: 'STAFF', roles: ['REVIEWER'] },
  DECIDERS: { as: 'STAFF', roles: ['DECIDER'] },
  PROGRAM_MANAGERS: { as: 'STAFF', roles: ['PROGRAM_MANAGER'] },
  ADMINS: { as: 'STAFF', roles: ['ADMIN'] },
  MENTIONED: { as: 'STAFF', roles: [] },
  REOPENER: { as: 'STAFF', roles: [] },
  ASSIGNEE: { as: 'STAFF', roles: [] },
  ASKER: { as: 'STAFF', roles: [] },
  PROPOSER: { as: 'STAFF', roles: [] },
  ADJUDICATOR: { as: 'STAFF', roles: [] },
  PERSON: { as: 'SELF', roles: [] },
  STAFF_MEMBER: { as: 'STAFF', roles: [] },
  ROLES_NAMED: { as: 'STAFF', roles: [] },
};

/** Why everybody gets a letter by e-mail whom it concerns, and how soon. */
export interface Mandatory {
  readonly reaches: 'AT_ONCE' | 'WITHIN_A_DAY';
  /** A sentence for those who would turn it off. */
  readonly because: string;
}

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
  /** Absent: whoever gets it can have it once a day, or never. */
  readonly mandatory?: Mandatory;
  write(matter: Matter): Wording;
}

export type Letters = Readonly<Record<string, readonly Letter[]>>;

/** Where the reader goes on. */
export function linkTo(publicUrl: string, applicationId: string | null): string {
  return applicationId === null
    ? `${publicUrl}/`
    : `${publicUrl}/?application=${encodeId('application', applicationId)}`;
}
