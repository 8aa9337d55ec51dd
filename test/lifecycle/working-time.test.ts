import { describe, expect, it } from '@jest/globals';
import { deadlineOf, noticesOf } from '../../src/lifecycle/deadlines.js';
import {
  addWorkingTime,
  averageWorkingDay,
  type ClockInterval,
  chargedTime,
  type WorkingCalendar,
  type WorkingHours,
  weekdays,
  workingTimeBetween,
} from '../../src/lifecycle/working-time.js';
import { officeHours } from './situations.js';

const hour = 60 * 60 * 1000;
const at = (text: string) => new Date(`${text}Z`);

/** 24 November 2026 is a Tuesday. */
const tuesday = '2026-11-24';
const thanksgiving: WorkingCalendar = {
  ...officeHours,
  holidays: [{ date: '2026-11-26', name: 'Thanksgiving' }],
};

function added(start: string, hours: number, calendar = officeHours): string {
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
    const aroundTheClock = { ...officeHours, hours: weekdays.map((day) => ({ day, from: '00:00', to: '24:00' })) };
    expect(added('2026-11-28T20:00', 30, aroundTheClock)).toBe('2026-11-30T02:00');
    const sundays: WorkingCalendar = { ...officeHours, hours: [{ day: 'SUNDAY', from: '08:00', to: '12:00' }] };
    expect(added(`${tuesday}T10:00`, 5, sundays)).toBe('2026-12-06T09:00');
    const withLunch = { ...officeHours, hours: [tuesdays('13:00', '17:30'), tuesdays('09:30', '12:15')] };
    expect(added(`${tuesday}T09:00`, 3, withLunch)).toBe(`${tuesday}T13:15`);
  });

  it('and none is no time at all, at night and at weekends too', () => {
    for (const moment of ['2026-11-24T10:30', '2026-11-24T20:00', '2026-11-28T12:00']) {
      expect(addWorkingTime(at(moment), 0, officeHours)).toEqual(at(moment));
    }
  });

  it('without end when nobody ever works, but not for ever', () => {
    expect(addWorkingTime(at(tuesday), hour, { ...officeHours, hours: [] }).getUTCFullYear()).toBe(2036);
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
    expect(workingTimeBetween(at(from), at(to), officeHours)).toBe(hours * hour);
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
    expect(chargedTime(intervals, at('2026-11-26T15:00'), officeHours)).toBe(6 * hour);
    expect(chargedTime(intervals, at('2026-11-28T15:00'), officeHours)).toBe(16 * hour);
    expect(chargedTime(intervals, at('2026-11-27T11:00'), thanksgiving)).toBe(5 * hour);
    expect(chargedTime([], at(tuesday), officeHours)).toBe(0);
  });

  const due = (charged: number, now: Date) =>
    deadlineOf(16, charged, now, { calendar: officeHours, warnAtPercent: 75 });

  it('is due when the time that is left has passed, and warns before', () => {
    expect(due(0, at(`${tuesday}T09:00`))).toEqual({ dueAt: at('2026-11-25T17:00'), warnAt: at('2026-11-25T13:00') });
    expect(due(10 * hour, at(`${tuesday}T09:00`))).toEqual({
      dueAt: at(`${tuesday}T15:00`),
      warnAt: at(`${tuesday}T11:00`),
    });
    expect(due(13 * hour, at(`${tuesday}T09:00`))).toEqual({
      dueAt: at(`${tuesday}T12:00`),
      warnAt: at(`${tuesday}T09:00`),
    });
  });

  it('is due at once when no time is left, whatever day it is', () => {
    for (const moment of [`${tuesday}T10:00`, `${tuesday}T22:00`, '2026-11-28T10:00']) {
      expect(due(16 * hour, at(moment))).toEqual({ dueAt: at(moment), warnAt: at(moment) });
      expect(due(99 * hour, at(moment))).toEqual({ dueAt: at(moment), warnAt: at(moment) });
    }
  });

  it('gives its notices in the order in which they come', () => {
    const stage = { warnAt: at(`${tuesday}T10:00`), dueAt: at(`${tuesday}T14:00`) };
    const application = { warnAt: at(`${tuesday}T12:00`), dueAt: at(`${tuesday}T13:00`) };
    expect(noticesOf(stage, application).map(({ scope, kind }) => `${scope} ${kind}`)).toEqual([
      'STAGE WARNING',
      'APPLICATION WARNING',
      'APPLICATION ESCALATION',
      'STAGE ESCALATION',
    ]);
  });
});

