import { offsetSpans } from './time-zone.js';

/** As JavaScript counts the days of the week. */
export const weekdays = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type Weekday = (typeof weekdays)[number];

/** From when to when people work on a day of the week, as clocks show it: `09:00`; `24:00` is the end of the day. */
export interface WorkingHours {
  readonly day: Weekday;
  readonly from: string;
  /** The first minute that is not worked any more. */
  readonly to: string;
}

export interface Holiday {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly name: string;
}

/** When people work: the hours that SLA clocks count. */
export interface WorkingCalendar {
  /** The IANA name of the time zone whose clocks count, e.g. `Europe/Amsterdam`. */
  readonly timeZone: string;
  /** A day of the week may have several, such as before and after lunch; they do not overlap. */
  readonly hours: readonly WorkingHours[];
  /** Days off. */
  readonly holidays: readonly Holiday[];
}

const minute = 60 * 1000;
const hour = 60 * minute;
const day = 24 * hour;
/** No due time lies further away than this; a calendar without working hours would never end otherwise. */
const horizon = 3650 * day;

/** The moment at which `milliseconds` of working time have passed since `start`; for none, `start` itself. */
export function addWorkingTime(start: Date, milliseconds: number, calendar: WorkingCalendar): Date {
  if (milliseconds <= 0) return start;
  const end = start.getTime() + horizon;
  let left = milliseconds;
  for (const [from, to] of workedSpans(calendar, start.getTime(), end)) {
    if (left <= to - from) return new Date(from + left);
    left -= to - from;
  }
  return new Date(end);
}

/** The moment from which on `milliseconds` of working time pass until `end`; for none, `end` itself. */
export function subtractWorkingTime(end: Date, milliseconds: number, calendar: WorkingCalendar): Date {
  if (milliseconds <= 0) return end;
  const earliest = end.getTime() - horizon;
  let left = milliseconds;
  // Fortnight by fortnight, the last one first.
  for (let to = end.getTime(); to > earliest; to -= 14 * day) {
    const spans = [...workedSpans(calendar, Math.max(earliest, to - 14 * day), to)].reverse();
    for (const [start, stop] of spans) {
      if (left <= stop - start) return new Date(stop - left);
      left -= stop - start;
    }
  }
  return new Date(earliest);
}

/** Working milliseconds between two moments; none when the second is the earlier one. */
export function workingTimeBetween(from: Date, to: Date, calendar: WorkingCalendar): number {
  let total = 0;
  for (const [start, end] of workedSpans(calendar, from.getTime(), to.getTime())) total += end - start;
  return total;
}

/** How long people work on a working day, on the average of the week. */
export function averageWorkingDay(calendar: WorkingCalendar): number {
  const weekly = calendar.hours.reduce((sum, { from, to }) => sum + minutesOf(to) - minutesOf(from), 0);
  const days = new Set(calendar.hours.map((hours) => hours.day)).size;
  return days === 0 ? 0 : (weekly / days) * minute;
}

export interface ClockInterval {
  readonly kind: 'RUNNING' | 'PAUSED';
  readonly startedAt: Date;
  /** Null while it goes on. */
  readonly endedAt: Date | null;
}

/** Working time charged to a stage: what its running intervals hold. */
export function chargedTime(intervals: readonly ClockInterval[], now: Date, calendar: WorkingCalendar): number {
  return intervals
    .filter((interval) => interval.kind === 'RUNNING')
    .reduce((sum, interval) => sum + workingTimeBetween(interval.startedAt, interval.endedAt ?? now, calendar), 0);
}

/** Minutes since midnight of a time like `09:30`. */
export function minutesOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/**
 * The stretches that are worked between two moments, one after the other. A minute is worked when the clocks of the
 * zone show a working hour at it: where clocks are put forward an hour is not there, where they are put back one is
 * there twice. All in milliseconds.
 */
export function* workedSpans(
  calendar: WorkingCalendar,
  from: number,
  to: number,
): Generator<readonly [from: number, to: number]> {
  const { hoursOf, holidays } = timetableOf(calendar);
  for (const span of offsetSpans(calendar.timeZone, from, to)) {
    // Within such a stretch the clocks are those of UTC, shifted.
    const first = Math.floor((span.from + span.offset) / day) * day;
    for (let midnight = first; midnight < span.to + span.offset; midnight += day) {
      const hours = hoursOf[weekdayOf(midnight)] ?? [];
      if (hours.length === 0 || holidays.has(midnight)) continue;
      for (const { opens, closes } of hours) {
        const start = Math.max(span.from, midnight + opens - span.offset);
        const end = Math.min(span.to, midnight + closes - span.offset);
        if (start < end) yield [start, end];
      }
    }
  }
}

interface Timetable {
  /** By day of the week, in milliseconds since midnight, in order. */
  readonly hoursOf: readonly (readonly { readonly opens: number; readonly closes: number }[])[];
  /** The midnights at which they begin, as UTC counts them. */
  readonly holidays: ReadonlySet<number>;
}

/** The first of January 1970 was a Thursday. */
function weekdayOf(midnight: number): number {
  return (((midnight / day + 4) % 7) + 7) % 7;
}

const timetables = new WeakMap<WorkingCalendar, Timetable>();

function timetableOf(calendar: WorkingCalendar): Timetable {
  const known = timetables.get(calendar);
  if (known) return known;
  const hoursOf = weekdays.map((weekday) =>
    calendar.hours
      .filter((hours) => hours.day === weekday)
      .map(({ from, to }) => ({ opens: minutesOf(from) * minute, closes: minutesOf(to) * minute }))
      .sort((one, other) => one.opens - other.opens),
  );
  const made = { hoursOf, holidays: new Set(calendar.holidays.map(({ date }) => Date.parse(date))) };
  timetables.set(calendar, made);
  return made;
}
