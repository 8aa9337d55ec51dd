import { describe, expect, it } from '@jest/globals';
import type { ForeignPersonRule } from '../../src/lifecycle/directive.js';
import {
  checkGrantPolicy,
  defaultGrantPolicy,
  regionsIn,
  seatsIn,
  wholeGrantPolicy,
} from '../../src/lifecycle/grant-policy.js';
import { type ExportStatus, ruleOnNamedUser } from '../../src/lifecycle/named-user.js';

const clear = { isRemoved: false, isUnderReview: false, exportStatus: 'UNRESTRICTED' } as const;

describe('a named user', () => {
  it.each<[ForeignPersonRule, ExportStatus, string | null]>([
    ['NO_RULE', 'FOREIGN', null],
    ['NO_RULE', 'UNDETERMINED', null],
    ['EXEMPT', 'FOREIGN', null],
    ['EXEMPT', 'UNDETERMINED', null],
    ['LICENCE_EACH', 'UNRESTRICTED', null],
    ['LICENCE_EACH', 'LICENSED', null],
    ['LICENCE_EACH', 'FOREIGN', 'LICENCE_NEEDED'],
    ['LICENCE_EACH', 'UNDETERMINED', 'EXPORT_STATUS_UNDETERMINED'],
    ['NONE_PERMITTED', 'UNRESTRICTED', null],
    ['NONE_PERMITTED', 'LICENSED', 'FOREIGN_PERSON'],
    ['NONE_PERMITTED', 'FOREIGN', 'FOREIGN_PERSON'],
    ['NONE_PERMITTED', 'UNDETERMINED', 'EXPORT_STATUS_UNDETERMINED'],
  ])('under the rule %s, as %s: %s', (rule, exportStatus, block) => {
    expect(ruleOnNamedUser({ ...clear, exportStatus }, rule)).toEqual(block === null ? [] : [block]);
  });

  it('is told everything that stands in the way', () => {
    const facts = { isRemoved: true, isUnderReview: true, exportStatus: 'FOREIGN' } as const;
    expect(ruleOnNamedUser(facts, 'NONE_PERMITTED')).toEqual(['REMOVED', 'UNDER_REVIEW', 'FOREIGN_PERSON']);
  });
});

describe('what a program lays down for grants', () => {
  it('says how many seats an answer gives, and a number that is none gives the usual', () => {
    expect(seatsIn(defaultGrantPolicy, { seats: 12 })).toBe(12);
    for (const seats of [0, -1, 2.5, '12', null, undefined]) expect(seatsIn(defaultGrantPolicy, { seats })).toBe(1);
    const policy = wholeGrantPolicy({ seatsQuestion: 'people', defaultSeats: 5 });
    expect(seatsIn(policy, { people: 3, seats: 12 })).toBe(3);
    expect(seatsIn(policy, { seats: 12 })).toBe(5);
  });

  it('takes the regions from a list, or from one answer', () => {
    const policy = wholeGrantPolicy({ regionsQuestion: 'regions' });
    expect(regionsIn(policy, { regions: ['eu', 'us', 'eu'] })).toEqual(['eu', 'us']);
    expect(regionsIn(policy, { regions: 'eu' })).toEqual(['eu']);
    expect(regionsIn(policy, {})).toEqual([]);
    expect(regionsIn(defaultGrantPolicy, { regions: ['eu'] })).toEqual([]);
  });

  it('names questions and stages that there are, and days that make sense', () => {
    const around = { questions: ['people'], stages: ['review', 'decision'] };
    const paths = (given: Parameters<typeof wholeGrantPolicy>[0]) =>
      checkGrantPolicy(wholeGrantPolicy(given), around).map(({ path }) => path?.[0]);
    expect(paths({})).toEqual([]);
    expect(paths({ seatsQuestion: 'people', regionsQuestion: null, renewalStages: ['review'] })).toEqual([]);
    expect(paths({ seatsQuestion: 'heads', regionsQuestion: 'where' })).toEqual(['seatsQuestion', 'regionsQuestion']);
    expect(paths({ defaultSeats: 0, renewalOpensDays: 0, renewalStages: ['survey'] })).toEqual([
      'defaultSeats',
      'renewalOpensDays',
      'renewalStages',
    ]);
    expect(paths({ recertifyEveryDays: 30, recertifyNoticeDays: 30 })).toEqual(['recertifyEveryDays']);
    expect(paths({ recertifyEveryDays: 90 })).toEqual([]);
  });
});
