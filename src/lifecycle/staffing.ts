import { applicationRule } from './application.js';
import { countersignaturesNeeded } from './decisions.js';
import type { Role, StaffRole } from './roles.js';
import type { Objection } from './ruling.js';
import type { Stage, Workflow } from './workflow.js';

/** Everybody who works for the operator, each by the roles that they hold. */
export type Staffing = readonly (readonly StaffRole[])[];

/** A decision takes one who proposes, and others who countersign. */
function decidersNeededBy(workflow: Workflow): number {
  return 1 + Math.max(countersignaturesNeeded(workflow, 'APPROVE'), countersignaturesNeeded(workflow, 'REFUSE'));
}

/** Every place of a workflow at which an application would stay for ever, because of who works for the operator. */
export function checkStaffing(workflow: Workflow, staff: Staffing): Objection[] {
  const problems: Objection[] = [];
  const invalid = (path: readonly string[], message: string) => problems.push({ code: 'INVALID', message, path });
  const holders = (roles: readonly Role[]) => staff.filter((held) => held.some((role) => roles.includes(role))).length;
  const needs = (path: readonly string[], roles: readonly Role[], purpose: string) => {
    if (roles.length > 0 && holders(roles) === 0) invalid(path, `Nobody of the staff is ${either(roles)}, ${purpose}.`);
  };

  needs(['intake', 'queue'], applicationRule('startReview').by, 'so nobody would take applications in from this queue');
  needs(['escalateTo'], [workflow.escalateTo], 'so nobody would be told when the time is over');
  workflow.stages.forEach((stage, position) => {
    const at = ['stages', String(position)];
    needs([...at, 'advanceBy'], stage.advanceBy, 'so nobody would work this queue and move applications on');
    stage.requiredChecks.forEach(({ by }, number) => {
      needs([...at, 'requiredChecks', String(number), 'by'], by, 'so nobody could mark this check');
    });
    for (const { path, message } of unreachableQuorums(stage, holders)) invalid([...at, ...path], message);
  });
  const deciders = holders(['DECIDER']);
  const decidersNeeded = decidersNeededBy(workflow);
  if (workflow.stages.length > 0 && deciders < decidersNeeded) {
    const message = `A decision takes ${decidersNeeded} people who are DECIDER, to propose and to countersign, and of the staff ${deciders} ${deciders === 1 ? 'is' : 'are'}.`;
    invalid(['stages', String(workflow.stages.length - 1)], message);
  }
  return problems;
}

/**
 * The quorums of a stage for which there are too few people. As nobody counts in two roles, some roles can have enough
 * people each and too few together (Hall's theorem says: exactly when a set of roles asks for more than hold any of them).
 */
function unreachableQuorums(
  { requiredRecommendations: required }: Stage,
  holders: (roles: readonly StaffRole[]) => number,
): { readonly path: readonly string[]; readonly message: string }[] {
  const found: { readonly roles: readonly StaffRole[]; readonly path: readonly string[]; readonly message: string }[] =
    [];
  // A role that is named twice is a mistake of its own; so there are no more than there are roles.
  const positions = required.flatMap(({ role }, n) =>
    required.findIndex((other) => other.role === role) === n ? [n] : [],
  );
  for (const set of subsets(positions)) {
    const asked = required.filter((_, position) => set.includes(position));
    const roles = asked.map(({ role }) => role);
    const needed = asked.reduce((sum, { count }) => sum + count, 0);
    const there = holders(roles);
    // What is wrong with some of the roles is said of those.
    const isSaid = found.some((other) => other.roles.every((role) => roles.includes(role)));
    if (there >= needed || isSaid) continue;
    const single = set.length === 1 ? [String(set[0]), 'count'] : [];
    const message = `This asks for recommendations by ${asked.map(({ role, count }) => `${count} ${role}`).join(' and ')}, all by different people, and of the staff ${there} ${there === 1 ? 'is' : 'are'} ${either(roles)}.`;
    found.push({ roles, path: ['requiredRecommendations', ...single], message });
  }
  return found;
}

/** Every set of some of the items, smaller ones first. There are at most as many items as roles. */
function subsets(items: readonly number[]): number[][] {
  const sets = Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, n) => (bits >> n) % 2 === 1),
  );
  return sets.filter((set) => set.length > 0).sort((one, other) => one.length - other.length);
}

function either(roles: readonly Role[]): string {
  return roles.join(' or ');
}
