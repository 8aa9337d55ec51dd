import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addWorkingTime,
  type ClockInterval,
  chargedTime,
  defaultCalendar,
  dueAt,
  type WorkingCalendar,
  workingTimeBetween,
} from '../../src/lifecycle/working-time.js';

const hour = 60 * 60 * 1000;
const at = (text: string) => new Date(`${text}Z`);

/** 24 November 2026 is a Tuesday. */
const tuesday = '2026-11-24';
const thanksgiving: WorkingCalendar = { ...defaultCalendar, holidays: ['2026-11-26'] };

function added(start: string, hours: number, calendar?: WorkingCalendar): string {
  return addWorkingTime(at(start), hours * hour, calendar)
    .toISOString()
    .slice(0, 16);
}

describe('working time is added', () => {
  it.each([
    ['within a day', `${tuesday}T10:00`, 3, '2026-11-24T13:00'],
    ['to the very end of a day', `${tuesday}T10:00`, 7, '2026-11-24T17:00'],
    ['over a night', `${tuesday}T16:00`, 2, '2026-11-25T10:00'],
    ['from before a day’s first hour', `${tuesday}T03:00`, 1, '2026-11-24T10:00'],
    ['from after a day’s last hour', `${tuesday}T20:00`, 1, '2026-11-25T10:00'],
    ['over a weekend', '2026-11-27T16:00', 2, '2026-11-30T10:00'],
    ['from within a weekend', '2026-11-28T12:00', 1, '2026-11-30T10:00'],
    ['over weeks', `${tuesday}T09:00`, 80, '2026-12-07T17:00'],
    ['over the end of a year', '2026-12-31T16:00', 2, '2027-01-01T10:00'],
    ['over the leap day', '2028-02-28T16:00', 9, '2028-02-29T17:00'],
  ])('%s', (_how, start, hours, end) => {
    expect(added(start, hours)).toBe(end);
  });

  it('over days off', () => {
    expect(added('2026-11-25T16:00', 2)).toBe('2026-11-26T10:00');
    expect(added('2026-11-25T16:00', 2, thanksgiving)).toBe('2026-11-27T10:00');
    expect(added('2026-11-26T11:00', 1, thanksgiving)).toBe('2026-11-27T10:00');
  });

  it('by other calendars', () => {
    const aroundTheClock: WorkingCalendar = { days: [0, 1, 2, 3, 4, 5, 6], startHour: 0, endHour: 24, holidays: [] };
    expect(added('2026-11-28T20:00', 30, aroundTheClock)).toBe('2026-11-30T02:00');
    const sundays: WorkingCalendar = { days: [0], startHour: 8, endHour: 12, holidays: [] };
    expect(added(`${tuesday}T10:00`, 5, sundays)).toBe('2026-12-06T09:00');
  });

  it('and none is no time at all, at night and at weekends too', () => {
    for (const moment of ['2026-11-24T10:30', '2026-11-24T20:00', '2026-11-28T12:00']) {
      expect(addWorkingTime(at(moment), 0)).toEqual(at(moment));
    }
  });

  it('without end when nobody ever works, but not for ever', () => {
    expect(addWorkingTime(at(tuesday), hour, { ...defaultCalendar, days: [] }).getUTCFullYear()).toBe(2036);
  });
});

describe('working time is counted', () => {
  it.each([
    ['within a day', `${tuesday}T10:00`, `${tuesday}T13:30`, 3.5],
    ['not before and after hours', `${tuesday}T00:00`, `${tuesday}T23:59`, 8],
    ['not at night', `${tuesday}T16:00`, '2026-11-25T10:00', 2],
    ['not at weekends', '2026-11-27T16:00', '2026-11-30T10:00', 2],
    ['as none within a weekend', '2026-11-28T00:00', '2026-11-29T23:00', 0],
    ['as none between a moment and itself', `${tuesday}T10:00`, `${tuesday}T10:00`, 0],
    ['as none backwards', '2026-11-25T10:00', `${tuesday}T10:00`, 0],
  ])('%s', (_how, from, to, hours) => {
    expect(workingTimeBetween(at(from), at(to))).toBe(hours * hour);
  });

  it('not on days off', () => {
    expect(workingTimeBetween(at('2026-11-25T16:00'), at('2026-11-27T10:00'), thanksgiving)).toBe(2 * hour);
  });
});

