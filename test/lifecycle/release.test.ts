import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DirectiveKind } from '../../src/lifecycle/directive.js';
import {
  comingNarrowings,
  type DirectiveInForce,
  type DirectiveTerms,
  noTerms,
  permissionOf,
  type ReleaseStatus,
} from '../../src/lifecycle/release.js';
import { ruleOnScope } from '../../src/lifecycle/release-scope.js';

const day = (number: number) => new Date(Date.UTC(2026, 5, number));
const energy = { id: 'cascadia', sector: 'ENERGY', country: 'US', isOperator: false };
const bank = { id: 'meridian', sector: 'FINANCIAL_SERVICES', country: 'US', isOperator: false };
const own = { id: 'northlight', sector: 'INFORMATION_TECHNOLOGY', country: 'US', isOperator: true };

let count = 0;
function directive(
  kind: DirectiveKind,
  effective: number,
  terms: Partial<DirectiveTerms> = {},
  rest: Partial<DirectiveInForce> = {},
): DirectiveInForce {
  count += 1;
  const id = `directive-${String(count).padStart(4, '0')}`;
  const said = { ...noTerms, products: kind === 'DESIGNATE' ? [] : ['mythos-5'], ...terms };
  const effectiveAt = day(effective);
  const given = {
    id,
    reference: id,
    authority: 'BTS',
    kind,
    issuedAt: effectiveAt,
    effectiveAt,
    inForceSince: effectiveAt,
  };
  return { ...given, changesId: null, terms: kind === 'RESCIND' ? noTerms : said, ...rest };
}
const permission = (
  directives: readonly DirectiveInForce[],
  at: Date,
  stated: ReleaseStatus = 'LIMITED',
  knownAt: Date | null = null,
) => permissionOf('mythos-5', stated, directives, at, knownAt);
const objections = (directives: readonly DirectiveInForce[], at: Date, organization = energy) =>
  ruleOnScope(permission(directives, at), organization).objections.map(({ code }) => code);

