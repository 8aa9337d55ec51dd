import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AccessFacts,
  accessReasons,
  allAccessReasonCodes,
  checkAccess,
  type GrantInCheck,
  type UserInCheck,
  withoutAuthorities,
} from '../../src/lifecycle/access.js';
import { type ForeignPersonRule, foreignPersonRules } from '../../src/lifecycle/directive.js';
import { allGrantStatuses } from '../../src/lifecycle/grant.js';
import type { ExportStatus } from '../../src/lifecycle/named-user.js';
import type { ScopeRuling } from '../../src/lifecycle/release-scope.js';
import { allSuspensionCauses } from '../../src/lifecycle/suspension.js';

const now = new Date('2026-06-20T12:00:00Z');
const day = 24 * 60 * 60 * 1000;
const open: ScopeRuling = { objections: [], permittedBy: [], conditions: [], foreignPersons: 'NO_RULE' };
const shut = (code: 'PRODUCT_HALTED' | 'ORGANIZATION_EXCLUDED', authority: string | null): ScopeRuling => ({
  ...open,
  objections: [{ code, authority, directiveId: authority && `letter of ${authority}` }],
});
const grant = (more: Partial<GrantInCheck> = {}): GrantInCheck => ({
  id: 'g1',
  status: 'ACTIVE',
  startsAt: new Date(now.getTime() - day),
  endsAt: new Date(now.getTime() + day),
  isPermitted: true,
  causes: [],
  isUnderReview: false,
  isTermsOverdue: false,
  ...more,
});
const user = (more: Partial<UserInCheck> = {}): UserInCheck => ({
  grantId: 'g1',
  isRemoved: false,
  exportStatus: 'UNRESTRICTED',
  isUnderReview: false,
  ...more,
});
const check = (facts: Partial<AccessFacts>) =>
  checkAccess({ scope: open, grants: [grant()], user: null, ...facts }, now);
const codes = (facts: Partial<AccessFacts>) => check(facts).reasons.map(({ code }) => code);

