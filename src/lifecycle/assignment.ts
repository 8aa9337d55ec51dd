import type { ApplicationStatus } from './application.js';
import { type AwayPeriod, backAt } from './duty.js';
import type { ActorStanding, StaffRole } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';
import { intakeClock, isDecisionStage, type RoutingRule, stageByKey, type Workflow } from './workflow.js';

/** How an application came into somebody's hands. */
export type AssignmentCause = 'RULE' | 'ASSIGNED' | 'CLAIMED';

/** Somebody of the staff who could be given an application. */
export interface Candidate {
  readonly staffId: string;
  readonly name: string;
  readonly active: boolean;
  readonly roles: readonly StaffRole[];
  readonly away: readonly AwayPeriod[];
  /** Belongs to the organization or is recused from it. */
  readonly isInvolved: boolean;
  /** Took part in the decision that is appealed. */
  readonly decidedBefore: boolean;
  /** How many applications they have in hand that are not decided. */
  readonly inHand: number;
  /** When they were last given one; null when never. */
  readonly lastAssignedAt: Date | null;
}

/** Statuses in which only deciders have something to do. */
const beforeDeciders: readonly ApplicationStatus[] = ['DECISION_PROPOSED', 'UNDER_APPEAL'];

/**
 * The roles that an application is worked in at a stage: those that the stage names, at the last one DECIDER besides, and
 * in intake INTAKE. While a decision is proposed or appealed, it is the deciders'.
 */
export function rolesThatHandle(
  workflow: Workflow,
  stageKey: string | null,
  status: ApplicationStatus = 'IN_REVIEW',
): readonly StaffRole[] {
  if (beforeDeciders.includes(status)) return ['DECIDER'];
  const stage = stageKey === intakeClock ? null : stageByKey(workflow, stageKey);
  if (!stage) return ['INTAKE'];
  const named = [
    ...stage.advanceBy,
    ...stage.requiredRecommendations.map(({ role }) => role),
    ...stage.requiredChecks.flatMap(({ by }) => by),
    ...(isDecisionStage(workflow, stage.key) ? ['DECIDER' as const] : []),
  ];
  return [...new Set(named)];
}

/** Why somebody cannot be given an application at a stage that these roles handle; null when they can. */
export function reasonAgainst(candidate: Candidate, handling: readonly StaffRole[], now: Date): Reason | null {
  if (!candidate.active) return { code: 'NOT_FOUND', because: 'does not work for the operator' };
  if (!handling.some((role) => candidate.roles.includes(role)))
    return { code: 'INVALID', because: `holds none of the roles that handle this stage: ${handling.join(', ')}` };
  if (candidate.isInvolved) return { code: 'FOUR_EYES', because: 'belongs to the organization or is recused from it' };
  if (candidate.decidedBefore) return { code: 'FOUR_EYES', because: 'took part in the decision that is appealed' };
  const back = backAt(candidate.away, now);
  return back && { code: 'NOT_ALLOWED_NOW', because: `is away until ${back.toISOString()}` };
}

export interface Reason {
  readonly code: 'NOT_FOUND' | 'INVALID' | 'FOUR_EYES' | 'NOT_ALLOWED_NOW';
  /** Goes on after the person's name. */
  readonly because: string;
}

/** Of those who can be given it, who has the least in hand; of several, who has waited longest for something. */
export function leastBusy(candidates: readonly Candidate[]): Candidate | null {
  return [...candidates].sort(byLoad)[0] ?? null;
}

function byLoad(one: Candidate, other: Candidate): number {
  return (
    one.inHand - other.inHand ||
    (one.lastAssignedAt?.getTime() ?? 0) - (other.lastAssignedAt?.getTime() ?? 0) ||
    (one.staffId < other.staffId ? -1 : 1)
  );
}

/** Somebody whom a rule names, and why they cannot take it. */
export interface Considered {
  readonly candidate: Candidate;
  readonly isFallback: boolean;
  readonly against: Reason | null;
}

export interface Choice {
  readonly chosen: Candidate | null;
  readonly considered: readonly Considered[];
}

/** Does the rule say who is to have the application in hand? */
export function isForSomebody({ role, reviewerIds }: RoutingRule): boolean {
  return Boolean(role) || (reviewerIds ?? []).length > 0;
}

/**
 * Who is given an application by a rule. Who has it in hand already keeps it when the rule would do so; otherwise the
 * least busy of those whom the rule names, or else of those who step in for them.
 * @param inHandOf the id of whoever has it in hand
 */
export function chooseAssignee(
  rule: RoutingRule,
  candidates: readonly Candidate[],
  { handling, now, inHandOf }: { handling: readonly StaffRole[]; now: Date; inHandOf: string | null },
): Choice {
  const { role, reviewerIds, fallbackIds } = rule;
  const considered = candidates.flatMap((candidate): Considered[] => {
    const isNamed = (reviewerIds ?? []).includes(candidate.staffId) || (role != null && candidate.roles.includes(role));
    if (!isNamed && !(fallbackIds ?? []).includes(candidate.staffId)) return [];
    return [{ candidate, isFallback: !isNamed, against: reasonAgainst(candidate, handling, now) }];
  });
  const able = (isFallback: boolean) =>
    considered.filter((one) => one.isFallback === isFallback && !one.against).map(({ candidate }) => candidate);
  const [named, fallback] = [able(false), able(true)];
  const present = [...named, ...fallback].find(({ staffId }) => staffId === inHandOf);
  return { chosen: present ?? leastBusy(named) ?? leastBusy(fallback), considered };
}

/** Does the actor hold one of these roles? */
export function holdsAny(actor: ActorStanding, roles: readonly StaffRole[], sentence: string): Ruling {
  return roles.some((role) => actor.roles.includes(role))
    ? accepted
    : objection('FORBIDDEN', `${sentence} ${roles.join(' or ')}.`);
}
