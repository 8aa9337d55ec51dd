import { describe, expect, it } from '@jest/globals';
import type { GrantStatus } from '../../src/lifecycle/grant.js';
import { type KnownDirective, ordersText, partsOf, phasesOf } from '../../src/lifecycle/release-history.js';
import { type GrantHistory, usesOf } from '../../src/lifecycle/usability.js';

/** Moments are small numbers here, and records are numbered as they come. */
function history(
  events: readonly (readonly [at: number, event: string, status: GrantStatus | null])[],
  more: Partial<GrantHistory> = {},
): GrantHistory {
  const moments = events.map(([at, event, status], place) => ({ at, event, status, sequence: place + 1 }));
  return { moments, narrowings: [], startsAt: 0, endsAt: 1_000, until: 500, ...more };
}
const told = (given: GrantHistory) =>
  usesOf(given).map(({ from, to, begins, ends }) => [from, to, begins.cause, ends?.cause ?? null]);

const created = [0, 'grant.created', 'PENDING_PROVISIONING'] as const;
const activated = [10, 'grant.activated', 'ACTIVE'] as const;

describe('when a grant could be used', () => {
  it('is from provisioning on, not from approval, and for as long as the log says', () => {
    expect(told(history([created]))).toEqual([]);
    expect(told(history([created, activated]))).toEqual([[10, null, 'grant.activated', null]]);
    const revoked = [70, 'grant.revoked', 'REVOKED'] as const;
    expect(told(history([created, activated, revoked]))).toEqual([[10, 70, 'grant.activated', 'grant.revoked']]);
  });

  it('is from provisioning on, too, for what was approved in principle and let in later', () => {
    const waiting = [0, 'grant.created', 'APPROVED_IN_PRINCIPLE'] as const;
    const letIn = [50, 'grant.let_in', 'PENDING_PROVISIONING'] as const;
    const opened = [60, 'grant.activated', 'ACTIVE'] as const;
    const halted = { narrowings: [20], startsAt: 50 };
    expect(told(history([waiting], halted))).toEqual([]);
    expect(told(history([waiting, letIn, opened], halted))).toEqual([[60, null, 'grant.activated', null]]);
  });

  it('ends when a halt was in force, however much later it was marked, and begins anew with reinstatement', () => {
    const marked = [60, 'grant.suspended', 'SUSPENDED'] as const;
    const reinstated = [90, 'grant.reinstated', 'ACTIVE'] as const;
    expect(told(history([created, activated, marked, reinstated], { narrowings: [40] }))).toEqual([
      [10, 40, 'grant.activated', 'RELEASE'],
      [90, null, 'grant.reinstated', null],
    ]);
  });

  it('does not begin with a reinstatement after which access must be provisioned anew', () => {
    const suspended = [60, 'grant.suspended', 'SUSPENDED'] as const;
    const reinstated = [90, 'grant.reinstated', 'PENDING_PROVISIONING'] as const;
    const again = [120, 'grant.activated', 'ACTIVE'] as const;
    expect(told(history([created, activated, suspended, reinstated, again]))).toEqual([
      [10, 60, 'grant.activated', 'grant.suspended'],
      [120, null, 'grant.activated', null],
    ]);
  });

  it('goes on when a shut grant was found to be permitted, and not before', () => {
    const confirmed = [45, 'product.grants_confirmed', null] as const;
    expect(told(history([created, activated, confirmed], { narrowings: [40] }))).toEqual([
      [10, 40, 'grant.activated', 'RELEASE'],
      [45, null, 'product.grants_confirmed', null],
    ]);
    expect(told(history([created, activated], { narrowings: [40] }))).toEqual([[10, 40, 'grant.activated', 'RELEASE']]);
  });

  it('is shut by what was ordered in the very moment of provisioning, and not by what was ordered before', () => {
    expect(told(history([created, activated], { narrowings: [10] }))).toEqual([]);
    expect(told(history([created, activated], { narrowings: [9] }))).toEqual([[10, null, 'grant.activated', null]]);
  });

  it('ends with its last day, also when that is marked later, and has no end when that is to come', () => {
    const expired = [420, 'grant.expired', 'EXPIRED'] as const;
    expect(told(history([created, activated, expired], { endsAt: 400 }))).toEqual([
      [10, 400, 'grant.activated', 'END'],
    ]);
    expect(told(history([created, activated], { endsAt: 600 }))).toEqual([[10, null, 'grant.activated', null]]);
  });
});

