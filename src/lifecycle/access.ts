import { endedGrantStatuses, type GrantStatus } from './grant.js';
import { type NamedUserBlock, type NamedUserFacts, ruleOnNamedUser } from './named-user.js';
import type { ScopeRuling } from './release-scope.js';
import type { SuspensionCause } from './suspension.js';

/** Why somebody may not use a product now, in words for everybody, and what would mend it. */
export const accessReasons = {
  PRODUCT_HALTED: {
    means: 'The product is halted: nobody may use it at present.',
    mendedBy: 'The halt has to be lifted. There is nothing that you can do; you are told when access is open again.',
  },
  ORGANIZATION_NOT_IN_SCOPE: {
    means: 'The product is not released to the organization at present.',
    mendedBy: 'Its release has to be widened to the organization. Ask the operator whether that is to be expected.',
  },
  ORGANIZATION_EXCLUDED: {
    means: 'The organization is excluded from the product.',
    mendedBy: 'The directive that excludes it has to be changed, or the match of its name to be doubted.',
  },
  RELEASE_CHANGING: {
    means: 'What is permitted of the product has just changed, and the grant is looked at again.',
    mendedBy: 'It is done within minutes, without anybody’s doing.',
  },
  NO_GRANT: {
    means: 'The organization holds no grant for the product.',
    mendedBy: 'Apply to a program that releases the product.',
  },
  GRANT_NOT_STARTED: { means: 'The grant has not begun yet.', mendedBy: 'Wait until it begins.' },
  GRANT_EXPIRED: { means: 'The grant has ended.', mendedBy: 'Apply again.' },
  GRANT_REVOKED: { means: 'The grant was revoked for good.', mendedBy: 'Apply again, and answer the reason shown.' },
  GRANT_SURRENDERED: { means: 'The grant was given back.', mendedBy: 'Apply again.' },
  APPROVED_IN_PRINCIPLE: {
    means: 'The grant is approved in principle: it begins when the product is released to the organization.',
    mendedBy: 'There is nothing that you can do, and you need not apply again; you are told when it begins.',
  },
  WAITLISTED: {
    means: 'The grant is approved, and waits for a place in a wave of the product.',
    mendedBy: 'Wait for the place; the grant shows its position on the list.',
  },
  NOT_PROVISIONED: {
    means: 'The grant is approved, and access is not open in the product yet.',
    mendedBy: 'The system that opens access has to acknowledge the grant. Ask the operator when it takes long.',
  },
  SUSPENDED_BY_OPERATOR: {
    means: 'The operator has suspended the grant, for the reason that it shows.',
    mendedBy: 'Answer the reason; then the operator’s staff reinstate the grant.',
  },
  SUSPENDED_BY_RELEASE: {
    means: 'The grant was suspended when the product was not released to the organization.',
    mendedBy: 'Once the product is released to the organization, the operator reinstates the grant.',
  },
  UNDER_REVIEW: {
    means: 'The operator is reviewing the organization’s access.',
    mendedBy: 'Wait for the review to end; the operator asks when it needs something.',
  },
  TERMS_NOT_ACCEPTED: {
    means: 'The terms in force were not accepted in time.',
    mendedBy: 'Accept the terms for the organization; access is open again at once.',
  },
  RECERTIFICATION_OVERDUE: {
    means: 'It was not confirmed in time that the grant is still needed.',
    mendedBy: 'Confirm it for the organization, and wait for the operator’s confirmation.',
  },
  USER_NOT_NAMED: {
    means: 'The person is not among the named users of the grant.',
    mendedBy: 'Name the person as a user of the grant.',
  },
  USER_UNDER_REVIEW: {
    means: 'The operator is reviewing this user.',
    mendedBy: 'Wait for the review to end, or name somebody else.',
  },
  FOREIGN_PERSON: {
    means: 'The product is not permitted to foreign persons, with or without a licence.',
    mendedBy: 'Name somebody else.',
  },
  FOREIGN_PERSON_WITHOUT_LICENCE: {
    means: 'The product is permitted to foreign persons with a licence of their own only.',
    mendedBy: 'Obtain a licence for the person and attest it, or name somebody else.',
  },
  EXPORT_STATUS_UNDETERMINED: {
    means: 'It was not attested whether the person is a foreign person.',
    mendedBy: 'Attest the person’s export status.',
  },
} as const satisfies Record<string, { readonly means: string; readonly mendedBy: string }>;

export type AccessReasonCode = keyof typeof accessReasons;
export const allAccessReasonCodes = Object.keys(accessReasons) as AccessReasonCode[];
export type AccessDecision = 'ALLOW' | 'DENY';

export const accessDecisions = {
  ALLOW: 'The product may be used now.',
  DENY: 'It may not, for each of the reasons given.',
} as const satisfies Record<AccessDecision, string>;

export interface GrantInCheck {
  readonly id: string;
  readonly status: GrantStatus;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Was it found to be permitted after the last narrowing of the product's release? */
  readonly isPermitted: boolean;
  /** The causes of suspension that are open. */
  readonly causes: readonly SuspensionCause[];
  /** Screening found what keeps this grant from being used. */
  readonly isUnderReview: boolean;
  /** Terms that hold for it were not accepted by when they had to be. */
  readonly isTermsOverdue: boolean;
}

export interface UserInCheck extends NamedUserFacts {
  /** The grant that names the person. */
  readonly grantId: string;
}

/** Everything that decides whether an organization, or one of its named users, may use a product. */
export interface AccessFacts {
  readonly scope: ScopeRuling;
  /** The organization's grants for the product, the newest first. */
  readonly grants: readonly GrantInCheck[];
  /** Null when nobody in particular is asked about. */
  readonly user: UserInCheck | null;
}

