import { describe, expect, it } from '@jest/globals';
import { ruleOnApplication } from '../../src/lifecycle/application-guards.js';
import { ruleOnGrant } from '../../src/lifecycle/grant.js';
import type { ActorStanding } from '../../src/lifecycle/roles.js';
import {
  allHitStatuses,
  availableHitCommands,
  checkScreeningPolicy,
  defaultScreeningPolicy,
  type HitCommand,
  type HitFacts,
  ruleOnHit,
  type ScreeningStanding,
} from '../../src/lifecycle/screening.js';
import { facts, grantFacts, member, now, staff } from './situations.js';

const hit = (changes: Partial<HitFacts> = {}): HitFacts => ({
  status: 'OPEN',
  proposedBy: null,
  recused: [],
  ...changes,
});

function objections(command: HitCommand, changes: Partial<HitFacts>, actor: ActorStanding): string[] {
  return ruleOnHit(command, hit(changes), actor).map(({ code }) => code);
}

const accepted: string[] = [];

describe('the rules of a screening hit', () => {
  it('look at the role first, at the status next, and at the four eyes last', () => {
    const lapsed = { status: 'LAPSED', recused: ['somebody'] } as const;
    expect(objections('proposeAdjudication', lapsed, staff('DECIDER'))).toEqual(['FORBIDDEN']);
    expect(objections('proposeAdjudication', lapsed, staff('INTAKE'))).toEqual(['NOT_ALLOWED_NOW']);
    expect(objections('proposeAdjudication', { ...lapsed, status: 'OPEN' }, staff('INTAKE'))).toEqual(['FOUR_EYES']);
  });

  it('let one propose and another confirm or decline', () => {
    expect(objections('proposeAdjudication', {}, staff('REVIEWER'))).toEqual(accepted);
    for (const command of ['confirmAdjudication', 'declineAdjudication'] as const) {
      expect(objections(command, {}, staff('REVIEWER'))).toEqual(['NOT_ALLOWED_NOW']);
      expect(objections(command, { proposedBy: 'somebody' }, staff('REVIEWER'))).toEqual(['FOUR_EYES']);
      expect(objections(command, { proposedBy: 'another' }, staff('REVIEWER'))).toEqual(accepted);
      expect(objections(command, { proposedBy: 'another' }, member('REVIEWER', 'VIEWER'))).toEqual(['FOUR_EYES']);
    }
    expect(objections('proposeAdjudication', { proposedBy: 'another' }, staff('INTAKE'))).toEqual(['ALREADY_EXISTS']);
  });

  it('let what was judged be judged anew, and allow nothing to partners', () => {
    for (const status of ['TRUE_MATCH', 'FALSE_POSITIVE', 'INCONCLUSIVE'] as const) {
      expect(availableHitCommands(hit({ status }), staff('INTAKE'))).toEqual(['proposeAdjudication']);
    }
    for (const status of allHitStatuses) {
      for (const role of ['OWNER', 'APPLICANT', 'VIEWER'] as const) {
        expect(availableHitCommands(hit({ status, proposedBy: 'another' }), member(role))).toEqual([]);
      }
    }
  });
});

describe('screening', () => {
  const decisions: readonly (readonly [ScreeningStanding, string[]])[] = [
    ['CLEAR', accepted],
    ['NOT_SCREENED', ['INCOMPLETE']],
    ['HITS_OPEN', ['INCOMPLETE']],
    ['TRUE_MATCH', ['NOT_ALLOWED_NOW']],
  ];

  it.each(decisions)('that stands %s lets an approval be proposed and countersigned, or not', (screening, expected) => {
    for (const outcome of ['APPROVE', 'APPROVE_WITH_CONDITIONS'] as const) {
      const proposal = facts({ screening, outcome });
      expect(ruleOnApplication('proposeDecision', proposal, staff('DECIDER'), now).map(({ code }) => code)).toEqual(
        expected,
      );
      const proposed = facts({ screening, outcome, status: 'DECISION_PROPOSED', proposedBy: 'another' });
      expect(ruleOnApplication('countersign', proposed, staff('DECIDER'), now).map(({ code }) => code)).toEqual(
        expected,
      );
    }
  });

  it('never keeps an application from being refused', () => {
    const refused = facts({ screening: 'TRUE_MATCH', outcome: 'REFUSE' });
    expect(ruleOnApplication('proposeDecision', refused, staff('DECIDER'), now)).toEqual([]);
    const proposed = { ...refused, status: 'DECISION_PROPOSED', proposedBy: 'another' } as const;
    expect(ruleOnApplication('countersign', proposed, staff('DECIDER'), now)).toEqual([]);
  });

  it('tells nothing to deciders who belong to the organization', () => {
    const about = facts({ screening: 'TRUE_MATCH', outcome: 'APPROVE' });
    const told = ruleOnApplication('proposeDecision', about, member('DECIDER', 'OWNER'), now);
    expect(told).toEqual(
      ruleOnApplication('proposeDecision', facts({ outcome: 'APPROVE' }), member('DECIDER', 'OWNER'), now),
    );
  });

  it('keeps a grant suspended, and tells nothing to those who belong to the organization', () => {
    const held = grantFacts({ status: 'SUSPENDED', isHeldByScreening: true });
    const manager = staff('PROGRAM_MANAGER');
    expect(ruleOnGrant('reinstate', held, manager, now).map(({ code }) => code)).toEqual(['INCOMPLETE']);
    expect(ruleOnGrant('revoke', held, manager, now)).toEqual([]);
    const insider = member('PROGRAM_MANAGER', 'OWNER');
    expect(ruleOnGrant('reinstate', held, insider, now).map(({ code }) => code)).toEqual(['FOUR_EYES']);
  });

  it('has a policy whose threshold is a whole number within limits', () => {
    expect(checkScreeningPolicy(defaultScreeningPolicy)).toEqual([]);
    for (const threshold of [59, 101, 85.5, Number.NaN]) {
      expect(checkScreeningPolicy({ threshold, suspendsOnHit: true })).toEqual([
        { code: 'INVALID', message: 'The threshold is a whole number from 60 to 100.', path: ['threshold'] },
      ]);
    }
  });
});
