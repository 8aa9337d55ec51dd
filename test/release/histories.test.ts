import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DirectiveInForce, noTerms, permissionOf } from '../../src/lifecycle/release.js';
import { ruleOnScope } from '../../src/lifecycle/release-scope.js';
import { mayUse, type Order } from './history/reference.js';
import { type Step, sectors, type Terms, World } from './history/world.js';

/** How many histories are played against a portal, and how long each is: `TEST_HISTORIES=50 npm test -- test/release`. */
const histories = Number(process.env.TEST_HISTORIES ?? 3);
const longest = 20;

const terms: fc.Arbitrary<Terms> = fc.record({
  effective: fc.integer({ min: -60, max: 20 }),
  lasts: fc.option(fc.integer({ min: 1, max: 90 })),
  sectors: fc.subarray([...sectors]),
  named: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
  excluded: fc.uniqueArray(fc.nat(3), { maxLength: 1 }),
});
const order = fc.nat(9);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('order' as const),
      kind: fc.constantFrom('HALT', 'AUTHORIZE', 'AUTHORIZE', 'DESIGNATE'),
      authority: fc.nat(1),
      terms,
    }),
  },
  fc.record({ does: fc.constant('amend' as const), order, terms }),
  fc.record({ does: fc.constant('rescind' as const), order, terms }),
  { weight: 2, arbitrary: fc.record({ does: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 30 }) }) },
  fc.record({ does: fc.constant('reinstate' as const), grant: fc.nat(3) }),
  fc.record({ does: fc.constant('approve' as const), sector: fc.nat(1) }),
  fc.record({ does: fc.constant('wave' as const), places: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ does: fc.constant('closeWave' as const) }),
  fc.record({ does: fc.constant('turn' as const) }),
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('die' as const), after: fc.nat(2), isCommitted: fc.boolean() }),
  },
  fc.record({ does: fc.constant('apply' as const) }),
  fc.record({ does: fc.constant('restore' as const) }),
);

/** An order of the pure model: places are the names of organizations. */
const pureOrders = fc.array(
  fc.record({
    authority: fc.nat(2),
    kind: fc.constantFrom('HALT', 'AUTHORIZE', 'AUTHORIZE', 'AMEND', 'RESCIND', 'DESIGNATE'),
    changed: fc.nat(7),
    terms,
  }),
  { maxLength: 8 },
);

describe('whatever authorities order, in whatever order it arrives', () => {
  it('the portal permits exactly what a second opinion permits, at any moment', () => {
    fc.assert(
      fc.property(pureOrders, fc.integer({ min: -70, max: 120 }), (drawn, at) => {
        const orders = ordersOf(drawn);
        const permission = permissionOf('mythos-5', 'LIMITED', orders.map(inForce), new Date(at * 60_000 + 500));
        for (const [place, sector] of [...sectors, ...sectors].entries()) {
          const organization = { id: String(place), sector, country: 'NL', isOperator: false };
          expect(ruleOnScope(permission, organization).objections.length === 0).toBe(
            mayUse({ organizationId: String(place), sector }, orders, at * 60_000 + 500),
          );
        }
      }),
      { numRuns: 5_000 },
    );
  });

  describe('in a portal', () => {
    let world: World;
    beforeAll(async () => {
      world = await World.open();
    }, 120_000);
    afterAll(() => world.close());

    it('no grant can be used that is not permitted, no wave is overfilled, and nobody in scope is left waiting once the jobs have run, though they die in between', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 8, maxLength: longest, size: 'max' }), async (history) => {
          expect(await world.beginAnew()).toEqual([]);
          for (const step of [...history, { does: 'apply' }, { does: 'restore' }, { does: 'turn' }] as const)
            expect([step, await world.happens(step)]).toEqual([step, []]);
        }),
        { numRuns: histories, endOnFailure: true },
      );
      process.stdout.write(`Histories played: ${histories}; jobs that were cut off in them: ${world.jobsCutOff}\n`);
    }, 300_000);
  });
});

function ordersOf(
  drawn: readonly { authority: number; kind: Order['kind']; changed: number; terms: Terms }[],
): readonly Order[] {
  const orders: Order[] = [];
  for (const [place, one] of drawn.entries()) {
    const isChange = one.kind === 'AMEND' || one.kind === 'RESCIND';
    const changeable = orders.filter(({ kind }) => kind === 'AUTHORIZE' || (kind === 'HALT' && one.kind === 'RESCIND'));
    const changed = isChange ? changeable[one.changed % Math.max(1, changeable.length)] : undefined;
    if (isChange && !changed) continue;
    const effectiveAt = one.terms.effective * 60_000 + place;
    const scope = one.kind === 'AUTHORIZE' || one.kind === 'AMEND';
    orders.push({
      id: `order-${place}`,
      authority: changed?.authority ?? one.authority,
      kind: one.kind,
      effectiveAt,
      expiresAt: one.terms.lasts === null || one.kind === 'RESCIND' ? null : effectiveAt + one.terms.lasts * 60_000,
      sectors: scope ? one.terms.sectors : [],
      named: scope ? one.terms.named.map(String) : [],
      excluded: scope || one.kind === 'DESIGNATE' ? one.terms.excluded.map(String) : [],
      changes: changed?.id ?? null,
    });
  }
  return orders;
}

function inForce(order: Order): DirectiveInForce {
  const { id, kind, sectors: within, named, excluded, expiresAt, changes } = order;
  const moment = new Date(order.effectiveAt);
  return {
    ...{ id, kind, reference: id, authority: String(order.authority), changesId: changes },
    ...{ issuedAt: moment, effectiveAt: moment, inForceSince: moment },
    terms:
      kind === 'RESCIND'
        ? noTerms
        : {
            ...noTerms,
            products: kind === 'DESIGNATE' ? [] : ['mythos-5'],
            ...{ sectors: within, named, excluded, namesOrganizations: named.length > 0 },
            expiresAt: expiresAt === null ? null : new Date(expiresAt),
          },
  };
}
