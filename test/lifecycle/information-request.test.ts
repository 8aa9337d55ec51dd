import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  answerNotices,
  dueMoment,
  lapseMoment,
  lapseMomentAfterRefusal,
  missingAnswers,
  nextNotice,
  noticeToTell,
} from '../../src/lifecycle/information-request.js';
import { subtractWorkingTime, type WorkingCalendar, workingTimeBetween } from '../../src/lifecycle/working-time.js';
import { officeHours } from './situations.js';

const hour = 60 * 60 * 1000;
const at = (text: string) => new Date(`2026-${text}:00.000Z`);

/** Christmas and New Year's Day off. */
const withHolidays: WorkingCalendar = {
  ...officeHours,
  holidays: [
    { date: '2026-12-25', name: 'Christmas' },
    { date: '2027-01-01', name: 'New Year’s Day' },
  ],
};

describe('what the portal does of itself about a request', () => {
  it('is to remind five working days before, and one, to tell that it is overdue, and to let it lapse', () => {
    const notices = answerNotices({ dueAt: at('11-27T12:00'), lapsesAt: at('12-25T12:00') }, officeHours);
    expect(notices.map(({ kind, at: when, workingDaysLeft }) => [kind, when.toISOString(), workingDaysLeft])).toEqual([
      ['REMINDER', '2026-11-20T12:00:00.000Z', 5],
      ['REMINDER', '2026-11-26T12:00:00.000Z', 1],
      ['OVERDUE', '2026-11-27T12:00:00.000Z', 0],
      ['LAPSE', '2026-12-25T12:00:00.000Z', 0],
    ]);
  });

  it('leaves out weekends and days off', () => {
    const monday = answerNotices({ dueAt: at('12-28T10:00'), lapsesAt: null }, withHolidays);
    expect(monday.map(({ at: when }) => when.toISOString().slice(0, 16))).toEqual([
      '2026-12-18T10:00',
      '2026-12-24T10:00',
      '2026-12-28T10:00',
    ]);
    expect(lapseMoment(at('12-24T10:00'), { lapseAfterWorkingDays: 6, calendar: withHolidays })?.toISOString()).toBe(
      '2027-01-05T10:00:00.000Z',
    );
  });

  it('tells only the latest of what has come, and each once', () => {
    const notices = answerNotices({ dueAt: at('11-27T12:00'), lapsesAt: at('12-25T12:00') }, officeHours);
    const first = nextNotice(notices, at('11-16T09:00'), { extensionWaits: false });
    expect(first?.at).toEqual(at('11-20T12:00'));
    expect(noticeToTell(notices, at('11-20T12:00'), at('11-20T12:01'))?.workingDaysLeft).toBe(5);
    expect(noticeToTell(notices, at('11-20T12:00'), at('11-28T12:00'))?.kind).toBe('OVERDUE');
    expect(noticeToTell(notices, at('11-26T12:00'), at('11-21T12:00'))).toBeNull();
    expect(nextNotice(notices, at('11-28T12:00'), { extensionWaits: false })?.kind).toBe('LAPSE');
  });

  it('lets nothing lapse while more time is asked for, and what should have lapsed afterwards', () => {
    const notices = answerNotices({ dueAt: at('11-27T12:00'), lapsesAt: at('12-25T12:00') }, officeHours);
    expect(nextNotice(notices, at('12-01T12:00'), { extensionWaits: true })).toBeNull();
    expect(nextNotice(notices, at('12-26T12:00'), { extensionWaits: false })?.kind).toBe('LAPSE');
  });

  it('never lets an application lapse whose program does not say when', () => {
    for (const lapseAfterWorkingDays of [null, undefined])
      expect(lapseMoment(at('11-27T12:00'), { lapseAfterWorkingDays, calendar: officeHours })).toBeNull();
    expect(lapseMomentAfterRefusal(null, at('11-27T12:00'), officeHours)).toBeNull();
  });

  it('leaves five working days at least when more time is refused', () => {
    const refusedAt = at('11-27T12:00');
    expect(lapseMomentAfterRefusal(at('11-27T13:00'), refusedAt, officeHours)).toEqual(at('12-04T12:00'));
    expect(lapseMomentAfterRefusal(at('12-24T12:00'), refusedAt, officeHours)).toEqual(at('12-24T12:00'));
  });

  it('takes twenty working days for an answer when nobody says otherwise', () => {
    const due = dueMoment(at('11-24T10:00'), withHolidays);
    expect(workingTimeBetween(at('11-24T10:00'), due, withHolidays)).toBe(160 * hour);
  });
});

describe('a response', () => {
  it('lacks every required question without an answer, each with its place', () => {
    const missing = missingAnswers([
      { number: 1, isRequired: true, isAnswered: true },
      { number: 2, isRequired: true, isAnswered: false },
      { number: 3, isRequired: false, isAnswered: false },
      { number: 4, isRequired: true, isAnswered: false },
    ]);
    expect(missing.map(({ code, path }) => [code, path])).toEqual([
      ['REQUIRED', ['questions', '2']],
      ['REQUIRED', ['questions', '4']],
    ]);
  });
});

describe('working time, counted backwards', () => {
  const moments = fc
    .integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) })
    .map((milliseconds) => new Date(milliseconds));
  const calendars = fc.constantFrom(officeHours, withHolidays, { ...withHolidays, timeZone: 'America/New_York' });

  it('is what lies between: no more, no less, and the latest such moment', () => {
    fc.assert(
      fc.property(moments, calendars, fc.integer({ min: 1, max: 400 * hour }), (end, calendar, length) => {
        const start = subtractWorkingTime(end, length, calendar);
        expect(workingTimeBetween(start, end, calendar)).toBe(length);
        expect(workingTimeBetween(new Date(start.getTime() + 1), end, calendar)).toBe(length - 1);
      }),
    );
  });

  it('keeps notices in order, whatever the calendar and the times', () => {
    const grace = fc.option(fc.integer({ min: 1, max: 250 }), { nil: null });
    fc.assert(
      fc.property(moments, calendars, grace, moments, (dueAt, calendar, lapseAfterWorkingDays, now) => {
        const lapsesAt = lapseMoment(dueAt, { lapseAfterWorkingDays, calendar });
        const notices = answerNotices({ dueAt, lapsesAt }, calendar);
        const times = notices.map(({ at: when }) => when.getTime());
        expect(times).toEqual([...times].sort((one, other) => one - other));
        if (lapsesAt) expect(lapsesAt > dueAt).toBe(true);
        const told = noticeToTell(notices, new Date(0), now);
        const next = nextNotice(notices, now, { extensionWaits: false });
        if (told && next && next.kind !== 'LAPSE') expect(told.at < next.at).toBe(true);
        if (!next) expect(lapsesAt).toBeNull();
      }),
    );
  });
});
