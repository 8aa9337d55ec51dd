import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';
import {
  missingFor,
  type OpenSuspension,
  type SuspensionCause,
  suspensionCauses,
  suspensionsToLift,
} from './suspension.js';

/** Where a grant stands. Approved is not usable: a grant can be used only while ACTIVE. */
export const grantStatuses = {
  APPROVED_IN_PRINCIPLE: 'Approved; access begins when the product’s release permits it, without applying again.',
  WAITLISTED: 'Approved; it waits for a place in a wave of its product, so it cannot be provisioned yet.',
  PENDING_PROVISIONING: 'Approved; the provisioning system has not acknowledged it yet, so it cannot be used.',
  ACTIVE: 'Provisioned and in force.',
  SUSPENDED: 'Not to be used until it is reinstated.',
  EXPIRED: 'Over, because its end was reached.',
  REVOKED: 'Taken away for good, for the reason shown.',
  SURRENDERED: 'Given back by the partner.',
} as const;

export type GrantStatus = keyof typeof grantStatuses;

export interface GrantRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly GrantStatus[];
  /** The status it leads to; null when it leaves the status alone, a list when that depends on what happened before. */
  readonly to: GrantStatus | null | readonly GrantStatus[];
}

/** Statuses in which a grant is over for good. */
const ended = ['EXPIRED', 'REVOKED', 'SURRENDERED'] as const;
export const endedGrantStatuses: readonly GrantStatus[] = ended;

/** Statuses in which it is not over, whether or not it lets anybody in. */
const standing = ['APPROVED_IN_PRINCIPLE', 'WAITLISTED', 'PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'] as const;
export const standingGrantStatuses: readonly GrantStatus[] = standing;

/** Commands that let somebody in, or bring them nearer to it. */
const opening: readonly string[] = ['letIn', 'givePlace', 'acknowledge', 'reinstate', 'restore'];

/** The table of grants: role × command × status. */
export const grantCommands = {
  letIn: {
    does: 'Lets in what was approved in principle, when the product’s release permits it.',
    by: ['SYSTEM'],
    from: ['APPROVED_IN_PRINCIPLE'],
    to: ['PENDING_PROVISIONING', 'WAITLISTED'],
  },
  givePlace: {
    does: 'Gives a place in an open wave to the next who waits for one.',
    by: ['SYSTEM'],
    from: ['WAITLISTED'],
    to: 'PENDING_PROVISIONING',
  },
  acknowledge: {
    does: 'Says that access was opened in the product.',
    by: ['PROVISIONER'],
    from: ['PENDING_PROVISIONING'],
    to: 'ACTIVE',
  },
  acknowledgeDeprovisioning: {
    does: 'Says that access was closed in the product.',
    by: ['PROVISIONER'],
    from: ['SUSPENDED', ...ended],
    to: null,
  },
  suspend: {
    does: 'Stops the grant at once, for a reason the partner sees; also one that is suspended for another cause.',
    by: ['PROGRAM_MANAGER', 'ADMIN', 'SYSTEM'],
    from: ['ACTIVE', 'SUSPENDED'],
    to: 'SUSPENDED',
  },
  reinstate: {
    does: 'Lets a suspended grant be used again; never by whoever suspended it.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
    from: ['SUSPENDED'],
    to: ['ACTIVE', 'PENDING_PROVISIONING'],
  },
  restore: {
    does: 'Lifts what the product’s release had shut, when its turn in a restoration comes.',
    by: ['SYSTEM'],
    from: ['SUSPENDED'],
    to: ['ACTIVE', 'PENDING_PROVISIONING', 'SUSPENDED'],
  },
  revoke: {
    does: 'Ends the grant for good, for a reason the partner sees.',
    by: ['PROGRAM_MANAGER'],
    from: standing,
    to: 'REVOKED',
  },
  surrender: {
    does: 'Gives the grant back.',
    by: ['OWNER'],
    from: standing,
    to: 'SURRENDERED',
  },
  manageNamedUsers: {
    does: 'Names users within the seats, removes them, and attests their export status.',
    by: ['OWNER', 'APPLICANT'],
    from: ['PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'],
    to: null,
  },
  expire: {
    does: 'Ends the grant because its last day has passed.',
    by: ['SYSTEM'],
    from: standing,
    to: 'EXPIRED',
  },
  noteExpiring: {
    does: 'Tells that the end is near.',
    by: ['SYSTEM'],
    from: ['PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'],
    to: null,
  },
} as const satisfies Record<string, GrantRule>;

export type GrantCommand = keyof typeof grantCommands;
export const allGrantCommands = Object.keys(grantCommands) as GrantCommand[];
export const allGrantStatuses = Object.keys(grantStatuses) as GrantStatus[];

