import { Complaints } from './complaints.js';
import { mostCountersignatures, mostDaysToAnswer } from './decisions.js';
import { allStaffRoles } from './roles.js';
import { checkRouting, type RoutingSurroundings } from './routing-check.js';
import type { Objection } from './ruling.js';
import { checkStaffing, type Staffing } from './staffing.js';
import {
  type Criterion,
  countersignatureClock,
  intakeClock,
  type Stage,
  type StageCheck,
  type Workflow,
} from './workflow.js';
import { checkCalendar } from './working-calendar.js';

const mostStages = 20;
const mostRecommendations = 10;
const mostChecks = 20;
const mostCriteria = 20;
const mostWeight = 100;
const longestScale = 100;
const mostDocuments = 50;

/** What a workflow is judged by. */
export interface WorkflowSurroundings {
  /** The keys of the documents that the program asks for. */
  readonly documents: readonly string[];
  /** Who works for the operator; null while a portal is set up and nobody does. */
  readonly staff: Staffing | null;
  /** What routing rules are judged by besides; nothing to judge the workflow without it. */
  readonly routing?: RoutingSurroundings;
}

/** Every reason why a workflow cannot be worked to its end; none when it can. */
export function checkWorkflow(workflow: Workflow, { documents, staff, routing }: WorkflowSurroundings): Objection[] {
  const check = new Complaints();
  check.queue(['intake', 'queue'], workflow.intake.queue);
  check.hours(['intake', 'slaWorkingHours'], workflow.intake.slaWorkingHours);
  check.hours(['countersignWithinWorkingHours'], workflow.countersignWithinWorkingHours);
  check.hours(['decideWithinWorkingHours'], workflow.decideWithinWorkingHours, 10_000);
  check.whole(
    ['warnAtPercent'],
    workflow.warnAtPercent,
    [1, 99],
    'The share at which staff are warned is a percentage',
  );
  check.whole(['appealWithinDays'], workflow.appealWithinDays, [0, 365], 'The time to appeal is a number of days');
  if (workflow.lapseAfterWorkingDays != null)
    check.whole(
      ['lapseAfterWorkingDays'],
      workflow.lapseAfterWorkingDays,
      [1, 250],
      'The time to lapse is a number of working days',
    );
  checkDeciding(workflow, check);
  checkStages(workflow, documents, check);
  checkRouting(workflow, routing ?? null, check);
  const calendar = checkCalendar(workflow.calendar).map((problem) => at('calendar', problem));
  const people = staff ? checkStaffing(workflow, staff) : [];
  return [...check.problems, ...calendar, ...people];
}

function checkDeciding(workflow: Workflow, check: Complaints): void {
  for (const field of ['approvalCountersignatures', 'refusalCountersignatures'] as const) {
    const count = workflow[field];
    if (count != null) check.whole([field], count, [1, mostCountersignatures], 'Countersignatures are a number');
  }
  const days = workflow.intentToRefuseDays;
  if (days != null)
    check.whole(['intentToRefuseDays'], days, [1, mostDaysToAnswer], 'The time to answer is a number of days');
}

function checkStages({ stages }: Workflow, documents: readonly string[], check: Complaints): void {
  if (stages.length === 0)
    check.invalid(['stages'], 'The decision stage is missing: a workflow needs at least one stage.');
  if (check.isTooLong(['stages'], stages, mostStages, 'A workflow has at most', 'stages')) return;
  stages.forEach((stage, position) => {
    const path = ['stages', String(position)];
    const earlier = stages.slice(0, position).map(({ key }) => key);
    check.key([...path, 'key'], stage.key, 'stage', earlier);
    if (stage.key === intakeClock || stage.key === countersignatureClock)
      check.invalid([...path, 'key'], `No stage can be called "${stage.key}": another clock has that name.`);
    check.text([...path, 'name'], stage.name, 'A stage');
    check.queue([...path, 'queue'], stage.queue);
    check.hours([...path, 'slaWorkingHours'], stage.slaWorkingHours);
    checkRecommendations(stage, [...path, 'requiredRecommendations'], check);
    checkCriteria(stage, [...path, 'criteria'], check);
    checkChecks(stage.requiredChecks, [...path, 'requiredChecks'], check);
    checkDocuments(stage.requiredDocuments, documents, [...path, 'requiredDocuments'], check);
    checkLeaving(stage, position === stages.length - 1, [...path, 'advanceBy'], check);
  });
}