const at = (moment: number) => new Date(moment).toISOString();
const nobody = { sectors: [], countries: [], excludedCountries: [], conditions: [] };
const rules = { foreignPersons: 'NO_RULE', operatorStaff: 'AS_OTHERS' } as const;

function directive(id: string, more: Partial<KnownDirective>): KnownDirective {
  const named = { id, reference: id, authority: 'Bureau', kind: 'HALT', status: 'IN_FORCE', changesId: null } as const;
  const times = { issuedAt: at(100), effectiveAt: at(100), inForceSince: at(100), expiresAt: null };
  return { ...named, ...times, terms: { products: ['mythos-5'], ...nobody, ...rules }, entries: [], ...more };
}

describe('what was permitted', () => {
  const organization = { id: 'tidewater', sector: 'WATER_AND_WASTEWATER', country: 'NL', isOperator: false };
  const within = { from: 0, to: 1_000 };
  const matches = [
    { at: 300, status: 'MATCHED', organizationId: 'tidewater' },
    { at: 400, status: 'DISPUTED', organizationId: null },
  ] as const;
  const authorize = directive('authorize', {
    kind: 'AUTHORIZE',
    ...{ issuedAt: at(200), effectiveAt: at(200), inForceSince: at(250) },
    entries: [{ effect: 'PERMITS', printedName: 'Tidewater', matches }],
  });
  const halt = directive('halt', { inForceSince: at(150) });
  const release = { productCode: 'mythos-5', directives: [halt, authorize], statements: [] };
  const toldOf = (hindsight: number | null) =>
    partsOf(phasesOf(release, hindsight), organization, within).map(({ from, to, permittedBy, objections }) => [
      from,
      to,
      permittedBy.length > 0 ? permittedBy[0] : (objections[0]?.code ?? 'UNBOUND'),
    ]);

  it('is told by what was known at each moment: when each directive was in force here, and each name matched', () => {
    expect(toldOf(null)).toEqual([
      [0, 150, 'UNBOUND'],
      [150, 250, 'PRODUCT_HALTED'],
      [250, 300, 'ORGANIZATION_NOT_IN_SCOPE'],
      [300, 400, 'authorize'],
      [400, 1_000, 'ORGANIZATION_NOT_IN_SCOPE'],
    ]);
  });

  it('is told otherwise in hindsight, by when each directive took effect', () => {
    expect(toldOf(1_000)).toEqual([
      [0, 100, 'UNBOUND'],
      [100, 200, 'PRODUCT_HALTED'],
      [200, 1_000, 'ORGANIZATION_NOT_IN_SCOPE'],
    ]);
  });

  it('follows what the operator stated where nobody ordered anything', () => {
    const statements = [
      { at: 200, status: 'HALTED' },
      { at: 300, status: 'GENERAL' },
    ] as const;
    const phases = phasesOf({ productCode: 'mythos-5', directives: [], statements });
    expect(partsOf(phases, organization, within).map(({ from, status }) => [from, status])).toEqual([
      [0, 'LIMITED'],
      [200, 'HALTED'],
      [300, 'GENERAL'],
    ]);
  });

  it('is bound by a text that is another when anything ordered is, and the same in whatever order it is written', () => {
    const text = ordersText(halt);
    const changes = [
      { reference: 'x' },
      { effectiveAt: at(1) },
      { expiresAt: at(900) },
      { terms: null },
      { entries: authorize.entries },
    ];
    for (const change of changes) expect(ordersText({ ...halt, ...change })).not.toBe(text);
    expect(ordersText({ ...halt, terms: { ...rules, ...nobody, products: ['mythos-5'] } })).toBe(text);
  });
});
