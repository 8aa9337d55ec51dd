import { describe, expect, it } from '@jest/globals';
import { type Candidate, chooseAssignee, reasonAgainst, rolesThatHandle } from '../../src/lifecycle/assignment.js';
import { type RoutingFacts, routingAt, rulesAt } from '../../src/lifecycle/routing.js';
import type { RoutingCondition, RoutingRule } from '../../src/lifecycle/workflow.js';
import { daysFrom, now, workflow } from './situations.js';

const facts: RoutingFacts = {
  sector: 'ENERGY',
  country: 'NL',
  product: 'mythos-5',
  risk: 'MEDIUM',
  answers: { seats: 12, owns: true, uses: ['A', 'B'], plant: { kind: 'GAS', units: [3, 40] }, none: null },
  flags: ['urgent'],
};

function rule(key: string, changes: Partial<RoutingRule> = {}): RoutingRule {
  return { key, name: key, at: [], when: [], ...changes };
}

/** Does a rule with this condition alone decide? */
function holds(condition: RoutingCondition): boolean {
  const routing = [rule('the-rule', { when: [condition], queue: 'chosen' })];
  return routingAt({ ...workflow, routing }, 'review', facts).queue === 'chosen';
}

describe('a condition of a routing rule', () => {
  it.each<[boolean, RoutingCondition]>([
    [true, { sectorIn: ['DAMS', 'ENERGY'] }],
    [false, { sectorIn: ['DAMS'] }],
    [true, { countryIn: ['NL'] }],
    [false, { countryIn: ['BE'] }],
    [true, { productIn: ['another', 'mythos-5'] }],
    [false, { productIn: ['another'] }],
    [true, { riskIn: ['HIGH', 'MEDIUM'] }],
    [false, { riskIn: ['UNRATED', 'HIGH'] }],
    [true, { flaggedWith: ['new', 'urgent'] }],
    [false, { flaggedWith: ['new'] }],
    [true, { answer: { path: ['seats'], greaterThan: 11.5 } }],
    [false, { answer: { path: ['seats'], greaterThan: 12 } }],
    [true, { answer: { path: ['seats'], equals: '12' } }],
    [true, { answer: { path: ['owns'], equals: 'true' } }],
    [false, { answer: { path: ['owns'], equals: 'false' } }],
    [true, { answer: { path: ['uses'], in: ['B', 'C'] } }],
    [false, { answer: { path: ['uses'], in: ['C'] } }],
    [true, { answer: { path: ['plant', 'kind'], equals: 'GAS' } }],
    [true, { answer: { path: ['plant', 'units'], greaterThan: 39 } }],
    [true, { answer: { path: ['plant', 'units', '0'], equals: '3' } }],
    // What was not answered is nothing, and an object has no value of its own.
    [false, { answer: { path: ['nothing'], equals: 'undefined' } }],
    [false, { answer: { path: ['none'], equals: 'null' } }],
    [false, { answer: { path: ['plant'], equals: '[object Object]' } }],
    [false, { answer: { path: ['seats', 'toString'], equals: '12' } }],
    [false, { answer: { path: ['constructor', 'name'], equals: 'Object' } }],
  ])('holds (%s): %j', (expected, condition) => {
    expect(holds(condition)).toBe(expected);
  });
});

describe('routing rules', () => {
  it('decide by the first that holds, and are not even looked at elsewhere', () => {
    const routing = [
      rule('elsewhere', { at: ['intake'], queue: 'a' }),
      rule('no', { when: [{ sectorIn: ['DAMS'] }], queue: 'b' }),
      rule('yes', { at: ['review'], queue: 'c' }),
      rule('late', { queue: 'd' }),
    ];
    const found = routingAt({ ...workflow, routing }, 'review', facts);
    expect(found.queue).toBe('c');
    expect(found.verdicts.map(({ outcome }) => outcome)).toEqual(['ELSEWHERE', 'NOT_MATCHED', 'CHOSEN', 'TOO_LATE']);
    expect(rulesAt({ ...workflow, routing }, null).map(({ key }) => key)).toEqual(['elsewhere', 'no', 'late']);
    expect(rulesAt(workflow, null)).toEqual([]);
  });

  it('leave it in the stage’s own queue when none holds, or the one that does says none', () => {
    expect(routingAt(workflow, null, facts).queue).toBe('intake');
    expect(routingAt({ ...workflow, routing: [rule('people', { role: 'REVIEWER' })] }, 'review', facts).queue).toBe(
      'review',
    );
  });
});