describe('what is permitted of a product', () => {
  it('is what the operator states, as long as nobody orders anything', () => {
    expect(permission([], day(1), 'GENERAL')).toMatchObject({ status: 'GENERAL', clauses: [] });
    expect(objections([], day(1))).toEqual([]);
    expect(ruleOnScope(permission([], day(1), 'HALTED'), energy).objections).toEqual([
      { code: 'PRODUCT_HALTED', authority: null, directiveId: null },
    ]);
  });

  it('is nothing from the moment that a halt takes effect, whatever the operator states', () => {
    const halt = directive('HALT', 15);
    expect(permission([halt], new Date(day(15).getTime() - 1), 'GENERAL').status).toBe('GENERAL');
    expect(permission([halt], day(15), 'GENERAL')).toMatchObject({
      status: 'HALTED',
      clauses: [{ directiveId: halt.id, authority: 'BTS', effect: 'CLOSES' }],
    });
    expect(objections([halt], day(15))).toEqual(['PRODUCT_HALTED']);
  });

  it('is what a later letter of the same authority permits, to those it names only, and names the letter', () => {
    const halt = directive('HALT', 15);
    const letter = directive('AUTHORIZE', 26, {
      namesOrganizations: true,
      named: ['cascadia'],
      conditions: ['Own assets only'],
    });
    const now = permission([letter, halt], day(27));
    expect(now.status).toBe('LIMITED');
    expect(now.clauses.map(({ effect }) => effect)).toEqual(['HALTS_BUT_PERMITS', 'PERMITS']);
    expect(ruleOnScope(now, energy)).toMatchObject({
      objections: [],
      permittedBy: [letter.id],
      conditions: ['Own assets only'],
    });
    expect(objections([halt, letter], day(27), bank)).toEqual(['ORGANIZATION_NOT_IN_SCOPE']);
    expect(permissionOf('fable-5', 'LIMITED', [halt, letter], day(27)).status).toBe('LIMITED');
  });

  it('is nobody’s while the names of an annex are not matched, and everybody’s when a letter says nothing of who', () => {
    const halt = directive('HALT', 15);
    const unmatched = directive('AUTHORIZE', 26, { namesOrganizations: true });
    expect(objections([halt, unmatched], day(27))).toEqual(['ORGANIZATION_NOT_IN_SCOPE']);
    expect(objections([halt, directive('AUTHORIZE', 26)], day(27))).toEqual([]);
  });

  it('follows sector and country together, and an exclusion beats both', () => {
    const letter = directive('AUTHORIZE', 1, { sectors: ['ENERGY'], countries: ['US'] });
    expect(objections([letter], day(2))).toEqual([]);
    expect(objections([letter], day(2), bank)).toEqual(['ORGANIZATION_NOT_IN_SCOPE']);
    expect(objections([letter], day(2), { ...energy, country: 'NL' })).toEqual(['ORGANIZATION_NOT_IN_SCOPE']);
    const excluding = directive('AUTHORIZE', 1, { sectors: ['ENERGY'], excluded: ['cascadia'] });
    expect(objections([excluding], day(2))).toEqual(['ORGANIZATION_EXCLUDED']);
  });

  it('is closed again by a second halt, which overtakes what was permitted before it', () => {
    const all = [directive('HALT', 15), directive('AUTHORIZE', 26), directive('HALT', 28)];
    expect(permission(all, day(27)).status).toBe('LIMITED');
    expect(permission(all, day(28)).clauses.map(({ effect }) => effect)).toEqual(['OVERTAKEN', 'OVERTAKEN', 'CLOSES']);
    expect(objections(all, day(28))).toEqual(['PRODUCT_HALTED']);
  });

  it('falls back to what stands behind when a directive is rescinded or its time is over', () => {
    const halt = directive('HALT', 15);
    const letter = directive('AUTHORIZE', 20, { expiresAt: day(25) });
    expect(objections([halt, letter], day(24))).toEqual([]);
    expect(objections([halt, letter], day(25))).toEqual(['PRODUCT_HALTED']);
    const rescission = directive('RESCIND', 26, {}, { changesId: halt.id });
    expect(permission([halt, rescission], day(26), 'GENERAL')).toMatchObject({ status: 'GENERAL' });
    expect(permission([halt, rescission], day(25), 'GENERAL')).toMatchObject({ status: 'HALTED' });
  });

  it('is what an amendment says in the place of the directive, from when that takes effect', () => {
    const letter = directive('AUTHORIZE', 1, { namesOrganizations: true, named: ['cascadia'] });
    const amendment = directive(
      'AMEND',
      10,
      { namesOrganizations: true, named: ['meridian'] },
      { changesId: letter.id },
    );
    expect(objections([letter, amendment], day(9))).toEqual([]);
    expect(objections([letter, amendment], day(10))).toEqual(['ORGANIZATION_NOT_IN_SCOPE']);
    expect(objections([letter, amendment], day(10), bank)).toEqual([]);
    expect(permission([letter, amendment], day(10)).clauses).toMatchObject([
      { effect: 'PERMITS', amendedById: amendment.id },
    ]);
  });

  it('is the narrowest of what several authorities allow, and says whose it is', () => {
    const wide = directive('AUTHORIZE', 1, { sectors: ['ENERGY', 'FINANCIAL_SERVICES'], foreignPersons: 'EXEMPT' });
    const narrow = directive(
      'AUTHORIZE',
      1,
      { sectors: ['ENERGY'], foreignPersons: 'NONE_PERMITTED' },
      { authority: 'Ministry' },
    );
    const now = permission([wide, narrow], day(2));
    expect(ruleOnScope(now, energy)).toMatchObject({ objections: [], foreignPersons: 'NONE_PERMITTED' });
    expect(ruleOnScope(now, bank).objections).toEqual([
      { code: 'ORGANIZATION_NOT_IN_SCOPE', authority: 'Ministry', directiveId: narrow.id },
    ]);
  });

  it('leaves out an organization that an authority designates, until it is cleared', () => {
    const designation = directive('DESIGNATE', 5, { namesOrganizations: true, excluded: ['cascadia'] });
    expect(objections([designation], day(5))).toEqual(['ORGANIZATION_EXCLUDED']);
    expect(objections([designation], day(5), bank)).toEqual([]);
    expect(objections([designation, directive('RESCIND', 6, {}, { changesId: designation.id })], day(6))).toEqual([]);
    expect(permission([designation], day(5), 'GENERAL').status).toBe('GENERAL');
  });

  it('holds for the operator’s own people as the letter says', () => {
    const halt = directive('HALT', 1);
    const letter = (operatorStaff: DirectiveTerms['operatorStaff']) =>
      directive('AUTHORIZE', 2, { namesOrganizations: true, named: ['cascadia'], operatorStaff });
    expect(objections([halt, letter('AS_OTHERS')], day(3), own)).toEqual(['ORGANIZATION_NOT_IN_SCOPE']);
    expect(objections([halt, letter('EXEMPT')], day(3), own)).toEqual([]);
    expect(objections([halt, letter('EXCLUDED')], day(3), own)).toEqual(['ORGANIZATION_EXCLUDED']);
  });

  it('can be asked as it was known at a moment: what arrived late was not known before', () => {
    const late = directive('HALT', 10, {}, { inForceSince: day(12) });
    expect(permission([late], day(11), 'LIMITED').status).toBe('HALTED');
    expect(permission([late], day(11), 'LIMITED', day(11)).status).toBe('LIMITED');
  });
});

