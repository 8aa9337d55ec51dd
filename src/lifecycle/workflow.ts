import { allStaffRoles, type StaffRole } from './roles.js';
import type { Objection } from './ruling.js';

/** One step of a review. */
export interface Stage {
  /** Unique within the workflow, e.g. `technical-review`. */
  readonly key: string;
  readonly name: string;
  /** The queue that staff work from while an application is at this stage. */
  readonly queue: string;
  /** Working hours from entering the stage until it should be left. */
  readonly slaWorkingHours: number;
  /** Recommendations by different reviewers needed before the stage can be left. */
  readonly requiredRecommendations: number;
  /** Who may move an application on from here; for the last stage, nobody: there a decision is proposed. */
  readonly advanceBy: readonly StaffRole[];
}

/** How applications to a program are reviewed. The last stage is where decisions are proposed. */
export interface Workflow {
  /** Where submitted applications wait to be taken in, and how long they may, in working hours. */
  readonly intake: { readonly queue: string; readonly slaWorkingHours: number };
  /** At least one. */
  readonly stages: readonly Stage[];
  /** Working hours within which a proposed decision should be countersigned. */
  readonly countersignWithinWorkingHours: number;
  /** Days after a refusal during which the partner may appeal. */
  readonly appealWithinDays: number;
}

const keyForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const maxStages = 20;
const maxRecommendations = 10;

/** Every reason why a workflow cannot be worked; none when it can. */
export function checkWorkflow(workflow: Workflow): Objection[] {
  const problems: Objection[] = [];
  const invalid = (path: string[], message: string) => problems.push({ code: 'INVALID', message, path });

  if (workflow.stages.length === 0)
    invalid(['stages'], 'A workflow needs at least one stage: the one where decisions are proposed.');
  if (workflow.stages.length > maxStages) invalid(['stages'], `A workflow has at most ${maxStages} stages.`);
  if (!keyForm.test(workflow.intake.queue)) invalid(['intake', 'queue'], queueForm(workflow.intake.queue));
  checkHours(workflow.intake.slaWorkingHours, ['intake', 'slaWorkingHours'], invalid);
  checkHours(workflow.countersignWithinWorkingHours, ['countersignWithinWorkingHours'], invalid);
  if (
    !Number.isInteger(workflow.appealWithinDays) ||
    workflow.appealWithinDays < 0 ||
    workflow.appealWithinDays > 365
  ) {
    invalid(['appealWithinDays'], 'The time to appeal is a whole number of days from 0 to 365.');
  }
  const keys = new Set<string>();
  workflow.stages.forEach((stage, position) => {
    const at = ['stages', String(position)];
    if (!keyForm.test(stage.key))
      invalid([...at, 'key'], `A stage's key is lower-case words joined by hyphens, not "${stage.key}".`);
    if (keys.has(stage.key)) invalid([...at, 'key'], `Two stages have the key "${stage.key}".`);
    keys.add(stage.key);
    if (stage.name.trim() === '') invalid([...at, 'name'], 'A stage needs a name.');
    if (!keyForm.test(stage.queue)) invalid([...at, 'queue'], queueForm(stage.queue));
    checkHours(stage.slaWorkingHours, [...at, 'slaWorkingHours'], invalid);
    if (
      !Number.isInteger(stage.requiredRecommendations) ||
      stage.requiredRecommendations < 0 ||
      stage.requiredRecommendations > maxRecommendations
    ) {
      invalid(
        [...at, 'requiredRecommendations'],
        `The recommendations required are a whole number from 0 to ${maxRecommendations}.`,
      );
    }
    const unknown = stage.advanceBy.filter((role) => !allStaffRoles.includes(role));
    if (unknown.length > 0) invalid([...at, 'advanceBy'], `There is no staff role ${unknown.join(', ')}.`);
    const isLast = position === workflow.stages.length - 1;
    if (!isLast && stage.advanceBy.length === 0)
      invalid([...at, 'advanceBy'], 'Nobody could move an application on from this stage: name at least one role.');
    if (isLast && stage.advanceBy.length > 0)
      invalid([...at, 'advanceBy'], 'From the last stage an application is decided, not moved on: name no role.');
  });
  return problems;
}

function queueForm(queue: string): string {
  return `A queue is named by lower-case words joined by hyphens, not "${queue}".`;
}

function checkHours(hours: number, path: string[], invalid: (path: string[], message: string) => void): void {
  if (!Number.isInteger(hours) || hours < 1 || hours > 2000)
    invalid(path, 'Working hours are a whole number from 1 to 2000.');
}

export function stageByKey(workflow: Workflow, key: string | null | undefined): Stage | null {
  return workflow.stages.find((stage) => stage.key === key) ?? null;
}

export function stageAfter(workflow: Workflow, key: string): Stage | null {
  const position = workflow.stages.findIndex((stage) => stage.key === key);
  return position < 0 ? null : (workflow.stages[position + 1] ?? null);
}

export function isDecisionStage(workflow: Workflow, key: string | null): boolean {
  return workflow.stages.at(-1)?.key === key;
}
