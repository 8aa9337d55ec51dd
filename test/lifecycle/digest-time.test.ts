import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextDigestAt } from '../../src/lifecycle/digest-time.js';

const next = (now: string, hour: number, timeZone: string) =>
  nextDigestAt(new Date(now), { hour, timeZone }).toISOString();

describe('the hour of a daily e-mail', () => {
  it('is the next at which the clocks of the zone come to it: today or tomorrow', () => {
    expect(next('2026-11-24T07:59:59.999Z', 8, 'UTC')).toBe('2026-11-24T08:00:00.000Z');
    expect(next('2026-11-24T08:00:00.000Z', 8, 'UTC')).toBe('2026-11-25T08:00:00.000Z');
    expect(next('2026-11-24T23:30:00Z', 8, 'Asia/Tokyo')).toBe('2026-11-25T23:00:00.000Z');
    expect(next('2026-11-24T12:00:00Z', 8, 'America/Los_Angeles')).toBe('2026-11-24T16:00:00.000Z');
    expect(next('2026-11-24T12:00:00Z', 8, 'Asia/Kathmandu')).toBe('2026-11-25T02:15:00.000Z');
    expect(next('2028-02-28T23:00:00Z', 0, 'UTC')).toBe('2028-02-29T00:00:00.000Z');
  });

  it('follows the clocks when they are put forward or back', () => {
    expect(next('2026-03-28T12:00:00Z', 8, 'Europe/Amsterdam')).toBe('2026-03-29T06:00:00.000Z');
    expect(next('2026-10-24T12:00:00Z', 8, 'Europe/Amsterdam')).toBe('2026-10-25T07:00:00.000Z');
  });

  it('is when the clocks are put forward, where they skip it', () => {
    expect(next('2026-03-28T12:00:00Z', 2, 'Europe/Amsterdam')).toBe('2026-03-29T01:00:00.000Z');
    expect(next('2026-03-29T01:00:00Z', 2, 'Europe/Amsterdam')).toBe('2026-03-30T00:00:00.000Z');
  });

  it('is the first of two where the clocks show it twice, and not the second', () => {
    expect(next('2026-10-24T12:00:00Z', 2, 'Europe/Amsterdam')).toBe('2026-10-25T00:00:00.000Z');
    expect(next('2026-10-25T00:00:00Z', 2, 'Europe/Amsterdam')).toBe('2026-10-26T01:00:00.000Z');
    expect(next('2026-10-25T00:30:00Z', 2, 'Europe/Amsterdam')).toBe('2026-10-26T01:00:00.000Z');
  });

  it('comes within a day and a few hours, later than now, and at a full hour there or when clocks change', () => {
    const zones = [
      'UTC',
      'Europe/Amsterdam',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'Asia/Tehran',
    ];
    const moments = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2035-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 23 }), fc.constantFrom(...zones), (now, hour, timeZone) => {
        const due = nextDigestAt(now, { hour, timeZone });
        const hours = (due.getTime() - now.getTime()) / 3_600_000;
        expect(hours).toBeGreaterThan(0);
        expect(hours).toBeLessThanOrEqual(26);
        const shown = new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: 'numeric' }).format(due);
        expect([`${String(hour).padStart(2, '0')}:00`, ...afterGap(hour)]).toContain(shown);
      }),
    );
  });
});

/** What clocks show that were just put forward over this hour. */
function afterGap(hour: number): string[] {
  return [`${String(hour).padStart(2, '0')}:30`, `${String(hour + 1).padStart(2, '0')}:00`];
}
