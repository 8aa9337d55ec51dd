import type { FlagPlace } from './flags.js';
import type { RiskRating } from './risk.js';
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

/** What must hold of an application for a rule to be about it: exactly one of these. */
export interface RoutingCondition {
  /** The organization is in one of these sectors. */
  readonly sectorIn?: readonly string[] | null;
  /** The organization is in one of these countries: two letters of ISO 3166-1 each. */
  readonly countryIn?: readonly string[] | null;
  /** The program is for one of these products, by their codes. */
  readonly productIn?: readonly string[] | null;
  /** Staff rate the organization so. */
  readonly riskIn?: readonly RiskRating[] | null;
  readonly answer?: AnswerCondition | null;
  /** One of these flags is up on the application or on its organization. */
  readonly flaggedWith?: readonly string[] | null;
}

/** Something about the answer to a question: exactly one of the three. Of a list of answers, one is enough. */
export interface AnswerCondition {
  /** Where the answer is: names of questions and list positions, outermost first. */
  readonly path: readonly string[];
  /** It is this; numbers, and true and false, as they are written. */
  readonly equals?: string | null;
  readonly in?: readonly string[] | null;
  /** It is a number greater than this. */
  readonly greaterThan?: number | null;
}

export interface FlagToRaise {
  /** Its key. */
  readonly flag: string;
  readonly on: FlagPlace;
  readonly expiresAfterDays?: number | null;
}

/** Where an application goes that enters intake or a stage. */
export interface RoutingRule {
  /** Unique within the workflow, e.g. `dams-first`. */
  readonly key: string;
  readonly name: string;
  /** Keys of the stages that it is about, `intake` among them; everywhere when there are none. */
  readonly at: readonly string[];
  /** All of them must hold. */
  readonly when: readonly RoutingCondition[];
  /** The stage's own when not said. */
  readonly queue?: string | null;
  /** Staff, by their ids as the API has them, of whom one is given the application. */
  readonly reviewerIds?: readonly string[] | null;
  /** Besides those, whoever holds this role. */
  readonly role?: StaffRole | null;
  /** Who is asked when none of the others can take it. */
  readonly fallbackIds?: readonly string[] | null;
  readonly raiseFlags?: readonly FlagToRaise[] | null;
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
  /** Working days after an answer of the partner was due, when the application lapses; never when there is no number. */
  readonly lapseAfterWorkingDays?: number | null;
  /** How many people countersign an approval, and a refusal: one or two; one when it is not said. */
  readonly approvalCountersignatures?: number | null;
  readonly refusalCountersignatures?: number | null;
  /** Days that the partner has to answer a refusal before it is final; when not said, it is final at once. */
  readonly intentToRefuseDays?: number | null;
  /** The hours that count. */
  readonly calendar: WorkingCalendar;
  /** Tried in order on entry to intake and to each stage. */
  readonly routing?: readonly RoutingRule[] | null;
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
