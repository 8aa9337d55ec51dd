import { type AwayPeriod, backAt } from './duty.js';
import type { Role, StaffRole } from './roles.js';
import { intakeClock, isDecisionStage, stageByKey, type Workflow } from './workflow.js';

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

/**
 * The roles that an application is worked in at a stage: those that the stage names, at the last one DECIDER besides, and
 * in intake INTAKE.
 */
export function rolesThatHandle(workflow: Workflow, stageKey: string | null): readonly Role[] {
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
export function reasonAgainst(candidate: Candidate, handling: readonly Role[], now: Date): Reason | null {
  if (!candidate.active) return { code: 'NOT_FOUND', because: 'does not work for the operator' };
  if (!handling.some((role) => candidate.roles.some((held) => held === role)))
    return { code: 'FORBIDDEN', because: `holds none of the roles that handle this stage: ${handling.join(', ')}` };
  if (candidate.isInvolved) return { code: 'FOUR_EYES', because: 'belongs to the organization or is recused from it' };
  if (candidate.decidedBefore) return { code: 'FOUR_EYES', because: 'took part in the decision that is appealed' };
  const back = backAt(candidate.away, now);
  return back && { code: 'NOT_ALLOWED_NOW', because: `is away until ${back.toISOString()}` };
}

export interface Reason {
  readonly code: 'NOT_FOUND' | 'FORBIDDEN' | 'FOUR_EYES' | 'NOT_ALLOWED_NOW';
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
