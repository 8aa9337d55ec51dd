import { describe, expect, it } from '@jest/globals';
import { monthsBefore } from '../../src/platform/months.js';

describe('so many months before a moment', () => {
  it.each([
    ['2026-11-24T10:15:30.123Z', 1, '2026-10-24T10:15:30.123Z'],
    ['2026-11-24T10:15:30.123Z', 11, '2025-12-24T10:15:30.123Z'],
    ['2026-11-24T10:15:30.123Z', 60, '2021-11-24T10:15:30.123Z'],
    ['2026-03-31T23:59:59.999Z', 1, '2026-02-28T23:59:59.999Z'],
    ['2028-03-31T00:00:00.000Z', 1, '2028-02-29T00:00:00.000Z'],
    ['2026-01-01T00:00:00.000Z', 1, '2025-12-01T00:00:00.000Z'],
    ['2026-11-24T00:00:00.000Z', 1_200, '1926-11-24T00:00:00.000Z'],
  ])('%s, %i months, is %s', (moment, months, expected) => {
    expect(monthsBefore(new Date(moment), months).toISOString()).toBe(expected);
  });
});
