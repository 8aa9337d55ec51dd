import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addWorkingTime,
  type WorkingCalendar,
  type WorkingHours,
  weekdays,
  workingTimeBetween,
} from '../../src/lifecycle/working-time.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Zones whose clocks are changed by an hour, by half an hour, at odd offsets, in the south, over the year, and never. */
const zones = [
  'Europe/Amsterdam',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Etc/UTC',
] as const;

const times = fc.integer({ min: 0, max: 24 * 60 }).map((minutes) => {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
});
/** One or two stretches of a day that do not overlap. */
const hoursOfDay = fc
  .uniqueArray(times, { minLength: 2, maxLength: 4 })
  .map((found) => [...found].sort())
  .map((found) => (found.length === 4 ? [found.slice(0, 2), found.slice(2)] : [found.slice(0, 2)]));

const moments = fc
  .integer({ min: Date.UTC(2009, 0) / minute, max: Date.UTC(2035, 0) / minute })
  .map((minutes) => new Date(minutes * minute));

const calendars: fc.Arbitrary<WorkingCalendar> = fc.record({
  timeZone: fc.constantFrom(...zones),
  hours: fc
    .tuple(fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }), hoursOfDay)
    .map(([days, spans]) =>
      days.flatMap((weekday) => spans.map(([from = '', to = '']): WorkingHours => ({ day: weekday, from, to }))),
    ),
  holidays: fc.array(
    moments.map((moment) => ({ date: moment.toISOString().slice(0, 10), name: 'A day off' })),
    { maxLength: 5 },
  ),
});

/** Moments around which the clocks of one of the zones are changed. */
const changes = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29T01:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-03-08T07:00:00Z',
      '2026-11-01T06:00:00Z',
      '2026-11-01T04:31:00Z',
      '2026-04-04T15:00:00Z',
      '2026-10-03T15:30:00Z',
      '2026-04-05T03:00:00Z',
      '2026-02-15T02:00:00Z',
      '2011-12-30T10:00:00Z',
    ),
    fc.integer({ min: -2 * 24 * 60, max: 24 * 60 }),
  )
  .map(([at, minutes]) => new Date(new Date(at).getTime() + minutes * minute));

/** The clocks of a zone, as the platform shows them; asked anew for every minute. */
const shown = new Map<string, Intl.DateTimeFormat>();
function clocks(timeZone: string): Intl.DateTimeFormat {
  const known =
    shown.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  shown.set(timeZone, known);
  return known;
}

/** The slow way: looks at every minute, and asks whether clocks there show a working hour. */
function workedMinutes(from: Date, to: Date, { timeZone, hours, holidays }: WorkingCalendar): number {
  let worked = 0;
  for (let at = from.getTime(); at < to.getTime(); at += minute) {
    const [date = '', time = ''] = clocks(timeZone).format(at).split(' ');
    const weekday = weekdays[new Date(`${date}T12:00:00Z`).getUTCDay()];
    const isOff = holidays.some((holiday) => holiday.date === date);
    const isHour = hours.some((span) => span.day === weekday && span.from <= time && time < span.to);
    if (isHour && !isOff) worked += 1;
  }
  return worked;
}

describe('working time, whatever the calendar and the zone', () => {
  const durations = fc.integer({ min: 0, max: 400 * hour });

  it('is what looking at every minute counts', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 3 * 24 * 60 }), calendars, (from, minutes, calendar) => {
        const to = new Date(from.getTime() + minutes * minute);
        expect(workingTimeBetween(from, to, calendar)).toBe(workedMinutes(from, to, calendar) * minute);
      }),
      { numRuns: 150 },
    );
  });

  it('that was added is counted again, and was not over a moment earlier', () => {
    fc.assert(
      fc.property(moments, durations, calendars, (start, duration, calendar) => {
        const end = addWorkingTime(start, duration, calendar);
        // A calendar of a minute a week does not come to an end in time.
        fc.pre(end.getTime() - start.getTime() < 3650 * day);
        expect(workingTimeBetween(start, end, calendar)).toBe(duration);
        const before = new Date(end.getTime() - 1);
        if (duration > 0) expect(workingTimeBetween(start, before, calendar)).toBe(duration - 1);
      }),
      { numRuns: 60 },
    );
  });

  it('is never longer than the time that passed, and adds up', () => {
    fc.assert(
      fc.property(changes, durations, durations, calendars, (first, one, other, calendar) => {
        const middle = new Date(first.getTime() + one);
        const last = new Date(middle.getTime() + other);
        const whole = workingTimeBetween(first, last, calendar);
        expect(whole).toBeLessThanOrEqual(one + other);
        expect(workingTimeBetween(first, middle, calendar) + workingTimeBetween(middle, last, calendar)).toBe(whole);
      }),
    );
  });

  it('ends later the more of it is added, and may be added bit by bit', () => {
    fc.assert(
      fc.property(changes, durations, durations, calendars, (start, some, more, calendar) => {
        const sooner = addWorkingTime(start, some, calendar);
        const later = addWorkingTime(start, some + more, calendar);
        expect(later.getTime()).toBeGreaterThanOrEqual(sooner.getTime());
        fc.pre(more > 0 && later.getTime() - start.getTime() < 3650 * day);
        expect(addWorkingTime(sooner, more, calendar)).toEqual(later);
      }),
      { numRuns: 60 },
    );
  });

  it('begins no earlier the later it begins', () => {
    fc.assert(
      fc.property(changes, durations, durations, calendars, (start, wait, duration, calendar) => {
        const end = addWorkingTime(start, duration, calendar);
        const later = addWorkingTime(new Date(start.getTime() + wait), duration, calendar);
        expect(later.getTime()).toBeGreaterThanOrEqual(end.getTime());
      }),
      { numRuns: 60 },
    );
  });
});
