import { describe, expect, it } from '@jest/globals';
import { checkReacceptBy, dueOf, remindAtOf } from '../../src/lifecycle/terms.js';

const at = (day: number) => new Date(Date.UTC(2026, 5, day));

describe('terms that are asked for again', () => {
  it('leave partners at least a day and at most a year and a day', () => {
    expect(checkReacceptBy(at(2), at(1))).toEqual([]);
    expect(checkReacceptBy(at(1 + 366), at(1))).toEqual([]);
    for (const by of [at(1), new Date(at(2).getTime() - 1), at(2 + 366), new Date(Number.NaN)])
      expect(checkReacceptBy(by, at(1))).toMatchObject([{ code: 'INVALID', path: ['reacceptBy'] }]);
  });

  it('are due for all at one moment, and give the same time to whoever is let in later', () => {
    const terms = { publishedAt: at(1), reacceptBy: at(15) };
    expect(dueOf(terms, at(1), at(1))).toEqual(at(15));
    expect(dueOf(terms, at(1), at(20))).toEqual(at(15));
    expect(dueOf(terms, at(2), at(2))).toEqual(at(16));
    expect(dueOf(terms, at(20), at(20))).toEqual(at(34));
  });

  it('are reminded of a week before, or halfway when that is later', () => {
    expect(remindAtOf(at(1), at(29))).toEqual(at(22));
    expect(remindAtOf(at(1), at(5))).toEqual(at(3));
    expect(remindAtOf(at(5), at(5))).toBeNull();
  });
});
