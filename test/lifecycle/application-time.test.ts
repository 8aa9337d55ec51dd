import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applicationTime, type TimeFacts } from '../../src/lifecycle/application-time.js';
import { type ClockCause, intervalsForPartners, type RecordedInterval } from '../../src/lifecycle/clock-record.js';
import { workflow } from './situations.js';

const hour = 60 * 60;
/** 24 November 2026 is a Tuesday. */
const at = (text: string) => new Date(`2026-11-${text}:00Z`);

function interval(
  stageKey: string,
  kind: RecordedInterval['kind'],
  startedAt: string,
  endedAt: string | null,
  cause: ClockCause = 'STAGE_ADVANCED',
): RecordedInterval {
  return { stageKey, kind, cause, startedAt: at(startedAt), endedAt: endedAt === null ? null : at(endedAt) };
}

/** Submitted, screened, reviewed with a question in between, and a decision that was declined and proposed again. */
const whole: readonly RecordedInterval[] = [
  interval('intake', 'RUNNING', '23T09:00', '23T10:00', 'SUBMITTED'),
  interval('screening', 'RUNNING', '23T10:00', '23T12:00', 'REVIEW_STARTED'),
  interval('review', 'RUNNING', '23T12:00', '23T16:00'),
  interval('review', 'PAUSED', '23T16:00', '25T09:00', 'INFORMATION_REQUESTED'),
  interval('review', 'RUNNING', '25T09:00', '25T11:00', 'RESUMED'),
  interval('decision', 'RUNNING', '25T11:00', '25T13:00'),
  interval('countersignature', 'RUNNING', '25T13:00', '25T14:00', 'DECISION_PROPOSED'),
  interval('decision', 'RUNNING', '25T14:00', '25T15:00', 'COUNTERSIGNATURE_DECLINED'),
  interval('countersignature', 'RUNNING', '25T15:00', null, 'DECISION_PROPOSED'),
];

const facts: TimeFacts = { status: 'DECISION_PROPOSED', workflow, intervals: whole, stageNames: {} };
const now = at('25T16:00');

