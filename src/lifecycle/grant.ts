import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** Where a grant stands. Approved is not usable: a grant can be used only while ACTIVE. */
export const grantStatuses = {
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

/** The table of grants: role × command × status. */
export const grantCommands = {
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
    does: 'Stops the grant at once, for a reason the partner sees.',
    by: ['PROGRAM_MANAGER', 'ADMIN', 'SYSTEM'],
    from: ['ACTIVE'],
    to: 'SUSPENDED',
  },
  reinstate: {
    does: 'Lets a suspended grant be used again; never by whoever suspended it.',
    by: ['PROGRAM_MANAGER', 'ADMIN'],
    from: ['SUSPENDED'],
    to: ['ACTIVE', 'PENDING_PROVISIONING'],
  },
  revoke: {
    does: 'Ends the grant for good, for a reason the partner sees.',
    by: ['PROGRAM_MANAGER'],
    from: ['PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'],
    to: 'REVOKED',
  },
  surrender: {
    does: 'Gives the grant back.',
    by: ['OWNER'],
    from: ['PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'],
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
    from: ['PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'],
    to: 'EXPIRED',
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
  readonly suspendedBy: string | null;
  readonly deprovisionedAt: Date | null;
  /** Screening hits that are not cleared, under a program that suspends for such; looked at when it is suspended only. */
  readonly isHeldByScreening: boolean;
}

/** May this actor give this command on a grant now? Role, then status, then what else must hold. */
export function ruleOnGrant(command: GrantCommand, facts: GrantFacts, actor: ActorStanding, now: Date): Ruling {
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
  if ((command === 'reinstate' || command === 'acknowledge') && now >= facts.endsAt)
    return objection('EXPIRED', `The grant ended on ${facts.endsAt.toISOString()}.`);
  if (command === 'reinstate' && actor.personId !== null && actor.personId === facts.suspendedBy) {
    return objection('FOUR_EYES', 'You suspended this grant; another person must reinstate it.');
  }
  if ((command === 'suspend' || command === 'reinstate' || command === 'revoke') && actor.belongsToOrganization) {
    return objection('FOUR_EYES', 'You belong to this organization, so other staff must handle its grants.');
  }
  if (command === 'reinstate' && facts.isHeldByScreening)
    return objection('INCOMPLETE', 'The organization has screening hits that are not cleared; they are judged first.');
  if (command === 'acknowledgeDeprovisioning' && facts.deprovisionedAt)
    return objection('ALREADY_EXISTS', 'Deprovisioning was acknowledged already.');
  return accepted;
}

export function availableGrantCommands(facts: GrantFacts, actor: ActorStanding, now: Date): GrantCommand[] {
  return allGrantCommands.filter((command) => ruleOnGrant(command, facts, actor, now).length === 0);
}