describe('a clock', () => {
  const interval = (kind: ClockInterval['kind'], startedAt: string, endedAt: string | null): ClockInterval => ({
    kind,
    startedAt: at(startedAt),
    endedAt: endedAt === null ? null : at(endedAt),
  });

  it('charges what it ran and not what it was paused', () => {
    const intervals = [
      interval('RUNNING', `${tuesday}T09:00`, `${tuesday}T12:00`),
      interval('PAUSED', `${tuesday}T12:00`, '2026-11-26T12:00'),
      interval('RUNNING', '2026-11-26T12:00', null),
    ];
    expect(chargedTime(intervals, at('2026-11-26T15:00'))).toBe(6 * hour);
    expect(chargedTime(intervals, at('2026-11-28T15:00'))).toBe(16 * hour);
    expect(chargedTime(intervals, at('2026-11-27T11:00'), thanksgiving)).toBe(5 * hour);
    expect(chargedTime([], at(tuesday))).toBe(0);
  });

  it('is due when the time that is left has passed', () => {
    expect(dueAt(16, 0, at(`${tuesday}T09:00`))).toEqual(at('2026-11-25T17:00'));
    expect(dueAt(16, 10 * hour, at(`${tuesday}T09:00`))).toEqual(at(`${tuesday}T15:00`));
  });

  it('is due at once when no time is left, whatever day it is', () => {
    for (const moment of [`${tuesday}T10:00`, `${tuesday}T22:00`, '2026-11-28T10:00']) {
      expect(dueAt(16, 16 * hour, at(moment))).toEqual(at(moment));
      expect(dueAt(16, 99 * hour, at(moment))).toEqual(at(moment));
    }
  });
});

describe('working time, whatever the calendar', () => {
  const moments = fc.date({ min: at('2020-01-01T00:00'), max: at('2035-01-01T00:00'), noInvalidDate: true });
  const durations = fc.integer({ min: 0, max: 400 * hour });
  const calendars: fc.Arbitrary<WorkingCalendar> = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
    startHour: fc.integer({ min: 0, max: 11 }),
    endHour: fc.integer({ min: 12, max: 24 }),
    holidays: fc.array(
      moments.map((moment) => moment.toISOString().slice(0, 10)),
      { maxLength: 5 },
    ),
  });

  it('that was added is counted again', () => {
    fc.assert(
      fc.property(moments, durations, calendars, (start, duration, calendar) => {
        expect(workingTimeBetween(start, addWorkingTime(start, duration, calendar), calendar)).toBe(duration);
      }),
    );
  });

  it('is never longer than the time that passed, and adds up', () => {
    fc.assert(
      fc.property(moments, moments, moments, calendars, (one, other, third, calendar) => {
        const [first, middle, last] = [one, other, third].sort((a, b) => a.getTime() - b.getTime());
        if (!first || !middle || !last) throw new Error('There are three moments.');
        const whole = workingTimeBetween(first, last, calendar);
        expect(whole).toBeLessThanOrEqual(last.getTime() - first.getTime());
        expect(workingTimeBetween(first, middle, calendar) + workingTimeBetween(middle, last, calendar)).toBe(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('ends later the more of it is added', () => {
    fc.assert(
      fc.property(moments, durations, durations, calendars, (start, some, more, calendar) => {
        const sooner = addWorkingTime(start, some, calendar).getTime();
        expect(addWorkingTime(start, some + more, calendar).getTime()).toBeGreaterThanOrEqual(sooner);
      }),
    );
  });
});