describe('for every history of directives', () => {
  const kinds = fc.constantFrom<DirectiveKind>('HALT', 'AUTHORIZE', 'AMEND', 'RESCIND', 'DESIGNATE');
  const histories = fc.array(
    fc.record({
      kind: kinds,
      effective: fc.integer({ min: 1, max: 20 }),
      expires: fc.option(fc.integer({ min: 1, max: 10 }), { nil: null }),
      authority: fc.constantFrom('BTS', 'Ministry'),
      changes: fc.nat(9),
      named: fc.subarray(['cascadia', 'meridian']),
      excluded: fc.subarray(['cascadia', 'meridian']),
      general: fc.boolean(),
    }),
    { maxLength: 10 },
  );
  const made = histories.map((steps) => {
    const all: DirectiveInForce[] = [];
    for (const { kind, effective, expires, authority, changes, named, excluded, general } of steps) {
      const bases = all.filter((one) => one.changesId === null && one.authority === authority);
      const changed = bases[changes % Math.max(1, bases.length)];
      const isChange = kind === 'AMEND' || kind === 'RESCIND';
      if (isChange && !changed) continue;
      const expiresAt = expires === null ? null : day(effective + expires);
      const terms = { namesOrganizations: !general, named: general ? [] : named, excluded, expiresAt };
      all.push(directive(kind, effective, terms, { authority, changesId: isChange ? (changed?.id ?? null) : null }));
    }
    return all;
  });

  it('nothing depends on the order in which they are told', () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 0, max: 35 }), fc.nat(), (all, at, turn) => {
        const turned = [...all.slice(turn % (all.length + 1)), ...all.slice(0, turn % (all.length + 1))];
        expect(permission(turned, day(at))).toEqual(permission(all, day(at)));
      }),
      { numRuns: 500 },
    );
  });

  it('a new halt permits nothing to anybody from then on, whatever was ordered before', () => {
    fc.assert(
      fc.property(made, (all) => {
        const halt = directive('HALT', 21);
        expect(objections([...all, halt], day(21)).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('what is permitted becomes less only at the moments that are told beforehand', () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 0, max: 34 }), (all, at) => {
        const before = objections(all, day(at)).length === 0;
        const after = objections(all, day(at + 1)).length === 0;
        const narrowings = comingNarrowings('mythos-5', all, day(at)).map((moment) => moment.getTime());
        if (before && !after) expect(narrowings).toContain(day(at + 1).getTime());
      }),
      { numRuns: 1000 },
    );
  });
});
