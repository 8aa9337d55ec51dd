import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** What an authority orders. */
export const directiveKinds = {
  HALT: 'Closes its products to everybody, until the same authority permits somebody again.',
  AUTHORIZE: 'Permits its products to those in its scope, under its conditions.',
  AMEND: 'Puts other terms in the place of an earlier directive’s.',
  RESCIND: 'Takes an earlier directive back.',
  DESIGNATE: 'Shuts the organizations it names out of every product, until it is rescinded.',
} as const;

export type DirectiveKind = keyof typeof directiveKinds;
export const allDirectiveKinds = Object.keys(directiveKinds) as DirectiveKind[];

/** Where the record of a directive stands. Whether one in force binds at a moment is computed from its times. */
export const directiveStatuses = {
  RECORDED: 'Recorded by one person, and waiting for another to put it in force.',
  IN_FORCE: 'In force: it binds from the moment it takes effect.',
  WITHDRAWN: 'Withdrawn before it was in force, because it was recorded in error.',
} as const;

export type DirectiveStatus = keyof typeof directiveStatuses;
export const allDirectiveStatuses = Object.keys(directiveStatuses) as DirectiveStatus[];

/** What holds for foreign persons among the named users, the strictest first. */
export const foreignPersonRules = {
  NONE_PERMITTED: 'No foreign person may use the product.',
  LICENCE_EACH: 'Each foreign person needs a licence of their own.',
  EXEMPT: 'Foreign persons of those in scope need no licence.',
  NO_RULE: 'The letter says nothing about foreign persons.',
} as const;

export type ForeignPersonRule = keyof typeof foreignPersonRules;

/** What holds for the operator’s own staff, the strictest first. */
export const operatorStaffRules = {
  EXCLUDED: 'The operator’s own staff may not use the product.',
  AS_OTHERS: 'The operator’s own staff are in scope when their organization is.',
  EXEMPT: 'The operator’s own staff are in scope.',
} as const;

export type OperatorStaffRule = keyof typeof operatorStaffRules;

/** How far a printed name of an annex is matched to an organization. */
export const scopeEntryStatuses = {
  UNMATCHED: 'Nobody has found yet whose name it is.',
  MATCHED: 'Matched to an organization, with evidence.',
  DISPUTED: 'It is doubted whose name it is; until that is settled, it counts for nobody.',
} as const;

export type ScopeEntryStatus = keyof typeof scopeEntryStatuses;

export const hoursToRatify = 24;

export interface DirectiveRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly DirectiveStatus[];
  /** The status it leads to; null when it leaves the status alone. */
  readonly to: DirectiveStatus | null;
}

/** The table of directives: role × command × status. Recording one is a plain command (permissions.ts). */
export const directiveCommands = {
  putInForce: {
    does: 'Puts the directive in force; never by whoever recorded it.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
    from: ['RECORDED'],
    to: 'IN_FORCE',
  },
  withdraw: {
    does: 'Withdraws a record made in error, before it is in force.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
    from: ['RECORDED'],
    to: 'WITHDRAWN',
  },
  ratify: {
    does: 'Confirms an emergency halt that one person put in force; by another, within 24 hours.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
    from: ['IN_FORCE'],
    to: null,
  },
  matchEntry: {
    does: 'Says whose name a printed name of the annex is, with evidence, or that it is doubted.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
    from: ['RECORDED', 'IN_FORCE'],
    to: null,
  },
  addLetter: {
    does: 'Adds the letter itself as a file with the hash that was stated; replaces it before the directive is in force.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
    from: ['RECORDED', 'IN_FORCE'],
    to: null,
  },
  escalate: {
    does: 'Tells that an emergency halt was not ratified in time. It stays in force.',
    by: ['SYSTEM'],
    from: ['IN_FORCE'],
    to: null,
  },
  remindOfReview: {
    does: 'Tells, once, that the day has come on which the directive is to be reviewed.',
    by: ['SYSTEM'],
    from: ['IN_FORCE'],
    to: null,
  },
} as const satisfies Record<string, DirectiveRule>;

