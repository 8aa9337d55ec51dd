import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  lastPlace,
  nextInside,
  orderKey,
  ruleOnWave,
  seatsAskedFor,
  type WaveFacts,
} from '../../src/lifecycle/wave.js';
import { daysFrom, now, staff } from './situations.js';

const facts: WaveFacts = { status: 'PLANNED', plannedBy: 'another', opensAt: now, closesAt: null };
const system = { personId: null, roles: ['SYSTEM'], belongsToOrganization: false } as const;
const codes = (ruling: readonly { readonly code: string }[]) => ruling.map(({ code }) => code);

describe('a wave', () => {
  it('is confirmed by another person than planned it, while there is time left', () => {
    const manager = staff('PROGRAM_MANAGER');
    expect(codes(ruleOnWave('confirm', facts, manager, now))).toEqual([]);
    expect(codes(ruleOnWave('confirm', { ...facts, plannedBy: 'somebody' }, manager, now))).toEqual(['FOUR_EYES']);
    expect(codes(ruleOnWave('confirm', { ...facts, closesAt: now }, manager, now))).toEqual(['EXPIRED']);
    expect(codes(ruleOnWave('confirm', facts, staff('DECIDER'), now))).toEqual(['FORBIDDEN']);
  });

  it('is closed by one, also by whoever planned it, and not twice', () => {
    const manager = staff('PROGRAM_MANAGER');
    for (const status of ['PLANNED', 'CONFIRMED', 'OPEN'] as const)
      expect(codes(ruleOnWave('close', { ...facts, status, plannedBy: 'somebody' }, manager, now))).toEqual([]);
    expect(codes(ruleOnWave('close', { ...facts, status: 'CLOSED' }, manager, now))).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('is opened and ended by the portal at its times only', () => {
    const confirmed = { ...facts, status: 'CONFIRMED', closesAt: daysFrom(now, 1) } as const;
    expect(codes(ruleOnWave('open', confirmed, system, now))).toEqual([]);
    expect(codes(ruleOnWave('open', confirmed, system, daysFrom(now, -1)))).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes(ruleOnWave('open', confirmed, system, daysFrom(now, 1)))).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes(ruleOnWave('end', confirmed, system, now))).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes(ruleOnWave('end', confirmed, system, daysFrom(now, 1)))).toEqual([]);
    expect(codes(ruleOnWave('open', confirmed, staff('PROGRAM_MANAGER'), now))).toEqual(['FORBIDDEN']);
  });

  const claim = fc.record({
    organizationId: fc.constantFrom('a', 'b', 'c', 'd'),
    seats: fc.integer({ min: 1, max: 9 }),
  });
  const limit = fc.option(fc.integer({ min: 1, max: 12 }), { nil: null });

  it('never lets in more than it has room for, and lets nobody overtake who could be let in', () => {
    fc.assert(
      fc.property(limit, limit, fc.array(claim), (organizations, seats, waiting) => {
        const chosen = nextInside({ organizations, seats }, [], waiting);
        const names = new Set(chosen.map(({ organizationId }) => organizationId));
        expect(names.size).toBeLessThanOrEqual(organizations ?? Number.POSITIVE_INFINITY);
        expect(chosen.reduce((sum, one) => sum + one.seats, 0)).toBeLessThanOrEqual(seats ?? Number.POSITIVE_INFINITY);
        const possible = waiting.filter((one) => seats === null || one.seats <= seats);
        expect(chosen).toEqual(possible.slice(0, chosen.length));
      }),
    );
  });

  it('counts an organization once, however many grants it has', () => {
    const inside = [{ organizationId: 'a', seats: 1 }];
    const again = { organizationId: 'a', seats: 1 };
    expect(nextInside({ organizations: 1, seats: null }, inside, [again])).toEqual([again]);
    expect(nextInside({ organizations: 1, seats: null }, inside, [{ ...again, organizationId: 'b' }])).toEqual([]);
  });

  it('sorts by a list, by a draw, or leaves everybody in the order in which they came', () => {
    const of = (organizationId: string, drawn: number | null = null) => ({ organizationId, drawn });
    expect(orderKey('FIRST_COME', [], of('a'))).toBe(orderKey('FIRST_COME', [], of('b')));
    expect(['a', 'b', 'c'].map((id) => orderKey('PRIORITY', ['b', 'a'], of(id)))).toEqual([1, 0, lastPlace]);
    expect([orderKey('DRAW', [], of('a', 7)), orderKey('DRAW', [], of('b'))]).toEqual([7, lastPlace]);
  });

  it('takes the seats that an application asks for, or one', () => {
    expect([12, '12', 0, -1, 1.5, null, undefined].map(seatsAskedFor)).toEqual([12, 1, 1, 1, 1, 1, 1]);
  });
});
