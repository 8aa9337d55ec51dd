import type { StaffRole } from './roles.js';
import type { WorkingCalendar } from './working-time.js';

/** How many different people must recommend in a role. */
export interface RequiredRecommendations {
  readonly role: StaffRole;
  readonly count: number;
}

/** Something that staff look into and mark, such as that a registration was verified. */
export interface StageCheck {
  /** Unique within the stage, e.g. `registration-verified`. */
  readonly key: string;
  readonly title: string;
  /** Who may mark it. */
  readonly by: readonly StaffRole[];
}

/** Something that recommendations give a score to. */
export interface Criterion {
  /** Unique within the stage, e.g. `safeguards`. */
  readonly key: string;
  readonly title: string;
  /** How much it counts, beside the others of the stage. */
  readonly weight: number;
  /** The best score; the worst is 0. */
  readonly scale: number;
}

/** One step of a review. */
export interface Stage {
  /** Unique within the workflow, e.g. `technical-review`. */
  readonly key: string;
  readonly name: string;
  /** The queue that staff work from while an application is at this stage. */
  readonly queue: string;
  /** Working hours from entering the stage until it should be left. */
  readonly slaWorkingHours: number;
  /** Who must have recommended before the stage can be left; nobody counts twice. */
  readonly requiredRecommendations: readonly RequiredRecommendations[];
  /** What each recommendation scores; none at a stage without a scorecard. */
  readonly criteria: readonly Criterion[];
  /** Whether reviewers see one another's recommendations only once their own is in, or the stage is over. */
  readonly blind: boolean;
  /** What must be marked as passed before the stage can be left. */
  readonly requiredChecks: readonly StageCheck[];
  /** Keys of the program's document requirements: what must be there before the stage can be left. */
  readonly requiredDocuments: readonly string[];
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
  /** Working hours from the first submission, or from an appeal, until the application should be decided. */
  readonly decideWithinWorkingHours: number;
  /** Staff are warned when this share of the time for a stage, or for the whole, is used. */
  readonly warnAtPercent: number;
  /** Who is told when the time is over. */
  readonly escalateTo: StaffRole;
  /** Days after a refusal during which the partner may appeal. */
  readonly appealWithinDays: number;
  /** The hours that count. */
  readonly calendar: WorkingCalendar;
}

/** Where time is charged besides at stages: no stage has such a key. */
export const intakeClock = 'intake';
export const countersignatureClock = 'countersignature';

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
