import { endedGrantStatuses, type GrantStatus } from './grant.js';
import type { GrantPolicy } from './grant-policy.js';
import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** Where the recertification of a grant stands. */
export const recertificationStatuses = {
  DUE: 'Waits for the partner to attest that the grant is still used and its users were looked through.',
  ATTESTED: 'The partner has attested; staff have not confirmed yet.',
  CONFIRMED: 'Staff have confirmed; it is done until the next time.',
} as const;

export type RecertificationStatus = keyof typeof recertificationStatuses;

export interface RecertificationRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly RecertificationStatus[];
  /** The status it leads to; null when it leaves the status alone. */
  readonly to: RecertificationStatus | null;
}

/** The table of recertifications: role × command × status. */
export const recertificationCommands = {
  attest: {
    does: 'Attests for the partner that the grant is still used and its users were looked through.',
    by: ['OWNER'],
    from: ['DUE'],
    to: 'ATTESTED',
  },
  confirm: {
    does: 'Confirms for the operator what the partner attested; never by a member of the organization.',
    by: ['PROGRAM_MANAGER'],
    from: ['ATTESTED'],
    to: 'CONFIRMED',
  },
  decline: {
    does: 'Sends what the partner attested back, with a reason.',
    by: ['PROGRAM_MANAGER'],
    from: ['ATTESTED'],
    to: 'DUE',
  },
  remind: {
    does: 'Reminds of it shortly before it is due.',
    by: ['SYSTEM'],
    from: ['DUE', 'ATTESTED'],
    to: null,
  },
  lapse: {
    does: 'Suspends the grant, because it was not done in time.',
    by: ['SYSTEM'],
    from: ['DUE', 'ATTESTED'],
    to: null,
  },
} as const satisfies Record<string, RecertificationRule>;

export type RecertificationCommand = keyof typeof recertificationCommands;
export const allRecertificationCommands = Object.keys(recertificationCommands) as RecertificationCommand[];

export function recertificationRule(command: RecertificationCommand): RecertificationRule {
  return recertificationCommands[command];
}

export interface RecertificationFacts {
  readonly status: RecertificationStatus;
  readonly grantStatus: GrantStatus;
  readonly dueAt: Date;
  readonly remindedAt: Date | null;
  readonly overdueAt: Date | null;
}

/** May this actor give this command on a recertification now? Role, then status, then what else must hold. */
export function ruleOnRecertification(
  command: RecertificationCommand,
  facts: RecertificationFacts,
  actor: ActorStanding,
  now: Date,
): Ruling {
  const rule = recertificationRule(command);
  if (!rule.by.some((role) => actor.roles.includes(role)))
    return objection('FORBIDDEN', `Your role does not allow this. It takes ${rule.by.join(' or ')}.`);
  if (endedGrantStatuses.includes(facts.grantStatus))
    return objection('NOT_ALLOWED_NOW', 'The grant has ended, so there is nothing to recertify.');
  if (!rule.from.includes(facts.status))
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the recertification is ${facts.status}: ${recertificationStatuses[facts.status]}`,
    );
  if ((command === 'confirm' || command === 'decline') && actor.belongsToOrganization)
    return objection('FOUR_EYES', 'You belong to this organization, so other staff must look at its attestations.');
  if (command === 'remind' && (facts.remindedAt || now < remindAt(facts)))
    return objection('NOT_ALLOWED_NOW', 'There is nothing to remind of yet, or that was done.');
  if (command === 'lapse' && (facts.overdueAt || now < facts.dueAt))
    return objection('NOT_ALLOWED_NOW', `It can be done until ${facts.dueAt.toISOString()}, or was found overdue.`);
  return accepted;
}

export function availableRecertificationCommands(
  facts: RecertificationFacts,
  actor: ActorStanding,
  now: Date,
): RecertificationCommand[] {
  return allRecertificationCommands.filter((command) => ruleOnRecertification(command, facts, actor, now).length === 0);
}

/** Days before it is due that are told once more. */
export const reminderDays = 7;

const dayMs = 24 * 60 * 60 * 1000;

function remindAt({ dueAt }: Pick<RecertificationFacts, 'dueAt'>): Date {
  return new Date(dueAt.getTime() - reminderDays * dayMs);
}

/**
 * Until when a grant is to be recertified, once that can be given; null while it cannot, and where the program asks for
 * none. A program that asks only now leaves the time that it usually does.
 * @param since when it was last confirmed, or else when the grant began
 */
export function recertificationDue(
  { recertifyEveryDays, recertifyNoticeDays }: Pick<GrantPolicy, 'recertifyEveryDays' | 'recertifyNoticeDays'>,
  since: Date,
  now: Date,
): Date | null {
  if (recertifyEveryDays === null) return null;
  const due = since.getTime() + recertifyEveryDays * dayMs;
  const notice = recertifyNoticeDays * dayMs;
  return now.getTime() < due - notice ? null : new Date(Math.max(due, now.getTime() + notice));
}
