import type { Objection } from './ruling.js';
import { isTimeZone } from './time-zone.js';
import { minutesOf, type WorkingCalendar, type WorkingHours, weekdays } from './working-time.js';

const mostHours = 50;
const mostHolidays = 1000;
const longestName = 200;
const timeForm = /^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/;

/** Every reason why a calendar cannot be counted by; none when it can. */
export function checkCalendar(calendar: WorkingCalendar): Objection[] {
  const problems: Objection[] = [];
  const invalid = (path: readonly string[], message: string) => problems.push({ code: 'INVALID', message, path });
  if (!isTimeZone(calendar.timeZone)) {
    invalid(['timeZone'], `A time zone is called as by IANA, e.g. Europe/Amsterdam, not "${calendar.timeZone}".`);
  }
  checkHours(calendar, invalid);
  checkHolidays(calendar, invalid);
  return problems;
}

type Complain = (path: readonly string[], message: string) => void;

function checkHours({ hours }: WorkingCalendar, invalid: Complain): void {
  if (hours.length === 0) invalid(['hours'], 'A calendar without working hours would never be over: give some.');
  if (hours.length > mostHours) {
    invalid(['hours'], `A week has at most ${mostHours} stretches of hours, and these are ${hours.length}.`);
    return;
  }
  hours.forEach((span, position) => {
    const at = ['hours', String(position)];
    if (!weekdays.includes(span.day)) invalid([...at, 'day'], `A day of the week is one of ${weekdays.join(', ')}.`);
    const misspelt = (['from', 'to'] as const).filter((field) => !timeForm.test(span[field]));
    for (const field of misspelt) {
      invalid([...at, field], `A time is written as 09:00, from 00:00 to 24:00, not "${span[field]}".`);
    }
    if (misspelt.length > 0) return;
    if (minutesOf(span.from) >= minutesOf(span.to)) {
      invalid([...at, 'to'], `Working hours end after they begin, and ${span.to} is not after ${span.from}.`);
    } else if (hours.slice(0, position).some((other) => overlap(span, other))) {
      invalid(at, `These hours overlap others of ${span.day}.`);
    }
  });
}

function overlap(one: WorkingHours, other: WorkingHours): boolean {
  const isApart = minutesOf(one.to) <= minutesOf(other.from) || minutesOf(other.to) <= minutesOf(one.from);
  return one.day === other.day && !isApart;
}

function checkHolidays({ holidays }: WorkingCalendar, invalid: Complain): void {
  if (holidays.length > mostHolidays) {
    invalid(['holidays'], `A calendar has at most ${mostHolidays} days off, and these are ${holidays.length}.`);
    return;
  }
  const dates = new Set<string>();
  holidays.forEach(({ date, name }, position) => {
    const at = ['holidays', String(position)];
    if (!isDate(date)) invalid([...at, 'date'], `A day off is a date such as 2026-12-25, not "${date}".`);
    if (dates.has(date)) invalid([...at, 'date'], `${date} is a day off already.`);
    dates.add(date);
    if (name.trim() === '' || name.length > longestName) {
      invalid([...at, 'name'], `A day off has a name of 1 to ${longestName} characters.`);
    }
  });
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
