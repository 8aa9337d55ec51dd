import { describe, expect, it } from '@jest/globals';
import { checkCalendar } from '../../src/lifecycle/working-calendar.js';
import type { WorkingCalendar, WorkingHours } from '../../src/lifecycle/working-time.js';
import { officeHours } from './situations.js';

function problems(changes: Partial<WorkingCalendar>): string[] {
  return checkCalendar({ ...officeHours, ...changes }).map(({ path }) => String(path?.join('.')));
}

const monday = (from: string, to: string): WorkingHours => ({ day: 'MONDAY', from, to });

describe('a working calendar', () => {
  it.each(['Europe/Amsterdam', 'Etc/UTC', 'America/Argentina/Buenos_Aires', 'America/Port-au-Prince', 'Etc/GMT+5'])(
    'can be that of %s',
    (timeZone) => {
      expect(problems({ timeZone })).toEqual([]);
    },
  );

  it.each(['Europe/Nowhere', '', '+02:00', 'CEST!', 'Europe/Amsterdam\n', '../../etc'])(
    'is of no zone “%s”',
    (timeZone) => {
      expect(problems({ timeZone })).toEqual(['timeZone']);
    },
  );

  it('has hours, several on one day as long as they do not overlap', () => {
    expect(problems({ hours: [] })).toEqual(['hours']);
    expect(problems({ hours: [monday('09:00', '12:00'), monday('12:00', '17:00')] })).toEqual([]);
    expect(problems({ hours: [monday('13:00', '17:00'), monday('09:00', '13:01')] })).toEqual(['hours.1']);
    expect(problems({ hours: [monday('09:00', '17:00'), monday('10:00', '11:00')] })).toEqual(['hours.1']);
    expect(problems({ hours: Array.from({ length: 51 }, () => monday('09:00', '17:00')) })).toContain('hours');
  });

  it('has hours that end after they begin, the end of the day included', () => {
    expect(problems({ hours: [monday('00:00', '24:00')] })).toEqual([]);
    expect(problems({ hours: [monday('17:00', '09:00')] })).toEqual(['hours.0.to']);
    expect(problems({ hours: [monday('09:00', '09:00')] })).toEqual(['hours.0.to']);
  });

  it.each(['9:00', '09:60', '24:01', '25:00', '09.00', '', '09:00 '])('reads no time “%s”', (time) => {
    expect(problems({ hours: [monday(time, '23:00')] })).toEqual(['hours.0.from']);
    expect(problems({ hours: [monday('00:00', time)] })).toEqual(['hours.0.to']);
  });

  it('has days off with dates and names, each date once', () => {
    const christmas = { date: '2026-12-25', name: 'Christmas' };
    expect(problems({ holidays: [christmas, { ...christmas, date: '2028-02-29' }] })).toEqual([]);
    expect(problems({ holidays: [christmas, christmas] })).toEqual(['holidays.1.date']);
    expect(problems({ holidays: [{ ...christmas, name: ' ' }] })).toEqual(['holidays.0.name']);
    for (const date of ['2026-02-29', '2026-13-01', '25.12.2026', '', '2026-12-25T00:00']) {
      expect(problems({ holidays: [{ ...christmas, date }] })).toEqual(['holidays.0.date']);
    }
  });
});
