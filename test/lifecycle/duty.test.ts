import { describe, expect, it } from '@jest/globals';
import { backAt, checkAwayPeriod, isOnDuty } from '../../src/lifecycle/duty.js';
import { daysFrom, now } from './situations.js';

const period = (from: number, to: number) => ({ startsAt: daysFrom(now, from), endsAt: daysFrom(now, to) });

describe('somebody who is away', () => {
  it('is so from the first moment of a period until its last', () => {
    const week = [period(1, 8)];
    expect(isOnDuty(week, now)).toBe(true);
    expect(isOnDuty(week, daysFrom(now, 1))).toBe(false);
    expect(isOnDuty(week, new Date(daysFrom(now, 8).getTime() - 1))).toBe(false);
    expect(isOnDuty(week, daysFrom(now, 8))).toBe(true);
    expect(isOnDuty([], now)).toBe(true);
  });

  it('is back when the last of the periods ends that follow each other without a break', () => {
    expect(backAt([period(5, 8), period(-1, 2), period(1, 5), period(20, 30)], now)).toEqual(daysFrom(now, 8));
    expect(backAt([period(3, 8)], now)).toBeNull();
  });

  it('can say so for a time that is not over, has a length, and is not for ever', () => {
    const wrong = (from: number, to: number) => checkAwayPeriod(period(from, to), now).map(({ path }) => path);
    expect(wrong(-1, 8)).toEqual([]);
    expect(wrong(0, 366)).toEqual([]);
    expect([wrong(2, 2), wrong(3, 2), wrong(-5, 0), wrong(0, 367)]).toEqual(Array(4).fill([['endsAt']]));
  });
});