function checkRecommendations(stage: Stage, path: readonly string[], check: Complaints): void {
  const { length } = allStaffRoles;
  if (check.isTooLong(path, stage.requiredRecommendations, length, 'Recommendations are asked for in at most', 'roles'))
    return;
  stage.requiredRecommendations.forEach(({ role, count }, position) => {
    const here = [...path, String(position)];
    check.whole([...here, 'count'], count, [1, mostRecommendations], 'The recommendations required are a number');
    check.roles([...here, 'role'], [role], 'recommend');
    const before = stage.requiredRecommendations.slice(0, position);
    if (before.some((other) => other.role === role))
      check.invalid([...here, 'role'], `Recommendations by ${role} are asked for twice.`);
  });
}

function checkCriteria({ criteria, requiredRecommendations }: Stage, path: readonly string[], check: Complaints): void {
  if (check.isTooLong(path, criteria, mostCriteria, 'A scorecard has at most', 'criteria')) return;
  if (criteria.length > 0 && requiredRecommendations.length === 0)
    check.invalid(path, 'Nobody recommends at this stage, so nobody would fill the scorecard.');
  criteria.forEach(({ key, title, weight, scale }: Criterion, position) => {
    const here = [...path, String(position)];
    const earlier = criteria.slice(0, position).map((other) => other.key);
    check.key([...here, 'key'], key, 'criterion', earlier);
    check.text([...here, 'title'], title, 'A criterion', 'title');
    check.whole([...here, 'weight'], weight, [1, mostWeight], 'A weight is a number');
    check.whole([...here, 'scale'], scale, [1, longestScale], 'The best score is a number');
  });
}

function checkChecks(checks: readonly StageCheck[], path: readonly string[], check: Complaints): void {
  if (check.isTooLong(path, checks, mostChecks, 'A stage has at most', 'checks')) return;
  checks.forEach(({ key, title, by }, position) => {
    const here = [...path, String(position)];
    const earlier = checks.slice(0, position).map((other) => other.key);
    check.key([...here, 'key'], key, 'check', earlier);
    check.text([...here, 'title'], title, 'A check', 'title');
    if (by.length === 0) check.invalid([...here, 'by'], 'Nobody could mark this check: name at least one role.');
    check.roles([...here, 'by'], by, 'markCheck');
  });
}

function checkDocuments(
  keys: readonly string[],
  known: readonly string[],
  path: readonly string[],
  check: Complaints,
): void {
  if (check.isTooLong(path, keys, mostDocuments, 'A stage requires at most', 'documents')) return;
  keys.forEach((key, position) => {
    const here = [...path, String(position)];
    if (!known.includes(key)) {
      const those = known.length > 0 ? `those are ${known.join(', ')}` : 'it asks for none';
      check.invalid(here, `The program asks for no document "${key}": ${those}.`);
    }
    if (keys.indexOf(key) < position) check.invalid(here, `The document "${key}" is required twice.`);
  });
}

/** Every stage but the last must be one that somebody can move an application on from. */
function checkLeaving({ advanceBy }: Stage, isLast: boolean, path: readonly string[], check: Complaints): void {
  if (!isLast && advanceBy.length === 0) {
    check.invalid(path, 'Nobody could move an application on from this stage: name at least one role.');
  }
  if (isLast && advanceBy.length > 0) {
    const message =
      'The decision stage is missing: from the last stage an application is decided, not moved on. Name no role here, or add the stage where decisions are proposed.';
    check.invalid(path, message);
  }
  check.roles(path, advanceBy, 'advanceStage');
}

function at(place: string, problem: Objection): Objection {
  return { ...problem, path: [place, ...(problem.path ?? [])] };
}