describe('a working day', () => {
  it('is as long as those of the week are on the average', () => {
    expect(averageWorkingDay(officeHours)).toBe(8 * hour);
    const hours = [
      tuesdays('09:00', '12:00'),
      tuesdays('13:00', '17:00'),
      { ...tuesdays('09:00', '12:00'), day: 'FRIDAY' },
    ];
    expect(averageWorkingDay({ ...officeHours, hours: hours as WorkingHours[] })).toBe(5 * hour);
    expect(averageWorkingDay({ ...officeHours, hours: [] })).toBe(0);
  });
});

/** Clocks are put forward on 29 March 2026 and back on 25 October 2026 there. */
const amsterdam = { ...officeHours, timeZone: 'Europe/Amsterdam' };
const sundayNight = (from: string, to: string): WorkingCalendar => ({
  ...amsterdam,
  hours: [{ day: 'SUNDAY', from, to }],
});

describe('where the clocks are changed', () => {
  it('the day begins at the same hour by the clocks, and so at another by UTC', () => {
    expect(added('2026-03-27T15:00', 2, amsterdam)).toBe('2026-03-30T08:00');
    expect(added('2026-10-23T14:00', 2, amsterdam)).toBe('2026-10-26T09:00');
  });

  it('an hour that is not there is not worked', () => {
    const night = sundayNight('01:00', '04:00');
    expect(workingTimeBetween(at('2026-03-28T00:00'), at('2026-03-30T00:00'), night)).toBe(2 * hour);
    expect(added('2026-03-28T20:00', 1.5, night)).toBe('2026-03-29T01:30');
    const lostHour = sundayNight('02:00', '03:00');
    expect(workingTimeBetween(at('2026-03-28T00:00'), at('2026-03-30T00:00'), lostHour)).toBe(0);
  });

  it('an hour that is there twice is worked twice', () => {
    const night = sundayNight('01:00', '04:00');
    expect(workingTimeBetween(at('2026-10-24T00:00'), at('2026-10-26T00:00'), night)).toBe(4 * hour);
    expect(added('2026-10-24T20:00', 2.5, night)).toBe('2026-10-25T01:30');
    // Half past two to three, and again.
    const half = sundayNight('02:30', '03:00');
    expect(workingTimeBetween(at('2026-10-24T00:00'), at('2026-10-26T00:00'), half)).toBe(hour);
    expect(added('2026-10-24T20:00', 0.75, half)).toBe('2026-10-25T01:45');
  });

  it('a day off is a day by the clocks there', () => {
    const auckland: WorkingCalendar = {
      ...officeHours,
      timeZone: 'Pacific/Auckland',
      holidays: [{ date: '2026-11-25', name: 'A day off' }],
    };
    // It is Wednesday there while it is Tuesday by UTC.
    expect(workingTimeBetween(at(`${tuesday}T12:00`), at('2026-11-25T11:00'), auckland)).toBe(0);
    expect(workingTimeBetween(at('2026-11-25T12:00'), at('2026-11-26T11:00'), auckland)).toBe(8 * hour);
  });

  it('a whole day can be missing, where the date line was crossed', () => {
    const samoa = {
      ...officeHours,
      timeZone: 'Pacific/Apia',
      hours: weekdays.map((day) => ({ day, from: '09:00', to: '17:00' })),
    };
    // Friday, 30 December 2011, was not there.
    expect(workingTimeBetween(at('2011-12-29T10:00'), at('2012-01-01T10:00'), samoa)).toBe(3 * 8 * hour);
  });
});

function tuesdays(from: string, to: string): WorkingHours {
  return { day: 'TUESDAY', from, to };
}