export type DirectiveCommand = keyof typeof directiveCommands;
export const allDirectiveCommands = Object.keys(directiveCommands) as DirectiveCommand[];

export function directiveRule(command: DirectiveCommand): DirectiveRule {
  return directiveCommands[command];
}

export interface DirectiveFacts {
  readonly status: DirectiveStatus;
  readonly recordedBy: string;
  /** Put in force by one person alone, because it could not wait. */
  readonly isEmergency: boolean;
  readonly ratifiedAt: Date | null;
  /** Until when an emergency halt is to be ratified; null for others. */
  readonly ratifyBy: Date | null;
  readonly escalatedAt: Date | null;
  readonly reviewAt: Date | null;
  readonly reviewRemindedAt: Date | null;
  /** Is the hash of its letter on record? */
  readonly isLetterHashed: boolean;
  readonly hasLetter: boolean;
}

/** May this actor give this command on a directive now? Role, then status, then the four eyes. */
export function ruleOnDirective(
  command: DirectiveCommand,
  facts: DirectiveFacts,
  actor: ActorStanding,
  now: Date,
): Ruling {
  const rule = directiveRule(command);
  if (!rule.by.some((role) => actor.roles.includes(role)))
    return objection('FORBIDDEN', `Your role does not allow this. It takes ${rule.by.join(' or ')}.`);
  if (!rule.from.includes(facts.status))
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the directive is ${facts.status}: ${directiveStatuses[facts.status]}`,
    );
  const isRecorder = actor.personId !== null && actor.personId === facts.recordedBy;
  if (command === 'putInForce' && isRecorder)
    return objection('FOUR_EYES', 'You recorded this directive; another person must put it in force.');
  if (command === 'addLetter') return ruleOnLetter(facts);
  if (command === 'ratify') return ruleOnRatifying(facts, isRecorder);
  if (command === 'escalate') return ruleOnEscalating(facts, now);
  if (command === 'remindOfReview') return ruleOnReminding(facts, now);
  return accepted;
}

/** What is in force has the letter that its record states, and no other. */
function ruleOnLetter({ status, isLetterHashed, hasLetter }: DirectiveFacts): Ruling {
  if (status !== 'IN_FORCE') return accepted;
  if (hasLetter) return objection('NOT_ALLOWED_NOW', 'The directive is in force, so its letter stays as it is.');
  return isLetterHashed
    ? accepted
    : objection(
        'NOT_ALLOWED_NOW',
        'It was put in force without the hash of its letter, so no file can be shown to be it.',
      );
}

function ruleOnRatifying(facts: DirectiveFacts, isRecorder: boolean): Ruling {
  if (!facts.isEmergency)
    return objection(
      'NOT_ALLOWED_NOW',
      'Only an emergency halt is ratified; this one was put in force by a second person.',
    );
  if (facts.ratifiedAt) return objection('ALREADY_EXISTS', 'The halt was ratified already.');
  return isRecorder
    ? objection('FOUR_EYES', 'You ordered this emergency halt; another person must ratify it.')
    : accepted;
}

function ruleOnEscalating({ isEmergency, ratifiedAt, ratifyBy, escalatedAt }: DirectiveFacts, now: Date): Ruling {
  const isLate = isEmergency && !ratifiedAt && ratifyBy !== null && ratifyBy <= now;
  return isLate && !escalatedAt ? accepted : objection('NOT_ALLOWED_NOW', 'There is nothing to escalate.');
}

function ruleOnReminding({ reviewAt, reviewRemindedAt }: DirectiveFacts, now: Date): Ruling {
  const isDue = reviewAt !== null && reviewAt <= now && !reviewRemindedAt;
  return isDue ? accepted : objection('NOT_ALLOWED_NOW', 'There is nothing to be reminded of.');
}

export function availableDirectiveCommands(facts: DirectiveFacts, actor: ActorStanding, now: Date): DirectiveCommand[] {
  return allDirectiveCommands.filter((command) => ruleOnDirective(command, facts, actor, now).length === 0);
}
