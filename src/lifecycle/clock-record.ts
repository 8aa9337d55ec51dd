import { countersignatureClock } from './workflow.js';
import type { ClockInterval } from './working-time.js';

/** Why a clock runs, or is paused, from a moment on. */
export const clockCauses = {
  SUBMITTED: 'The application was submitted.',
  REVIEW_STARTED: 'It was taken in.',
  STAGE_ADVANCED: 'It came to this stage from the one before.',
  INFORMATION_REQUESTED: 'The partner was asked something, or asked again.',
  RESUMED: 'The partner answered.',
  REQUEST_WITHDRAWN: 'Staff withdrew what they had asked.',
  DECISION_PROPOSED: 'A decision was proposed.',
  COUNTERSIGNATURE_DECLINED: 'A proposed decision was not countersigned.',
  INTENT_ANNOUNCED: 'The partner was told that a refusal is intended, and may answer.',
  INTENT_ANSWERED: 'The partner answered that.',
  INTENT_RESCINDED: 'It was taken back that a refusal is intended.',
  APPEALED: 'The partner appealed.',
  REOPENED: 'It was reopened, having been closed in error.',
  VERSION_CHANGED: 'It went on under another version of the program.',
} as const;

export type ClockCause = keyof typeof clockCauses;

/** May partners know it? That a decision was proposed, or not countersigned, is no business of theirs. */
export function isForPartners(cause: ClockCause): boolean {
  return cause !== 'DECISION_PROPOSED' && cause !== 'COUNTERSIGNATURE_DECLINED';
}

/** An interval of an application's clock as it is on record. Those of an application follow one another. */
export interface RecordedInterval extends ClockInterval {
  /** The stage it is charged to; or `intake`, or `countersignature`. */
  readonly stageKey: string;
  readonly cause: ClockCause;
}

/**
 * The intervals as members of the organization may know them. That a decision was proposed, or not countersigned, is no
 * partner's business: such time is part of the stage before, and what follows on without a change is one interval.
 */
export function intervalsForPartners(intervals: readonly RecordedInterval[]): RecordedInterval[] {
  const shown: RecordedInterval[] = [];
  for (const interval of intervals) {
    const last = shown.at(-1);
    const stageKey =
      interval.stageKey === countersignatureClock ? (last?.stageKey ?? interval.stageKey) : interval.stageKey;
    const goesOn =
      last !== undefined &&
      last.stageKey === stageKey &&
      last.kind === interval.kind &&
      last.endedAt !== null &&
      last.endedAt >= interval.startedAt;
    if (goesOn) shown[shown.length - 1] = { ...last, endedAt: interval.endedAt };
    else shown.push({ ...interval, stageKey });
  }
  return shown;
}