describe('the time of an application', () => {
  it('is shown to staff as it was recorded, charged and by the calendar, with the reasons', () => {
    const time = applicationTime(facts, now, true);
    expect(time).toMatchObject({
      chargedSeconds: 14 * hour,
      pausedSeconds: 41 * hour,
      calendarSeconds: 55 * hour,
    });
    expect(time?.stages).toEqual([
      { stage: { key: 'intake', name: 'Intake' }, chargedSeconds: hour, pausedSeconds: 0, slaSeconds: 16 * hour },
      {
        stage: { key: 'screening', name: 'Screening' },
        chargedSeconds: 2 * hour,
        pausedSeconds: 0,
        slaSeconds: 24 * hour,
      },
      {
        stage: { key: 'review', name: 'Review' },
        chargedSeconds: 6 * hour,
        pausedSeconds: 41 * hour,
        slaSeconds: 80 * hour,
      },
      {
        stage: { key: 'decision', name: 'Decision' },
        chargedSeconds: 3 * hour,
        pausedSeconds: 0,
        slaSeconds: 40 * hour,
      },
      {
        stage: { key: 'countersignature', name: 'Countersignature' },
        chargedSeconds: 2 * hour,
        pausedSeconds: 0,
        slaSeconds: 16 * hour,
      },
    ]);
    expect(time?.intervals).toHaveLength(whole.length);
    expect(time?.intervals.map(({ cause }) => cause)).toEqual(whole.map(({ cause }) => cause));
  });

  it('is shown to partners without what happens between staff', () => {
    const time = applicationTime(facts, now, false);
    expect(time).toMatchObject({ chargedSeconds: 14 * hour, pausedSeconds: 41 * hour, calendarSeconds: 55 * hour });
    expect(
      time?.stages.map(({ stage, chargedSeconds, slaSeconds }) => [stage.key, chargedSeconds, slaSeconds]),
    ).toEqual([
      ['intake', hour, null],
      ['screening', 2 * hour, null],
      ['review', 6 * hour, null],
      ['decision', 5 * hour, null],
    ]);
    expect(time?.intervals.map(({ kind, stage, cause, endedAt }) => [kind, stage.key, cause, endedAt])).toEqual([
      ['RUNNING', 'intake', 'SUBMITTED', at('23T10:00')],
      ['RUNNING', 'screening', 'REVIEW_STARTED', at('23T12:00')],
      ['RUNNING', 'review', 'STAGE_ADVANCED', at('23T16:00')],
      ['PAUSED', 'review', 'INFORMATION_REQUESTED', at('25T09:00')],
      ['RUNNING', 'review', 'RESUMED', at('25T11:00')],
      ['RUNNING', 'decision', 'STAGE_ADVANCED', null],
    ]);
  });

  it('stands still by the calendar when the application is done, and goes on while it is with the partner', () => {
    const ended = whole.map((one) => ({ ...one, endedAt: one.endedAt ?? at('25T15:30') }));
    const later = at('30T12:00');
    const done = applicationTime({ ...facts, status: 'APPROVED', intervals: ended }, later, false);
    expect(done?.calendarSeconds).toBe(54.5 * hour);
    expect(done?.chargedSeconds).toBe(13.5 * hour);
    const returned = applicationTime({ ...facts, status: 'RETURNED', intervals: ended }, later, false);
    expect(returned?.calendarSeconds).toBe(171 * hour);
    expect(returned?.chargedSeconds).toBe(13.5 * hour);
  });

  it('is none before the application is first submitted', () => {
    expect(applicationTime({ ...facts, status: 'DRAFT', intervals: [] }, now, true)).toBeNull();
  });

  it('names stages that the workflow does not have any more as they were called', () => {
    const old = [interval('old-review', 'RUNNING', '23T09:00', null), interval('older', 'RUNNING', '23T09:00', null)];
    const time = applicationTime({ ...facts, intervals: old, stageNames: { 'old-review': 'Old review' } }, now, true);
    expect(time?.stages.map(({ stage, slaSeconds }) => [stage.name, slaSeconds])).toEqual([
      ['Old review', null],
      ['older', null],
    ]);
  });

  const records = fc
    .array(
      fc.record({
        stageKey: fc.constantFrom('intake', 'screening', 'review', 'decision', 'countersignature'),
        kind: fc.constantFrom('RUNNING' as const, 'PAUSED' as const),
        minutes: fc.nat(3000),
        gap: fc.oneof(fc.constant(0), fc.nat(3000)),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((steps) => {
      let clock = at('02T00:00').getTime();
      return steps.map(({ minutes, gap, ...step }): RecordedInterval => {
        const startedAt = new Date(clock + gap * 60_000);
        const endedAt = new Date(startedAt.getTime() + minutes * 60_000);
        clock = endedAt.getTime();
        return { ...step, cause: 'RESUMED', startedAt, endedAt };
      });
    });

  it('is the same for staff and partners, in all, whatever was recorded', () => {
    fc.assert(
      fc.property(records, (intervals) => {
        const late = new Date('2027-01-01T00:00:00Z');
        const [staff, partner] = [true, false].map((forStaff) =>
          applicationTime({ ...facts, intervals }, late, forStaff),
        );
        if (!staff || !partner) throw new Error('Something was recorded.');
        const { chargedSeconds, pausedSeconds, calendarSeconds } = staff;
        expect(partner).toMatchObject({ chargedSeconds, pausedSeconds, calendarSeconds });
        expect(chargedSeconds + pausedSeconds).toBeLessThanOrEqual(calendarSeconds);
        for (const { stages, chargedSeconds: inAll } of [staff, partner])
          expect(stages.reduce((sum, stage) => sum + stage.chargedSeconds, 0)).toBe(inAll);
      }),
    );
  });

  it('tells partners nothing that differs by whether a decision was proposed', () => {
    fc.assert(
      fc.property(records, fc.nat(2999), (intervals, minute) => {
        const last = intervals.at(-1);
        if (!last || last.stageKey === 'countersignature' || last.kind === 'PAUSED') return;
        const open = { ...last, endedAt: null };
        const proposedAt = new Date(last.startedAt.getTime() + minute * 60_000);
        const proposed: RecordedInterval[] = [
          { ...last, endedAt: proposedAt },
          { ...last, stageKey: 'countersignature', cause: 'DECISION_PROPOSED', startedAt: proposedAt, endedAt: null },
        ];
        const before = intervals.slice(0, -1);
        expect(intervalsForPartners([...before, ...proposed])).toEqual(intervalsForPartners([...before, open]));
      }),
    );
  });
});