export interface AccessReason {
  readonly code: AccessReasonCode;
  /** Whose order it is; null when it is nobody's, or not for whoever asks to know. */
  readonly authority: string | null;
  readonly directiveId: string | null;
}

export interface AccessAnswer {
  readonly decision: AccessDecision;
  /** The grant that lets in, or that comes nearest to it; null when there is none. */
  readonly grantId: string | null;
  /** Every reason that fails; none when access is allowed. */
  readonly reasons: readonly AccessReason[];
}

/**
 * May the product be used now? Release, grant, terms, screening, provisioning and the rule on persons must all hold; each
 * that does not is told. Of several grants the one counts that lacks least.
 */
export function checkAccess(facts: AccessFacts, now: Date): AccessAnswer {
  const { scope, user } = facts;
  const ordered = scope.objections.map(({ code, authority, directiveId }) => ({ code, authority, directiveId }));
  const blocks = user ? ruleOnNamedUser(user, scope.foreignPersons) : [];
  const personal = blocks.map((block) => plain(userReasons[block]));
  const grants = user ? facts.grants.filter(({ id }) => id === user.grantId) : facts.grants;
  const found = grants.map((grant) => ({ grant, lacks: grantReasons(grant, scope, now) }));
  const nearest = found.reduce<(typeof found)[number] | null>(
    (best, one) => (best === null || isNearer(one, best) ? one : best),
    null,
  );
  const lacks = (nearest?.lacks ?? ['NO_GRANT' as const]).map(plain);
  const reasons = [...ordered, ...lacks, ...personal];
  return { decision: reasons.length === 0 ? 'ALLOW' : 'DENY', grantId: nearest?.grant.id ?? null, reasons };
}

/** The same for those who are not told whose order it was, nor that it is they who are named in one. */
export function withoutAuthorities(answer: AccessAnswer): AccessAnswer {
  const codes = answer.reasons.map(({ code }) =>
    code === 'ORGANIZATION_EXCLUDED' ? 'ORGANIZATION_NOT_IN_SCOPE' : code,
  );
  return { ...answer, reasons: [...new Set(codes)].map(plain) };
}

const plain = (code: AccessReasonCode): AccessReason => ({ code, authority: null, directiveId: null });

interface Candidate {
  readonly grant: GrantInCheck;
  readonly lacks: readonly AccessReasonCode[];
}

/** A grant that lives comes before one that is over, then the one that lacks less; the newer one among equals. */
function isNearer(one: Candidate, best: Candidate): boolean {
  const [lives, bestLives] = [!isOver(one.grant), !isOver(best.grant)];
  return lives === bestLives ? one.lacks.length < best.lacks.length : lives;
}

/** Every status is here, so that one that is new lets nobody in before somebody has said so. */
const statusReasons: Readonly<Record<GrantStatus, AccessReasonCode | null>> = {
  APPROVED_IN_PRINCIPLE: 'APPROVED_IN_PRINCIPLE',
  WAITLISTED: 'WAITLISTED',
  PENDING_PROVISIONING: 'NOT_PROVISIONED',
  ACTIVE: null,
  // Its causes say why; it has one, or else staff are asked.
  SUSPENDED: null,
  EXPIRED: 'GRANT_EXPIRED',
  REVOKED: 'GRANT_REVOKED',
  SURRENDERED: 'GRANT_SURRENDERED',
};

function isOver({ status }: GrantInCheck): boolean {
  return endedGrantStatuses.includes(status);
}

const suspendedBecause: Readonly<Record<SuspensionCause, AccessReasonCode>> = {
  STAFF: 'SUSPENDED_BY_OPERATOR',
  RELEASE: 'SUSPENDED_BY_RELEASE',
  REVIEW: 'UNDER_REVIEW',
  TERMS: 'TERMS_NOT_ACCEPTED',
  RECERTIFICATION: 'RECERTIFICATION_OVERDUE',
};

function grantReasons(grant: GrantInCheck, scope: ScopeRuling, now: Date): readonly AccessReasonCode[] {
  const standing = statusReasons[grant.status];
  if (standing && isOver(grant)) return [standing];
  const reasons: AccessReasonCode[] = standing ? [standing] : [];
  if (grant.startsAt > now) reasons.push('GRANT_NOT_STARTED');
  if (grant.endsAt <= now) reasons.push('GRANT_EXPIRED');
  reasons.push(...grant.causes.map((cause) => suspendedBecause[cause]));
  if (grant.status === 'SUSPENDED' && grant.causes.length === 0) reasons.push('SUSPENDED_BY_OPERATOR');
  if (grant.isUnderReview) reasons.push('UNDER_REVIEW');
  if (grant.isTermsOverdue) reasons.push('TERMS_NOT_ACCEPTED');
  // Where the release itself objects, it is told above.
  if (!grant.isPermitted && grant.status === 'ACTIVE' && scope.objections.length === 0)
    reasons.push('RELEASE_CHANGING');
  return [...new Set(reasons)];
}

const userReasons: Readonly<Record<NamedUserBlock, AccessReasonCode>> = {
  REMOVED: 'USER_NOT_NAMED',
  UNDER_REVIEW: 'USER_UNDER_REVIEW',
  EXPORT_STATUS_UNDETERMINED: 'EXPORT_STATUS_UNDETERMINED',
  LICENCE_NEEDED: 'FOREIGN_PERSON_WITHOUT_LICENCE',
  FOREIGN_PERSON: 'FOREIGN_PERSON',
};
