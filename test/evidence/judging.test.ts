import { describe, expect, it } from '@jest/globals';
import type { DirectiveLine, GrantFactsLine } from '../../src/evidence/archive-lines.js';
import { judgeDirective, judgeGrant, yardstick } from '../../src/evidence/judging.js';
import { uuidOf } from '../../src/evidence/typed-id.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';

const at = (second: number) => new Date(Date.UTC(2026, 5, 15, 12, 0, second)).toISOString();
const moment = (second: number) => Date.parse(at(second));

const grant: GrantFactsLine = {
  ...{ id: 'g', reference: 'G-2026-000001', program: 'Program', applicationId: 'a', decisionId: 'd', conditions: [] },
  organization: {
    id: 'o',
    legalName: 'Tidewater Utilities',
    country: 'NL',
    sector: 'WATER_AND_WASTEWATER',
    isOperator: false,
  },
  ...{ startsAt: at(0), endsAt: '2027-06-15T12:00:00.000Z', status: 'SUSPENDED', isUsable: false },
};
const halt: DirectiveLine = {
  ...{ id: 'h', reference: 'BTS-1', authority: 'Bureau', authorityId: 'b', kind: 'HALT', status: 'IN_FORCE' },
  ...{
    changesId: null,
    issuedAt: at(9),
    receivedAt: at(9),
    effectiveAt: at(10),
    inForceSince: at(20),
    expiresAt: null,
  },
  terms: {
    ...{ products: ['mythos-5'], sectors: [], countries: [], excludedCountries: [], conditions: [] },
    ...{ foreignPersons: 'NO_RULE', operatorStaff: 'AS_OTHERS' },
  },
  ...{
    entries: [],
    summary: '',
    letterSha256: null,
    letterDocumentId: null,
    recordedBy: { id: 'ann', name: 'Ann' },
    recordedAt: at(15),
  },
  ...{ putInForceBy: { id: 'bob', name: 'Bob' }, isEmergency: false, ratifiedBy: null, ratifiedAt: null },
};
const events = [
  { sequence: 1, at: at(0), event: 'grant.created', status: 'PENDING_PROVISIONING' },
  { sequence: 2, at: at(1), event: 'grant.activated', status: 'ACTIVE' },
  { sequence: 3, at: at(55), event: 'grant.suspended', status: 'SUSPENDED' },
] as const;

/** What is found when the halt has shut the grant so many seconds after noon; when nothing has, it was only marked. */
function judged(shutAt: number | null) {
  const narrowings = shutAt === null ? [] : [{ fromAt: at(shutAt), organizationId: null }];
  const history = { productCode: 'mythos-5', directives: [halt], statements: [] };
  const period = { from: moment(0), to: moment(59), until: moment(59), unknownBefore: null };
  return judgeGrant(yardstick(history, narrowings, period), grant, events);
}

describe('what is judged of a grant', () => {
  it('is no finding when the halt shut it at once, or as soon as commands were done that were letting somebody in', () => {
    expect(judged(20).findings).toEqual([]);
    expect(judged(22).findings).toEqual([]);
    expect(judged(22).uses).toMatchObject([
      { to: at(22), permitted: [{ objections: [] }, { from: at(20), to: at(22) }] },
    ]);
  });

  it('is a finding from the moment the halt was in force here, when it was shut later or only marked', () => {
    expect(judged(30).findings).toMatchObject([{ code: 'NOT_PERMITTED', from: at(20), to: at(30) }]);
    expect(judged(null).findings).toMatchObject([{ code: 'NOT_PERMITTED', from: at(20), to: at(55) }]);
  });

  it('tells what was not permitted in hindsight, when the halt had taken effect and was not in force here yet', () => {
    expect(judged(20).uses[0]?.notInHindsight).toMatchObject([{ from: at(10), to: at(20) }]);
  });

  it('is a finding when the row says otherwise than the log', () => {
    const { findings } = judgeGrant(
      yardstick({ productCode: 'mythos-5', directives: [], statements: [] }, [], {
        ...{ from: moment(0), to: moment(59), until: moment(59), unknownBefore: null },
      }),
      { ...grant, status: 'ACTIVE', isUsable: true },
      events,
    );
    expect(findings).toMatchObject([
      { code: 'NOT_AS_RECORDED', message: expect.stringContaining('is ACTIVE, and by the log it is SUSPENDED') },
    ]);
  });

  it('takes two people for a directive, but for an emergency halt, which another ratifies', () => {
    const own = { ...halt, putInForceBy: halt.recordedBy };
    expect(judgeDirective(halt)).toEqual([]);
    expect(judgeDirective(own)).toMatchObject([{ code: 'FOUR_EYES', about: 'BTS-1' }]);
    expect(judgeDirective({ ...own, isEmergency: true })).toEqual([]);
    expect(judgeDirective({ ...own, isEmergency: true, ratifiedBy: halt.recordedBy })).toHaveLength(1);
  });
});

describe('an id of the API', () => {
  it('leads to the id of the database that it was made of', () => {
    const ids = Array.from({ length: 50 }, () => randomIds.next());
    expect(ids.map((id) => uuidOf(encodeId('directiveentry', id)))).toEqual(ids);
    expect(uuidOf(encodeId('grant', 'ffffffff-ffff-ffff-ffff-ffffffffffff'))).toBe(
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    );
  });
});
