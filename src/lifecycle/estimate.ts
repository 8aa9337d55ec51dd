import type { ApplicationStatus } from './application.js';
import { placeOf, type TimedPlace, type TimeFacts } from './application-time.js';
import { intervalsForPartners } from './clock-record.js';
import type { StageHistory } from './stage-history.js';
import { intakeClock } from './workflow.js';
import { addWorkingTime, chargedTime } from './working-time.js';

/** Why something is not estimated. */
export const estimateGaps = {
  TOO_LITTLE_HISTORY: 'Too few applications passed there lately to tell without telling of one of them.',
  LONGER_THAN_USUAL: 'It has taken longer than nine of ten others did.',
  CLOCK_PAUSED: 'It waits for your answer.',
} as const;

export type EstimateGap = keyof typeof estimateGaps;

export interface StageEstimate {
  readonly stage: TimedPlace;
  readonly medianSeconds: number | null;
  readonly percentileNinetySeconds: number | null;
  readonly unknownBecause: EstimateGap | null;
}

/** How long an application may still take, told by those before it. */
export interface Estimate {
  /** The present stage and those after it. */
  readonly stages: readonly StageEstimate[];
  /** When it is decided if each stage takes as long as it usually does. */
  readonly expectedAt: Date | null;
  /** When it is decided if each stage takes as long as it did for nine of ten at most. */
  readonly likelyBefore: Date | null;
  readonly unknownBecause: EstimateGap | null;
}

export interface EstimateFacts extends TimeFacts {
  readonly stageKey: string | null;
  readonly appealedAt: Date | null;
  /** By key of the stage, or `intake`. */
  readonly history: Readonly<Record<string, StageHistory>>;
}

const underReview: readonly ApplicationStatus[] = [
  'SUBMITTED',
  'IN_REVIEW',
  'INFORMATION_REQUESTED',
  'DECISION_PROPOSED',
];

/** Null when nothing is to be waited for, and on appeal, of which reviews tell nothing. */
export function estimate(facts: EstimateFacts, now: Date): Estimate | null {
  if (!underReview.includes(facts.status) || facts.appealedAt !== null) return null;
  const order = [intakeClock, ...facts.workflow.stages.map(({ key }) => key)];
  const remaining = order.slice(Math.max(0, order.indexOf(facts.stageKey ?? intakeClock)));
  const stages = remaining.map((key) => stageEstimate(key, facts));
  const unknown = (unknownBecause: EstimateGap): Estimate => ({
    stages,
    expectedAt: null,
    likelyBefore: null,
    unknownBecause,
  });
  if (facts.status === 'INFORMATION_REQUESTED') return unknown('CLOCK_PAUSED');
  const histories = remaining.flatMap((key) => facts.history[key] ?? []);
  const [present, ...later] = histories;
  if (!present || histories.length < remaining.length) return unknown('TOO_LITTLE_HISTORY');

  const { calendar } = facts.workflow;
  const here = intervalsForPartners(facts.intervals).filter(({ stageKey }) => stageKey === remaining[0]);
  const charged = chargedTime(here, now, calendar) / 1000;
  const atMost = present.percentileNinetySeconds - charged;
  if (atMost <= 0) return unknown('LONGER_THAN_USUAL');
  // When half of the others had left by now, it is among the slower ones.
  const usually = charged < present.medianSeconds ? present.medianSeconds - charged : atMost;
  const after = (seconds: readonly number[]) =>
    addWorkingTime(now, seconds.reduce((sum, one) => sum + one, 0) * 1000, calendar);
  return {
    stages,
    expectedAt: after([usually, ...later.map(({ medianSeconds }) => medianSeconds)]),
    likelyBefore: after([atMost, ...later.map(({ percentileNinetySeconds }) => percentileNinetySeconds)]),
    unknownBecause: null,
  };
}

function stageEstimate(key: string, facts: EstimateFacts): StageEstimate {
  const stage = placeOf(key, facts);
  const known = facts.history[key];
  return known
    ? { stage, ...known, unknownBecause: null }
    : { stage, medianSeconds: null, percentileNinetySeconds: null, unknownBecause: 'TOO_LITTLE_HISTORY' };
}
