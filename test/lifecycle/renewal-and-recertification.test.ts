import { describe, expect, it } from '@jest/globals';
import { ruleOnGrantToRenew, workflowOf } from '../../src/lifecycle/amendment.js';
import { expiryNoticeDue } from '../../src/lifecycle/grant.js';
import {
  type RecertificationCommand,
  type RecertificationFacts,
  recertificationDue,
  ruleOnRecertification,
} from '../../src/lifecycle/recertification.js';
import type { ActorStanding } from '../../src/lifecycle/roles.js';
import { daysFrom, member, now, staff, workflow } from './situations.js';

const codes = (ruling: readonly { readonly code: string }[]) => ruling.map(({ code }) => code);

describe('a grant to renew', () => {
  const grant = (daysLeft: number) => ({
    reference: 'G-2026-000001',
    status: 'ACTIVE' as const,
    endsAt: daysFrom(now, daysLeft),
    renewalOpensDays: 60,
  });

  it('is one whose end is near and not reached', () => {
    expect(codes(ruleOnGrantToRenew(grant(61), now))).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes(ruleOnGrantToRenew(grant(60), now))).toEqual([]);
    expect(codes(ruleOnGrantToRenew(grant(1), now))).toEqual([]);
    expect(codes(ruleOnGrantToRenew(grant(0), now))).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes(ruleOnGrantToRenew({ ...grant(1), status: 'ACTIVE', endsAt: now }, now))).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes(ruleOnGrantToRenew(null, now))).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('passes the stages that the program names, and always the last and the one it is at', () => {
    const keys = (stageKey: string | null, renewalStages: readonly string[] | null) =>
      workflowOf(workflow, { kind: 'RENEWAL', stageKey }, renewalStages).stages.map(({ key }) => key);
    expect(keys(null, null)).toEqual(['screening', 'review', 'decision']);
    expect(keys(null, [])).toEqual(['decision']);
    expect(keys(null, ['screening'])).toEqual(['screening', 'decision']);
    expect(keys('review', [])).toEqual(['review', 'decision']);
    expect(workflowOf(workflow, { kind: 'NEW', stageKey: null }, [])).toBe(workflow);
  });
});

describe('the notices before the end of a grant', () => {
  const year = { startsAt: daysFrom(now, -300), endsAt: daysFrom(now, 60) };

  it('are given at 60, 30 and 7 days, each once, the latest alone', () => {
    const at = (daysLeft: number, noticed: number | null) =>
      expiryNoticeDue(year, noticed, daysFrom(year.endsAt, -daysLeft));
    expect([at(61, null), at(60, null), at(59, 60), at(30, 60), at(29, 30), at(7, 30), at(1, 7), at(0, null)]).toEqual([
      null,
      60,
      null,
      30,
      null,
      7,
      null,
      null,
    ]);
    expect(at(5, null)).toBe(7);
  });

  it('are left out where they would come before the grant began', () => {
    const month = { startsAt: now, endsAt: daysFrom(now, 28) };
    expect(expiryNoticeDue(month, null, daysFrom(now, 1))).toBeNull();
    expect(expiryNoticeDue(month, null, daysFrom(now, 21))).toBe(7);
  });
});

describe('a recertification', () => {
  const policy = { recertifyEveryDays: 90, recertifyNoticeDays: 30 };
  const system: ActorStanding = { personId: null, roles: ['SYSTEM'], belongsToOrganization: false };
  const facts: RecertificationFacts = {
    status: 'DUE',
    grantStatus: 'ACTIVE',
    dueAt: daysFrom(now, 7),
    remindedAt: null,
    overdueAt: null,
  };
  const give = (command: RecertificationCommand, changes: Partial<RecertificationFacts>, actor: ActorStanding) =>
    codes(ruleOnRecertification(command, { ...facts, ...changes }, actor, now));

  it('comes due every so many days, and can be given from the notice on', () => {
    expect(recertificationDue(policy, daysFrom(now, -59), now)).toBeNull();
    expect(recertificationDue(policy, daysFrom(now, -60), now)).toEqual(daysFrom(now, 30));
    expect(recertificationDue({ ...policy, recertifyEveryDays: null }, daysFrom(now, -900), now)).toBeNull();
    // A program that asks only now leaves time, however old the grant is.
    expect(recertificationDue(policy, daysFrom(now, -900), now)).toEqual(daysFrom(now, 30));
  });

  it('is attested by an owner and confirmed by staff who do not belong to the organization', () => {
    expect(give('attest', {}, member('OWNER'))).toEqual([]);
    expect(give('attest', {}, member('APPLICANT'))).toEqual(['FORBIDDEN']);
    expect(give('confirm', {}, staff('PROGRAM_MANAGER'))).toEqual(['NOT_ALLOWED_NOW']);
    expect(give('confirm', { status: 'ATTESTED' }, staff('PROGRAM_MANAGER'))).toEqual([]);
    expect(give('confirm', { status: 'ATTESTED' }, member('PROGRAM_MANAGER', 'VIEWER'))).toEqual(['FOUR_EYES']);
    expect(give('decline', { status: 'ATTESTED' }, member('PROGRAM_MANAGER', 'OWNER'))).toEqual(['FOUR_EYES']);
    expect(give('attest', { grantStatus: 'REVOKED' }, member('OWNER'))).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('is reminded of once, and found overdue once, by the portal alone', () => {
    expect(give('remind', {}, system)).toEqual([]);
    expect(give('remind', { remindedAt: now }, system)).toEqual(['NOT_ALLOWED_NOW']);
    expect(give('remind', { dueAt: daysFrom(now, 8) }, system)).toEqual(['NOT_ALLOWED_NOW']);
    expect(give('lapse', {}, system)).toEqual(['NOT_ALLOWED_NOW']);
    expect(give('lapse', { dueAt: now }, system)).toEqual([]);
    expect(give('lapse', { dueAt: now, overdueAt: now }, system)).toEqual(['NOT_ALLOWED_NOW']);
    expect(give('lapse', { dueAt: now }, staff('PROGRAM_MANAGER', 'ADMIN'))).toEqual(['FORBIDDEN']);
  });
});
