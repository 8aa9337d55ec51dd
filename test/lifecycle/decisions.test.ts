import { describe, expect, it } from '@jest/globals';
import { type ApplicationFacts, ruleOnApplication } from '../../src/lifecycle/application-guards.js';
import { answerBefore, countersignaturesNeeded } from '../../src/lifecycle/decisions.js';
import { checkCodes, type StandardTextStanding } from '../../src/lifecycle/standard-texts.js';
import { checkWorkflow } from '../../src/lifecycle/workflow-check.js';
import { daysFrom, documents, facts, member, now, staff, workflow } from './situations.js';

const codes = (...given: Parameters<typeof ruleOnApplication>) => ruleOnApplication(...given).map(({ code }) => code);

describe('countersignatures', () => {
  const proposed = { status: 'DECISION_PROPOSED', statusBefore: 'IN_REVIEW', proposedBy: 'another' } as const;

  it('are one unless the workflow says two, for approvals and refusals each', () => {
    expect(countersignaturesNeeded(workflow, 'REFUSE')).toBe(1);
    const twice = { approvalCountersignatures: 2, refusalCountersignatures: null };
    expect(countersignaturesNeeded(twice, 'APPROVE')).toBe(2);
    expect(countersignaturesNeeded(twice, 'APPROVE_WITH_CONDITIONS')).toBe(2);
    expect(countersignaturesNeeded(twice, 'REFUSE')).toBe(1);
  });

  it('are given by two people, neither of whom proposed; the first of them may still decline', () => {
    const signed = facts({ ...proposed, signedBy: 'somebody' });
    const [objection] = ruleOnApplication('countersign', signed, staff('DECIDER'), now);
    expect(objection).toMatchObject({ code: 'FOUR_EYES', message: expect.stringContaining('a third person') });
    expect(codes('declineToCountersign', signed, staff('DECIDER'), now)).toEqual([]);
    const third = { ...staff('DECIDER'), personId: 'a third' };
    expect(codes('countersign', signed, third, now)).toEqual([]);
    expect(codes('countersign', signed, { ...third, personId: 'another' }, now)).toEqual(['FOUR_EYES']);
  });

  it('are one or two, and nothing else', () => {
    const check = (count: number) =>
      checkWorkflow({ ...workflow, approvalCountersignatures: count }, { documents, staff: null });
    expect([1, 2].flatMap(check)).toEqual([]);
    for (const count of [0, 3, 1.5])
      expect(check(count)).toMatchObject([{ code: 'INVALID', path: ['approvalCountersignatures'] }]);
  });
});

describe('an intent to refuse', () => {
  const first = { onAppeal: false, answeredBefore: false };
  const open = {
    status: 'INTENT_TO_REFUSE',
    answerBefore: daysFrom(now, 1),
  } as const satisfies Partial<ApplicationFacts>;

  it('is announced where the workflow says so, once answered not again, and never on appeal', () => {
    expect(answerBefore(workflow, first, now)).toBeNull();
    expect(answerBefore({ intentToRefuseDays: 14 }, first, now)).toEqual(daysFrom(now, 14));
    expect(answerBefore({ intentToRefuseDays: 14 }, { ...first, answeredBefore: true }, now)).toBeNull();
    expect(answerBefore({ intentToRefuseDays: 14 }, { ...first, onAppeal: true }, now)).toBeNull();
  });

  it('is answered before its time is over, and final from that very moment on', () => {
    const system = { personId: null, roles: ['SYSTEM'], belongsToOrganization: false } as const;
    const before = new Date(open.answerBefore.getTime() - 1);
    expect(codes('answerIntentToRefuse', facts(open), member('APPLICANT'), before)).toEqual([]);
    expect(codes('finalizeRefusal', facts(open), system, before)).toEqual(['NOT_ALLOWED_NOW']);
    expect(codes('answerIntentToRefuse', facts(open), member('APPLICANT'), open.answerBefore)).toEqual(['EXPIRED']);
    expect(codes('finalizeRefusal', facts(open), system, open.answerBefore)).toEqual([]);
  });

  it('can be answered within 1 to 365 days', () => {
    const check = (days: number) =>
      checkWorkflow({ ...workflow, intentToRefuseDays: days }, { documents, staff: null });
    expect([1, 365].flatMap(check)).toEqual([]);
    for (const days of [0, 366]) expect(check(days)).toMatchObject([{ code: 'INVALID', path: ['intentToRefuseDays'] }]);
  });
});

describe('codes of the library', () => {
  const text = {
    version: 1,
    title: 'T',
    text: 'T.',
    kind: 'REFUSAL_REASON',
    programId: null,
    isRetired: false,
  } as const;
  const library: StandardTextStanding[] = [
    { ...text, code: 'general' },
    { ...text, code: 'own', programId: 'this' },
    { ...text, code: 'foreign', programId: 'other' },
    { ...text, code: 'retired', isRetired: true },
    { ...text, code: 'condition', kind: 'CONDITION' },
  ];

  it('are taken when they are for the program or for all, and everything else is said at once', () => {
    const as = { kind: 'REFUSAL_REASON', programId: 'this', field: 'reasonCodes' } as const;
    expect(checkCodes(['general', 'own'], library, as)).toEqual([]);
    const wrong = checkCodes(['general', 'unknown', 'foreign', 'retired', 'condition', 'general'], library, as);
    expect(wrong.map(({ path, message }) => `${path?.join('.')}: ${message}`)).toEqual([
      'reasonCodes.1: The library has no refusal reason "unknown".',
      'reasonCodes.2: The refusal reason "foreign" belongs to another program.',
      'reasonCodes.3: The refusal reason "retired" was retired and is not used any more.',
      'reasonCodes.4: "condition" is a condition, and a refusal reason is wanted here.',
      'reasonCodes.5: "general" is given twice.',
    ]);
  });
});
