import { describe, expect, it } from '@jest/globals';
import type { RecordedInterval } from '../../src/lifecycle/clock-record.js';
import { type EstimateFacts, estimate } from '../../src/lifecycle/estimate.js';
import { historyOf, type Passage, passagesOf, type ReviewedApplication } from '../../src/lifecycle/stage-history.js';
import { workflow } from './situations.js';

const hour = 60 * 60;
const at = (text: string) => new Date(`2026-11-${text}:00Z`);

function ran(stageKey: string, startedAt: string, endedAt: string | null): RecordedInterval {
  return {
    stageKey,
    kind: 'RUNNING',
    cause: 'STAGE_ADVANCED',
    startedAt: at(startedAt),
    endedAt: endedAt === null ? null : at(endedAt),
  };
}

const reviewed: ReviewedApplication = {
  organizationId: 'ours',
  workflow,
  decidedAt: at('26T12:00'),
  appealedAt: null,
  intervals: [
    ran('intake', '23T09:00', '23T10:00'),
    ran('screening', '23T10:00', '23T12:00'),
    ran('review', '23T12:00', '25T12:00'),
    ran('decision', '25T12:00', '26T10:00'),
    ran('countersignature', '26T10:00', '26T12:00'),
  ],
};

const stagesOf = (application: ReviewedApplication) =>
  passagesOf(application).map(({ stageKey, took }) => `${stageKey} ${took / 1000 / hour}`);

describe('the history of a stage', () => {
  it('is told by applications that left it for a later one, or with a decision', () => {
    expect(stagesOf(reviewed)).toEqual(['intake 1', 'screening 2', 'review 16', 'decision 8']);
    const undecided = { ...reviewed, decidedAt: null };
    expect(stagesOf({ ...undecided, intervals: reviewed.intervals.slice(0, 3) })).toEqual(['intake 1', 'screening 2']);
    const ofReview = [...reviewed.intervals.slice(0, 2), ran('review', '23T12:00', null)];
    expect(stagesOf({ ...undecided, intervals: ofReview })).toEqual(['intake 1', 'screening 2']);
  });

  it('is not told by those that were withdrawn, closed or returned there', () => {
    const withdrawn = { ...reviewed, decidedAt: null, intervals: reviewed.intervals.slice(0, 2) };
    expect(stagesOf(withdrawn)).toEqual(['intake 1']);
    const corrected = [
      ...withdrawn.intervals,
      ran('intake', '24T09:00', '24T11:00'),
      ran('screening', '24T11:00', null),
    ];
    expect(stagesOf({ ...withdrawn, intervals: corrected })).toEqual(['intake 3']);
  });

  it('is not told by appeals', () => {
    const appealed = { ...reviewed, appealedAt: at('27T09:00'), decidedAt: at('27T17:00') };
    expect(
      stagesOf({ ...appealed, intervals: [...reviewed.intervals, ran('decision', '27T09:00', '27T17:00')] }),
    ).toEqual(stagesOf(reviewed));
  });

  const passages = (hours: readonly number[], organizations = 10): Passage[] =>
    hours.map((took, n) => ({
      stageKey: 'review',
      organizationId: `organization ${n % organizations}`,
      took: took * hour * 1000,
      leftAt: new Date(at('24T12:00').getTime() - n * 1000),
    }));

  it('needs ten applications by five organizations', () => {
    expect(historyOf(passages(Array(9).fill(8)))).toBeNull();
    expect(historyOf(passages(Array(10).fill(8)))).toEqual({
      medianSeconds: 8 * hour,
      percentileNinetySeconds: 8 * hour,
    });
    expect(historyOf(passages(Array(200).fill(8), 4))).toBeNull();
    expect(historyOf(passages(Array(200).fill(8), 5))).not.toBeNull();
  });

  it('is half of them and nine of ten, to the hour', () => {
    const hours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    expect(historyOf(passages(hours))).toEqual({ medianSeconds: 6 * hour, percentileNinetySeconds: 10 * hour });
    expect(historyOf(passages(hours.map((one) => one / 10)))).toEqual({
      medianSeconds: hour,
      percentileNinetySeconds: hour,
    });
    expect(historyOf(passages(Array(10).fill(0)))).toEqual({ medianSeconds: hour, percentileNinetySeconds: hour });
    expect(historyOf(passages(Array(10).fill(7.2)))?.medianSeconds).toBe(8 * hour);
  });

  it('is that of the latest two hundred', () => {
    const latest = Array(200).fill(4);
    expect(historyOf(passages([...latest, ...Array(300).fill(400)]))).toEqual({
      medianSeconds: 4 * hour,
      percentileNinetySeconds: 4 * hour,
    });
  });
});