export function grantRule(command: GrantCommand): GrantRule {
  return grantCommands[command];
}

export interface GrantFacts {
  readonly status: GrantStatus;
  readonly endsAt: Date;
  /** For what it is suspended; empty in every other status. */
  readonly suspensions: readonly OpenSuspension[];
  readonly deprovisionedAt: Date | null;
  /** Screening hits that are not cleared, under a program that suspends for such; looked at when it is suspended only. */
  readonly isHeldByScreening: boolean;
}

/**
 * May this actor give this command on a grant now? Role, then status, then what else must hold.
 * @param cause what is to be suspended for, or lifted; null for a member of staff who suspends, and to lift all
 */
export function ruleOnGrant(
  command: GrantCommand,
  facts: GrantFacts,
  actor: ActorStanding,
  now: Date,
  cause: SuspensionCause | null = null,
): Ruling {
  const rule = grantRule(command);
  if (!rule.by.some((role) => actor.roles.includes(role)))
    return objection('FORBIDDEN', `Your role does not allow this. It takes ${rule.by.join(' or ')}.`);
  if (!rule.from.includes(facts.status))
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the grant is ${facts.status}: ${grantStatuses[facts.status]}`,
    );
  if (command === 'expire' && now < facts.endsAt)
    return objection('NOT_ALLOWED_NOW', `The grant runs until ${facts.endsAt.toISOString()}.`);
  if (opening.includes(command) && now >= facts.endsAt)
    return objection('EXPIRED', `The grant ended on ${facts.endsAt.toISOString()}.`);
  if ((command === 'suspend' || command === 'reinstate' || command === 'revoke') && actor.belongsToOrganization) {
    return objection('FOUR_EYES', 'You belong to this organization, so other staff must handle its grants.');
  }
  if (command === 'suspend') return ruleOnSuspending(facts, cause ?? 'STAFF');
  if (command === 'reinstate') return ruleOnReinstating(facts, actor, cause);
  if (command === 'acknowledgeDeprovisioning' && facts.deprovisionedAt)
    return objection('ALREADY_EXISTS', 'Deprovisioning was acknowledged already.');
  return accepted;
}

function ruleOnSuspending({ suspensions }: GrantFacts, cause: SuspensionCause): Ruling {
  return suspensions.some((one) => one.cause === cause)
    ? objection('ALREADY_EXISTS', `The grant is suspended for this already: ${suspensionCauses[cause]}`)
    : accepted;
}

function ruleOnReinstating(facts: GrantFacts, actor: ActorStanding, named: SuspensionCause | null): Ruling {
  const { lifted, left } = suspensionsToLift(facts.suspensions, named);
  if (named !== null && lifted.length === 0)
    return objection('NOT_ALLOWED_NOW', `The grant is not suspended for this: ${suspensionCauses[named]}`);
  if (actor.personId !== null && lifted.some(({ by }) => by === actor.personId))
    return objection('FOUR_EYES', 'You suspended this grant; another person must reinstate it.');
  const missing = missingFor(lifted);
  if (missing.length > 0)
    return objection(
      'INCOMPLETE',
      `Staff cannot lift this: ${missing.map((cause) => suspensionCauses[cause]).join(' ')} It is lifted when that is done.`,
    );
  const isReview = lifted.some(({ cause }) => cause === 'REVIEW') || left.length === 0;
  return isReview && facts.isHeldByScreening
    ? objection('INCOMPLETE', 'The organization has screening hits that are not cleared; they are judged first.')
    : accepted;
}

export function availableGrantCommands(facts: GrantFacts, actor: ActorStanding, now: Date): GrantCommand[] {
  return allGrantCommands.filter((command) => ruleOnGrant(command, facts, actor, now).length === 0);
}

/** Days before a grant's end at which its partner is told that it is near, each once. */
export const noticesBeforeEnd = [60, 30, 7] as const;

/**
 * The notice that is to be given now, in days before the end; null when there is none, or it was given. One that is
 * overtaken by a later one is left out, and so is one that would come before the grant began.
 * @param noticed the last that was given
 */
export function expiryNoticeDue(
  { startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date },
  noticed: number | null,
  now: Date,
): number | null {
  const dayMs = 24 * 60 * 60 * 1000;
  const passed = noticesBeforeEnd.filter((days) => {
    const at = endsAt.getTime() - days * dayMs;
    return at >= startsAt.getTime() && at <= now.getTime();
  });
  const last = passed.at(-1);
  if (last === undefined || now >= endsAt) return null;
  return noticed === null || last < noticed ? last : null;
}