describe('whether a product may be used', () => {
  it('is allowed when release, grant, terms, screening and provisioning all hold', () => {
    expect(check({})).toEqual({ decision: 'ALLOW', grantId: 'g1', reasons: [] });
  });

  it.each<[string, Partial<GrantInCheck>, readonly string[]]>([
    ['approved and not provisioned', { status: 'PENDING_PROVISIONING' }, ['NOT_PROVISIONED']],
    ['approved in principle', { status: 'APPROVED_IN_PRINCIPLE' }, ['APPROVED_IN_PRINCIPLE']],
    ['waiting for a place', { status: 'WAITLISTED' }, ['WAITLISTED']],
    ['begun later', { startsAt: new Date(now.getTime() + 1) }, ['GRANT_NOT_STARTED']],
    ['at its last moment', { endsAt: now }, ['GRANT_EXPIRED']],
    ['expired', { status: 'EXPIRED' }, ['GRANT_EXPIRED']],
    ['revoked', { status: 'REVOKED' }, ['GRANT_REVOKED']],
    ['given back', { status: 'SURRENDERED' }, ['GRANT_SURRENDERED']],
    ['suspended by staff', { status: 'SUSPENDED', causes: ['STAFF'] }, ['SUSPENDED_BY_OPERATOR']],
    ['suspended for no cause that is told', { status: 'SUSPENDED' }, ['SUSPENDED_BY_OPERATOR']],
    ['suspended, and permitted again', { status: 'SUSPENDED', causes: ['RELEASE'] }, ['SUSPENDED_BY_RELEASE']],
    ['under review', { status: 'SUSPENDED', causes: ['REVIEW'], isUnderReview: true }, ['UNDER_REVIEW']],
    ['not accepted again', { status: 'SUSPENDED', causes: ['TERMS'], isTermsOverdue: true }, ['TERMS_NOT_ACCEPTED']],
    ['overdue, and not marked yet', { isTermsOverdue: true }, ['TERMS_NOT_ACCEPTED']],
    ['not confirmed', { status: 'SUSPENDED', causes: ['RECERTIFICATION'] }, ['RECERTIFICATION_OVERDUE']],
    ['narrowed, and permitted', { isPermitted: false }, ['RELEASE_CHANGING']],
  ])('is denied for a grant that is %s', (_what, more, expected) => {
    expect(check({ grants: [grant(more)] })).toMatchObject({ decision: 'DENY', grantId: 'g1' });
    expect(codes({ grants: [grant(more)] })).toEqual(expected);
  });

  it('tells every reason at once, so that mending one is not followed by another surprise', () => {
    const lacking = grant({
      status: 'SUSPENDED',
      causes: ['STAFF', 'RELEASE', 'TERMS'],
      isUnderReview: true,
      isPermitted: false,
      endsAt: now,
    });
    expect(codes({ scope: shut('PRODUCT_HALTED', 'BTS'), grants: [lacking], user: user({ isRemoved: true }) })).toEqual(
      [
        'PRODUCT_HALTED',
        'GRANT_EXPIRED',
        'SUSPENDED_BY_OPERATOR',
        'SUSPENDED_BY_RELEASE',
        'TERMS_NOT_ACCEPTED',
        'UNDER_REVIEW',
        'USER_NOT_NAMED',
      ],
    );
  });

  it('is denied without a grant, whatever the release says', () => {
    expect(check({ grants: [] })).toMatchObject({ decision: 'DENY', grantId: null, reasons: [{ code: 'NO_GRANT' }] });
  });

  it('is told of the grant that comes nearest', () => {
    const suspended = grant({ id: 'g3', status: 'SUSPENDED', causes: ['STAFF', 'TERMS'] });
    const pending = grant({ id: 'g2', status: 'PENDING_PROVISIONING' });
    const over = grant({ id: 'g4', status: 'REVOKED' });
    expect(check({ grants: [over, suspended, pending] })).toMatchObject({ decision: 'DENY', grantId: 'g2' });
    expect(check({ grants: [over, suspended, pending, grant()] })).toMatchObject({ decision: 'ALLOW', grantId: 'g1' });
    expect(check({ grants: [over, grant({ id: 'g5', status: 'EXPIRED' })] })).toMatchObject({ grantId: 'g4' });
    expect(check({ grants: [over, suspended] })).toMatchObject({ grantId: 'g3' });
  });

  it('hides from partners whose order it is, and that it is they whom a letter names', () => {
    const both = {
      ...open,
      objections: [...shut('PRODUCT_HALTED', 'BTS').objections, ...shut('ORGANIZATION_EXCLUDED', 'MoT').objections],
    };
    const answer = check({ scope: both });
    expect(answer.reasons).toEqual([
      { code: 'PRODUCT_HALTED', authority: 'BTS', directiveId: 'letter of BTS' },
      { code: 'ORGANIZATION_EXCLUDED', authority: 'MoT', directiveId: 'letter of MoT' },
    ]);
    expect(withoutAuthorities(answer)).toMatchObject({
      decision: 'DENY',
      reasons: [
        { code: 'PRODUCT_HALTED', authority: null, directiveId: null },
        { code: 'ORGANIZATION_NOT_IN_SCOPE', authority: null, directiveId: null },
      ],
    });
  });

  it('is allowed by nothing but a grant in use that nothing speaks against, however many others there are', () => {
    const anyGrant = fc.record({
      id: fc.constantFrom('g1', 'g2', 'g3', 'g4'),
      status: fc.constantFrom(...allGrantStatuses),
      startsAt: fc.integer({ min: -2, max: 1 }).map((days) => new Date(now.getTime() + days * day)),
      endsAt: fc.integer({ min: -1, max: 2 }).map((days) => new Date(now.getTime() + days * day)),
      isPermitted: fc.boolean(),
      causes: fc.subarray(allSuspensionCauses),
      isUnderReview: fc.boolean(),
      isTermsOverdue: fc.boolean(),
    });
    const isInUse = (one: GrantInCheck) =>
      one.status === 'ACTIVE' &&
      one.startsAt <= now &&
      one.endsAt > now &&
      one.isPermitted &&
      one.causes.length === 0 &&
      !one.isUnderReview &&
      !one.isTermsOverdue;
    const scopes = fc.constantFrom(open, shut('PRODUCT_HALTED', null));
    fc.assert(
      fc.property(fc.array(anyGrant, { maxLength: 4 }), scopes, (grants, scope) => {
        const { decision, reasons } = check({ grants, scope });
        expect(decision === 'ALLOW').toBe(scope.objections.length === 0 && grants.some(isInUse));
        expect(decision === 'ALLOW').toBe(reasons.length === 0);
      }),
    );
  });

  it('says of each reason what it means and what would mend it', () => {
    for (const code of allAccessReasonCodes) {
      expect(accessReasons[code].means).toMatch(/\.$/);
      expect(accessReasons[code].mendedBy).toMatch(/\.$/);
    }
  });
});

describe('whether a named user may use it', () => {
  const expected: Readonly<Record<ForeignPersonRule, Readonly<Record<ExportStatus, string | null>>>> = {
    NONE_PERMITTED: {
      UNRESTRICTED: null,
      FOREIGN: 'FOREIGN_PERSON',
      LICENSED: 'FOREIGN_PERSON',
      UNDETERMINED: 'EXPORT_STATUS_UNDETERMINED',
    },
    LICENCE_EACH: {
      UNRESTRICTED: null,
      FOREIGN: 'FOREIGN_PERSON_WITHOUT_LICENCE',
      LICENSED: null,
      UNDETERMINED: 'EXPORT_STATUS_UNDETERMINED',
    },
    EXEMPT: { UNRESTRICTED: null, FOREIGN: null, LICENSED: null, UNDETERMINED: null },
    NO_RULE: { UNRESTRICTED: null, FOREIGN: null, LICENSED: null, UNDETERMINED: null },
  };

  it.each(Object.keys(foreignPersonRules) as ForeignPersonRule[])('under the rule %s', (foreignPersons) => {
    for (const [status, code] of Object.entries(expected[foreignPersons])) {
      const asked = { scope: { ...open, foreignPersons }, user: user({ exportStatus: status as ExportStatus }) };
      expect([status, codes(asked)]).toEqual([status, code === null ? [] : [code]]);
    }
  });

  it('is denied to who is not named any more, or is under review, and looks at the grant that names the person', () => {
    expect(codes({ user: user({ isRemoved: true, exportStatus: 'FOREIGN' }) })).toEqual(['USER_NOT_NAMED']);
    expect(codes({ user: user({ isUnderReview: true }) })).toEqual(['USER_UNDER_REVIEW']);
    const other = grant({ id: 'g2', status: 'PENDING_PROVISIONING' });
    expect(codes({ grants: [grant(), other], user: user({ grantId: 'g2' }) })).toEqual(['NOT_PROVISIONED']);
  });
});