describe('an estimate', () => {
  const usual = (median: number, ninety: number) => ({
    medianSeconds: median * hour,
    percentileNinetySeconds: ninety * hour,
  });
  const history = { intake: usual(2, 4), screening: usual(4, 8), review: usual(16, 40), decision: usual(8, 16) };
  /** At the stage of review since Tuesday morning. */
  const facts: EstimateFacts = {
    status: 'IN_REVIEW',
    stageKey: 'review',
    appealedAt: null,
    workflow,
    stageNames: {},
    history,
    intervals: [...reviewed.intervals.slice(0, 2), ran('review', '24T09:00', null)],
  };
  const now = at('24T13:00');

  it('is of the present stage and those after it', () => {
    expect(estimate(facts, now)).toEqual({
      stages: [
        { stage: { key: 'review', name: 'Review' }, ...history.review, unknownBecause: null },
        { stage: { key: 'decision', name: 'Decision' }, ...history.decision, unknownBecause: null },
      ],
      // Of sixteen hours four are over; eight follow. It is Tuesday, one o'clock.
      expectedAt: at('26T17:00'),
      // Of forty hours four are over; sixteen follow.
      likelyBefore: new Date('2026-12-02T17:00:00Z'),
      unknownBecause: null,
    });
  });

  it('of what was submitted begins with intake', () => {
    const submitted = {
      ...facts,
      status: 'SUBMITTED',
      stageKey: null,
      intervals: [ran('intake', '24T09:00', null)],
    } as const;
    expect(estimate(submitted, at('24T10:00'))?.stages.map(({ stage }) => stage.key)).toEqual([
      'intake',
      'screening',
      'review',
      'decision',
    ]);
  });

  it('is the same whether a decision is proposed or not', () => {
    const atDecision = [...reviewed.intervals.slice(0, 3), ran('decision', '25T12:00', null)];
    const proposed = [
      ...reviewed.intervals.slice(0, 3),
      ran('decision', '25T12:00', '25T14:00'),
      ran('countersignature', '25T14:00', null),
    ];
    const before = estimate({ ...facts, stageKey: 'decision', intervals: atDecision }, at('25T16:00'));
    expect(before?.expectedAt).toEqual(at('26T12:00'));
    expect(
      estimate({ ...facts, status: 'DECISION_PROPOSED', stageKey: 'decision', intervals: proposed }, at('25T16:00')),
    ).toEqual(before);
  });

  it('of what is slower than half of the others reckons with the slower ones, and then gives up', () => {
    const slow = (startedAt: string) => ({ ...facts, intervals: [ran('review', startedAt, null)] });
    // Twenty hours are over, of which the slower ones take forty.
    expect(estimate(slow('20T09:00'), now)).toMatchObject({
      expectedAt: at('27T17:00'),
      likelyBefore: at('30T17:00'),
      unknownBecause: null,
    });
    expect(estimate(slow('02T09:00'), now)).toMatchObject({
      expectedAt: null,
      likelyBefore: null,
      unknownBecause: 'LONGER_THAN_USUAL',
    });
  });

  it('is not made when one of the stages has too little history, and says which', () => {
    const { review: _, ...less } = history;
    expect(estimate({ ...facts, history: less }, now)).toMatchObject({
      stages: [
        { medianSeconds: null, percentileNinetySeconds: null, unknownBecause: 'TOO_LITTLE_HISTORY' },
        { medianSeconds: 8 * hour, unknownBecause: null },
      ],
      expectedAt: null,
      unknownBecause: 'TOO_LITTLE_HISTORY',
    });
  });

  it('waits while the partner is asked', () => {
    const paused = estimate({ ...facts, status: 'INFORMATION_REQUESTED' }, now);
    expect(paused).toMatchObject({ expectedAt: null, likelyBefore: null, unknownBecause: 'CLOCK_PAUSED' });
    expect(paused?.stages[0]).toMatchObject({ medianSeconds: 16 * hour });
  });

  it.each(['DRAFT', 'RETURNED', 'APPROVED', 'REFUSED', 'WITHDRAWN', 'CLOSED', 'UNDER_APPEAL'] as const)(
    'is none of what is %s',
    (status) => {
      expect(estimate({ ...facts, status }, now)).toBeNull();
    },
  );

  it('is none of an appeal, a decision on it included', () => {
    const appealedAt = at('24T09:00');
    expect(estimate({ ...facts, status: 'DECISION_PROPOSED', stageKey: 'decision', appealedAt }, now)).toBeNull();
  });
});