const somebody: Candidate = {
  staffId: 'a',
  name: 'Ada',
  active: true,
  roles: ['REVIEWER'],
  away: [],
  isInvolved: false,
  decidedBefore: false,
  inHand: 1,
  lastAssignedAt: now,
};

describe('an application is given', () => {
  const give = (
    candidates: readonly Candidate[],
    changes: Partial<RoutingRule> = {},
    inHandOf: string | null = null,
  ) => {
    const circumstances = { handling: ['REVIEWER' as const], now, inHandOf };
    return (
      chooseAssignee(rule('r', { role: 'REVIEWER', ...changes }), candidates, circumstances).chosen?.staffId ?? null
    );
  };

  it('to who has least in hand, then to who has waited longest, who was never given any first', () => {
    const busy = { ...somebody, staffId: 'b', inHand: 2, lastAssignedAt: null };
    const rested = { ...somebody, staffId: 'c', lastAssignedAt: daysFrom(now, -1) };
    const fresh = { ...somebody, staffId: 'd', lastAssignedAt: null };
    expect(give([busy, somebody])).toBe('a');
    expect(give([busy, somebody, rested])).toBe('c');
    expect(give([busy, somebody, rested, fresh])).toBe('d');
    expect(give([{ ...somebody, staffId: 'z' }, somebody])).toBe('a');
  });

  it('to who has it already, when the rule names them and they can take it', () => {
    const busy = { ...somebody, staffId: 'b', inHand: 20 };
    expect(give([somebody, busy], {}, 'b')).toBe('b');
    expect(give([somebody, { ...busy, isInvolved: true }], {}, 'b')).toBe('a');
    expect(give([somebody, { ...busy, roles: ['DECIDER'] }], {}, 'b')).toBe('a');
  });

  it('to who steps in only when nobody else can take it, and else to nobody', () => {
    const stepsIn = { ...somebody, staffId: 's', inHand: 0 };
    const away = { ...somebody, away: [{ startsAt: daysFrom(now, -1), endsAt: daysFrom(now, 1) }] };
    const changes = { role: null, reviewerIds: ['a'], fallbackIds: ['s'] };
    expect(give([somebody, stepsIn], changes)).toBe('a');
    expect(give([away, stepsIn], changes)).toBe('s');
    expect(give([away, { ...stepsIn, active: false }], changes)).toBeNull();
  });

  it('to nobody who cannot work on it, and it is said why', () => {
    const why = (changes: Partial<Candidate>) => reasonAgainst({ ...somebody, ...changes }, ['REVIEWER'], now)?.code;
    expect(why({})).toBeUndefined();
    expect(why({ active: false })).toBe('NOT_FOUND');
    expect(why({ roles: ['INTAKE'] })).toBe('INVALID');
    expect(why({ isInvolved: true })).toBe('FOUR_EYES');
    expect(why({ decidedBefore: true })).toBe('FOUR_EYES');
    expect(why({ away: [{ startsAt: now, endsAt: daysFrom(now, 1) }] })).toBe('NOT_ALLOWED_NOW');
  });

  it('to the roles that handle where it stands', () => {
    expect(rolesThatHandle(workflow, null)).toEqual(['INTAKE']);
    expect(rolesThatHandle(workflow, 'screening')).toEqual(['INTAKE', 'REVIEWER']);
    expect(rolesThatHandle(workflow, 'review')).toEqual(['REVIEWER', 'DECIDER']);
    expect(rolesThatHandle(workflow, 'decision')).toEqual(['DECIDER']);
    expect(rolesThatHandle(workflow, 'review', 'DECISION_PROPOSED')).toEqual(['DECIDER']);
  });
});
