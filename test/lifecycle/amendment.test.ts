import { describe, expect, it } from '@jest/globals';
import { ruleOnGrantToAmend } from '../../src/lifecycle/amendment.js';
import { type ApplicationFacts, ruleOnApplication } from '../../src/lifecycle/application-guards.js';
import { allGrantStatuses, type GrantStatus } from '../../src/lifecycle/grant.js';
import { daysFrom, facts, member, now, staff } from './situations.js';

const grant = (status: GrantStatus, endsAt = daysFrom(now, 1)) => ({
  reference: 'G-2026-000001',
  status,
  endsAt,
  renewalOpensDays: 60,
});
const codes = (ruling: readonly { readonly code: string }[]) => ruling.map(({ code }) => code);

describe('a grant to amend', () => {
  it('is one that has not ended, neither by what was done nor by its date', () => {
    const standing = allGrantStatuses.filter((status) => ruleOnGrantToAmend(grant(status), now).length === 0);
    expect(standing).toEqual(['APPROVED_IN_PRINCIPLE', 'WAITLISTED', 'PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED']);
    expect(codes(ruleOnGrantToAmend(grant('ACTIVE', now), now))).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes(ruleOnGrantToAmend(null, now))).toEqual(['NOT_ALLOWED_NOW']);
    expect(ruleOnGrantToAmend(grant('REVOKED'), now)[0]?.message).toContain('G-2026-000001 is REVOKED');
  });
});

describe('an amendment', () => {
  const ended = { kind: 'AMENDMENT', grant: grant('REVOKED') } as const;
  const decider = staff('DECIDER');
  const countersign = (changes: Partial<ApplicationFacts>) =>
    codes(
      ruleOnApplication(
        'countersign',
        facts({ status: 'DECISION_PROPOSED', proposedBy: 'another', ...changes }),
        decider,
        now,
      ),
    );

  it('is started from what was approved and whose grant stands', () => {
    const start = (changes: Partial<ApplicationFacts>) =>
      codes(ruleOnApplication('startAmendment', facts({ status: 'APPROVED', ...changes }), member('OWNER'), now));
    expect(start({ grant: grant('ACTIVE') })).toEqual([]);
    expect(start({ grant: grant('EXPIRED') })).toEqual(['NOT_ALLOWED_NOW']);
    expect(start({ grant: grant('ACTIVE'), status: 'REFUSED' })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('of a grant that has ended is neither submitted nor approved, and can be refused', () => {
    const submit = (changes: Partial<ApplicationFacts>) =>
      codes(ruleOnApplication('submit', facts({ status: 'DRAFT', ...changes }), member('OWNER'), now));
    expect(submit(ended)).toEqual(['NOT_ALLOWED_NOW']);
    expect(submit({ ...ended, grant: grant('SUSPENDED') })).toEqual([]);
    expect(countersign({ ...ended, outcome: 'APPROVE' })).toEqual(['NOT_ALLOWED_NOW']);
    expect(countersign({ ...ended, outcome: 'REFUSE' })).toEqual([]);
    expect(countersign({ outcome: 'APPROVE' })).toEqual([]);
    const proposing = facts({ ...ended, outcome: 'APPROVE_WITH_CONDITIONS' });
    expect(codes(ruleOnApplication('proposeDecision', proposing, decider, now))).toEqual(['NOT_ALLOWED_NOW']);
  });
});
