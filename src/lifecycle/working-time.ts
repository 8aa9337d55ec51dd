/** When people work: the hours SLA clocks count. All in UTC. */
export interface WorkingCalendar {
  /** Days of the week that count, 0 = Sunday. */
  readonly days: readonly number[];
  /** First and last hour of a working day; the last is not worked any more. */
  readonly startHour: number;
  readonly endHour: number;
  /** Days off as `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

export const defaultCalendar: WorkingCalendar = { days: [1, 2, 3, 4, 5], startHour: 9, endHour: 17, holidays: [] };

const hour = 60 * 60 * 1000;
const day = 24 * hour;
/** No due time lies further away than this many days; a calendar without working days would never end otherwise. */
const horizonDays = 3650;

/** The moment at which `milliseconds` of working time have passed since `start`; for none, `start` itself. */
export function addWorkingTime(start: Date, milliseconds: number, calendar: WorkingCalendar = defaultCalendar): Date {
  if (milliseconds <= 0) return start;
  let left = milliseconds;
  let dayStart = startOfDay(start);
  for (let passed = 0; passed < horizonDays; passed += 1) {
    const hours = workingHoursOf(dayStart, calendar);
    if (hours) {
      const from = Math.max(hours.from, start.getTime());
      const available = Math.max(0, hours.to - from);
      if (left <= available) return new Date(from + left);
      left -= available;
    }
    dayStart += day;
  }
  return new Date(dayStart);
}

/** Working milliseconds between two moments. */
export function workingTimeBetween(from: Date, to: Date, calendar: WorkingCalendar = defaultCalendar): number {
  let total = 0;
  for (let dayStart = startOfDay(from); dayStart < to.getTime(); dayStart += day) {
    const hours = workingHoursOf(dayStart, calendar);
    if (hours) total += Math.max(0, Math.min(hours.to, to.getTime()) - Math.max(hours.from, from.getTime()));
  }
  return total;
}

export interface ClockInterval {
  readonly kind: 'RUNNING' | 'PAUSED';
  readonly startedAt: Date;
  /** Null while it goes on. */
  readonly endedAt: Date | null;
}

/** Working time charged to a stage: what its running intervals hold. */
export function chargedTime(
  intervals: readonly ClockInterval[],
  now: Date,
  calendar: WorkingCalendar = defaultCalendar,
): number {
  return intervals
    .filter((interval) => interval.kind === 'RUNNING')
    .reduce((sum, interval) => sum + workingTimeBetween(interval.startedAt, interval.endedAt ?? now, calendar), 0);
}

/** When a stage is due, given what was charged before; a stage over its time is due at once. */
export function dueAt(
  slaWorkingHours: number,
  chargedBefore: number,
  now: Date,
  calendar: WorkingCalendar = defaultCalendar,
): Date {
  return addWorkingTime(now, Math.max(0, slaWorkingHours * hour - chargedBefore), calendar);
}

function startOfDay(at: Date): number {
  return Math.floor(at.getTime() / day) * day;
}

function workingHoursOf(dayStart: number, calendar: WorkingCalendar): { from: number; to: number } | null {
  const date = new Date(dayStart);
  if (!calendar.days.includes(date.getUTCDay())) return null;
  if (calendar.holidays.includes(date.toISOString().slice(0, 10))) return null;
  return { from: dayStart + calendar.startHour * hour, to: dayStart + calendar.endHour * hour };
}
