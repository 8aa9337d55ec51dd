import { describe, expect, it } from '@jest/globals';
import { checkScores, filledScorecard, type GivenScore, weightedScore } from '../../src/lifecycle/scorecard.js';

const safeguards = { key: 'safeguards', title: 'Safeguards', weight: 3, scale: 5 };
const need = { key: 'need', title: 'Need', weight: 1, scale: 10 };
const criteria = [safeguards, need];

const given = (scores: Readonly<Record<string, number>>): GivenScore[] =>
  Object.entries(scores).map(([criterion, score]) => ({ criterion, score }));

function problems(scores: readonly GivenScore[], mayLeaveOut = false): string[] {
  return checkScores(criteria, scores, { mayLeaveOut }).map(({ code, path }) => `${code} ${path?.join('.')}`);
}

function total(scores: Readonly<Record<string, number>>): number | null {
  return weightedScore(filledScorecard(criteria, given(scores)));
}

describe('a scorecard', () => {
  it('is filled when each criterion has a whole score within its scale', () => {
    expect(problems(given({ safeguards: 0, need: 10 }))).toEqual([]);
    expect(problems(given({ need: 0, safeguards: 5 }))).toEqual([]);
  });

  it('tells everything that is wrong with it at once', () => {
    expect(problems([])).toEqual(['REQUIRED scores', 'REQUIRED scores']);
    expect(problems(given({ safeguards: 6, charm: 1 }))).toEqual([
      'INVALID scores.0.score',
      'INVALID scores.1.criterion',
      'REQUIRED scores',
    ]);
    expect(problems([...given({ safeguards: 1, need: 1 }), { criterion: 'need', score: 2 }])).toEqual([
      'INVALID scores.2.criterion',
    ]);
    for (const score of [-1, 0.5, Number.NaN]) {
      expect(problems(given({ safeguards: 1, need: score }))).toEqual(['INVALID scores.1.score']);
    }
  });

  it('is left out as a whole or not at all by whoever may', () => {
    expect(problems([], true)).toEqual([]);
    expect(problems(given({ need: 1 }), true)).toEqual(['REQUIRED scores']);
  });

  it('is not there at a stage without criteria', () => {
    expect(checkScores([], [], { mayLeaveOut: false })).toEqual([]);
    expect(checkScores([], given({ need: 1 }), { mayLeaveOut: false })).toMatchObject([
      { code: 'INVALID', message: expect.stringContaining('no scorecard') },
    ]);
  });

  it('comes to a share of the best, by weight, whatever the scales and the order are', () => {
    expect(total({ safeguards: 5, need: 10 })).toBe(100);
    expect(total({ need: 0, safeguards: 0 })).toBe(0);
    expect(total({ safeguards: 4, need: 5 })).toBe(72.5);
    expect(total({ need: 5, safeguards: 4 })).toBe(72.5);
    expect(total({ safeguards: 1, need: 3 })).toBe(22.5);
    expect(total({})).toBeNull();
    const thirds = [1, 2, 3].map((number) => ({ key: `c${number}`, title: 'x', weight: 1, scale: 1 }));
    expect(weightedScore(filledScorecard(thirds, given({ c1: 1, c2: 0, c3: 0 })))).toBe(33.3);
  });

  it('keeps each criterion as it was', () => {
    expect(filledScorecard(criteria, given({ need: 7, safeguards: 2 }))).toEqual([
      { criterion: 'safeguards', title: 'Safeguards', weight: 3, scale: 5, score: 2 },
      { criterion: 'need', title: 'Need', weight: 1, scale: 10, score: 7 },
    ]);
  });
});
