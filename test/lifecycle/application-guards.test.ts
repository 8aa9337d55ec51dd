import { describe, expect, it } from '@jest/globals';
import { type ApplicationCommand, allApplicationStatuses } from '../../src/lifecycle/application.js';
import {
  type ApplicationFacts,
  appealDeadline,
  availableApplicationCommands,
  ruleOnApplication,
  stageProblems,
} from '../../src/lifecycle/application-guards.js';
import type { StandingRecusal } from '../../src/lifecycle/recusal.js';
import { reopenedStatus } from '../../src/lifecycle/reopening.js';
import type { ActorStanding, StaffRole } from '../../src/lifecycle/roles.js';
import type { Workflow } from '../../src/lifecycle/workflow.js';
import { daysFrom, facts, member, now, staff, workflow } from './situations.js';

/** The codes of what the rules object; none when the command is accepted. */
function objections(
  command: ApplicationCommand,
  changes: Partial<ApplicationFacts>,
  actor: ActorStanding,
  at = now,
): string[] {
  return ruleOnApplication(command, facts(changes), actor, at).map(({ code }) => code);
}

const accepted: string[] = [];

const declared = (personId: string): StandingRecusal => ({ personId, kind: 'DECLARED' });

describe('the rules of an application', () => {
  it('look at the role first, at the status next, and at everything else last', () => {
    const submission = { status: 'SUBMITTED', submissionProblems: [missing] } as const;
    expect(objections('submit', submission, member('VIEWER'))).toEqual(['FORBIDDEN']);
    expect(objections('submit', submission, member('OWNER'))).toEqual(['NOT_ALLOWED_NOW']);
    expect(objections('submit', { ...submission, status: 'DRAFT' }, member('OWNER'))).toEqual(['REQUIRED']);
  });

  it('name the roles that may, and the status that is in the way', () => {
    const [forbidden] = ruleOnApplication('startReview', facts(), staff('REVIEWER'), now);
    expect(forbidden?.message).toBe('Your role does not allow this. It takes INTAKE.');
    const [late] = ruleOnApplication('startReview', facts({ status: 'WITHDRAWN' }), staff('INTAKE'), now);
    expect(late?.message).toContain('while the application is WITHDRAWN');
  });

  it('add up the roles that one person holds', () => {
    const roles = staff('AUDITOR', 'INTAKE', 'DECIDER');
    expect(objections('startReview', { status: 'SUBMITTED' }, roles)).toEqual(accepted);
    expect(objections('proposeDecision', {}, roles)).toEqual(accepted);
    expect(objections('moveToProgramVersion', {}, roles)).toEqual(['FORBIDDEN']);
  });

  it('allow nothing to whoever holds no role', () => {
    for (const status of allApplicationStatuses) {
      expect(availableApplicationCommands(facts({ status }), staff(), now)).toEqual([]);
    }
  });
});

const missing = { code: 'REQUIRED', message: 'Something is missing.', path: ['answers', 'purpose'] } as const;

describe('an application is submitted', () => {
  it('when nothing is missing, and otherwise not, with everything that is missing', () => {
    expect(objections('submit', { status: 'DRAFT' }, member('APPLICANT'))).toEqual(accepted);
    const problems = [missing, { ...missing, path: ['terms'] }];
    expect(
      ruleOnApplication('submit', facts({ status: 'RETURNED', submissionProblems: problems }), member('OWNER'), now),
    ).toEqual(problems);
  });
});

describe('a refusal is appealed', () => {
  const refused = { status: 'REFUSED', decidedAt: daysFrom(now, -28) } as const;

  it('within the time of the workflow, to the very moment, and not after', () => {
    expect(objections('appeal', refused, member('OWNER'))).toEqual(accepted);
    expect(objections('appeal', refused, member('OWNER'), new Date(now.getTime() + 1))).toEqual(['EXPIRED']);
  });

  it('once', () => {
    expect(objections('appeal', { ...refused, appealedAt: daysFrom(now, -20) }, member('OWNER'))).toEqual([
      'ALREADY_EXISTS',
    ]);
  });

  it('by a deadline that can be told beforehand', () => {
    expect(appealDeadline({ decidedAt: now, workflow })).toEqual(daysFrom(now, 28));
    expect(appealDeadline({ decidedAt: null, workflow })).toBeNull();
  });
});

describe('staff who are involved', () => {
  const cases: [ApplicationCommand, Partial<ApplicationFacts>, ActorStanding['roles'][number]][] = [
    ['assign', { status: 'SUBMITTED' }, 'PROGRAM_MANAGER'],
    ['startReview', { status: 'SUBMITTED' }, 'INTAKE'],
    ['requestInformation', {}, 'REVIEWER'],
    ['returnForCorrection', {}, 'REVIEWER'],
    ['returnWithoutAction', {}, 'INTAKE'],
    ['recommend', { stageKey: 'review' }, 'REVIEWER'],
    ['markCheck', { stageKey: 'screening' }, 'INTAKE'],
    ['advanceStage', { stageKey: 'screening', passedChecks: ['registration-verified'] }, 'INTAKE'],
    ['proposeDecision', {}, 'DECIDER'],
    ['countersign', { status: 'DECISION_PROPOSED', proposedBy: 'another' }, 'DECIDER'],
    ['declineToCountersign', { status: 'DECISION_PROPOSED', proposedBy: 'another' }, 'DECIDER'],
    ['moveToProgramVersion', { status: 'SUBMITTED' }, 'PROGRAM_MANAGER'],
  ];

  it.each(cases)('cannot %s, and others can', (command, changes, role) => {
    expect(objections(command, changes, staff(role))).toEqual(accepted);
    expect(objections(command, { ...changes, recused: [declared('somebody')] }, staff(role))).toEqual(['FOUR_EYES']);
    expect(objections(command, { ...changes, recused: [declared('another')] }, staff(role))).toEqual(accepted);
    const belongs = objections(command, changes, member(role, 'VIEWER'));
    // Members are not told that a decision is proposed, so for them there is none to sign.
    expect(belongs).toEqual([changes.status === 'DECISION_PROPOSED' ? 'NOT_ALLOWED_NOW' : 'FOUR_EYES']);
  });

  it('can say so once', () => {
    expect(objections('recuse', {}, staff('DECIDER'))).toEqual(accepted);
    expect(objections('recuse', { recused: [declared('another')] }, staff('DECIDER'))).toEqual(accepted);
    expect(objections('recuse', { recused: [declared('somebody')] }, staff('DECIDER'))).toEqual(['ALREADY_EXISTS']);
  });
});

describe('a stage', () => {
  const given = (...given: readonly [string, StaffRole][]) => ({
    recommendedBy: given.map(([personId, role]) => ({ personId, role })),
  });

  it('takes recommendations when it asks for them, from those in the role it asks for', () => {
    expect(objections('recommend', { stageKey: 'review' }, staff('REVIEWER'))).toEqual(accepted);
    expect(objections('recommend', { stageKey: 'review' }, staff('DECIDER'))).toEqual(['FORBIDDEN']);
    expect(objections('recommend', { stageKey: 'review' }, staff('DECIDER', 'REVIEWER'))).toEqual(accepted);
    for (const stageKey of ['screening', 'decision', 'no-such-stage', null]) {
      expect(objections('recommend', { stageKey }, staff('REVIEWER'))).toEqual(['NOT_ALLOWED_NOW']);
    }
  });

  it('takes marks on its checks, from those who may mark one of them', () => {
    expect(objections('markCheck', { stageKey: 'screening' }, staff('INTAKE'))).toEqual(accepted);
    expect(objections('markCheck', { stageKey: 'screening' }, staff('REVIEWER'))).toEqual(['FORBIDDEN']);
    for (const stageKey of ['review', 'decision', 'no-such-stage', null]) {
      expect(objections('markCheck', { stageKey }, staff('INTAKE'))).toEqual(['NOT_ALLOWED_NOW']);
    }
  });

  it('is left by the roles that it names', () => {
    const screened = { stageKey: 'screening', passedChecks: ['registration-verified'] };
    expect(objections('advanceStage', screened, staff('INTAKE'))).toEqual(accepted);
    expect(objections('advanceStage', screened, staff('DECIDER'))).toEqual(['FORBIDDEN']);
    expect(objections('advanceStage', screened, staff('DECIDER', 'REVIEWER'))).toEqual(accepted);
  });

  it('is left with the recommendations that it asks for, by so many people in the role', () => {
    const at = (...by: readonly [string, StaffRole][]) =>
      objections('advanceStage', { stageKey: 'review', ...given(...by) }, staff('REVIEWER'));
    expect(at()).toEqual(['INCOMPLETE']);
    expect(at(['one', 'REVIEWER'])).toEqual(['INCOMPLETE']);
    expect(at(['one', 'REVIEWER'], ['two', 'DECIDER'])).toEqual(['INCOMPLETE']);
    expect(at(['one', 'REVIEWER'], ['two', 'REVIEWER'])).toEqual(accepted);
    expect(at(['one', 'REVIEWER'], ['two', 'REVIEWER'], ['three', 'REVIEWER'])).toEqual(accepted);
  });

  it('is not left before its checks are passed and its documents are there, and says all that is lacking', () => {
    const at = (changes: Partial<ApplicationFacts>) =>
      ruleOnApplication('advanceStage', facts({ stageKey: 'screening', ...changes }), staff('INTAKE'), now).map(
        ({ code, path }) => `${code} ${path?.join('.')}`,
      );
    const check = 'INCOMPLETE checks.registration-verified';
    const document = 'INCOMPLETE documents.end-use-statement';
    expect(at({})).toEqual([check]);
    expect(at({ providedFor: [] })).toEqual([check, document]);
    expect(at({ providedFor: [], passedChecks: ['registration-verified'] })).toEqual([document]);
    expect(at({ providedFor: ['another'], passedChecks: ['another'] })).toEqual([check, document]);
    expect(at({ passedChecks: ['registration-verified'] })).toEqual([]);
  });

  it('tells beforehand what it lacks, while it is under review', () => {
    const lacking = (changes: Partial<ApplicationFacts>) => stageProblems(facts(changes)).map(({ message }) => message);
    expect(lacking({ stageKey: 'review', ...given(['one', 'REVIEWER']) })).toEqual([
      'The present stage needs 2 recommendations by different people in the role REVIEWER, and has 1.',
    ]);
    expect(lacking({ stageKey: 'screening' })).toEqual(['The check “Registration verified” has not been passed yet.']);
    expect(lacking({ stageKey: 'decision' })).toEqual([]);
    expect(lacking({ status: 'SUBMITTED', stageKey: null })).toEqual([]);
    expect(lacking({ status: 'UNDER_APPEAL', stageKey: 'screening' })).toEqual([]);
  });

  it('is not left when it is the last', () => {
    for (const stageKey of ['decision', 'no-such-stage', null]) {
      expect(objections('advanceStage', { stageKey }, staff('REVIEWER'))).toEqual(['NOT_ALLOWED_NOW']);
    }
  });
});

describe('a decision', () => {
  it('is proposed at the last stage only, or on appeal', () => {
    expect(objections('proposeDecision', { stageKey: 'decision' }, staff('DECIDER'))).toEqual(accepted);
    expect(objections('proposeDecision', { stageKey: 'review' }, staff('DECIDER'))).toEqual(['NOT_ALLOWED_NOW']);
    expect(objections('proposeDecision', { status: 'UNDER_APPEAL' }, staff('DECIDER'))).toEqual(accepted);
  });

  it('waits for the recommendations that the last stage asks for', () => {
    const { stages, ...rest } = workflow;
    const asking: Workflow = {
      ...rest,
      stages: stages.map((stage) => ({ ...stage, requiredRecommendations: [{ role: 'REVIEWER', count: 1 }] })),
    };
    expect(objections('proposeDecision', { workflow: asking }, staff('DECIDER'))).toEqual(['INCOMPLETE']);
    const recommendedBy = [{ personId: 'one', role: 'REVIEWER' }] as const;
    expect(objections('proposeDecision', { workflow: asking, recommendedBy }, staff('DECIDER'))).toEqual(accepted);
    expect(objections('proposeDecision', { workflow: asking, status: 'UNDER_APPEAL' }, staff('DECIDER'))).toEqual(
      accepted,
    );
  });

  it.each(['countersign', 'declineToCountersign'] as const)('is not for its proposer to %s', (command) => {
    const proposed = { status: 'DECISION_PROPOSED' } as const;
    expect(objections(command, { ...proposed, proposedBy: 'another' }, staff('DECIDER'))).toEqual(accepted);
    expect(objections(command, { ...proposed, proposedBy: 'somebody' }, staff('DECIDER'))).toEqual(['FOUR_EYES']);
  });

  it.each([
    ['proposeDecision', { status: 'UNDER_APPEAL' }],
    ['countersign', { status: 'DECISION_PROPOSED', statusBefore: 'UNDER_APPEAL', proposedBy: 'another' }],
    ['declineToCountersign', { status: 'DECISION_PROPOSED', statusBefore: 'UNDER_APPEAL', proposedBy: 'another' }],
  ] as const)('on appeal is for people who did not decide before to %s', (command, changes) => {
    expect(objections(command, { ...changes, decidedBefore: ['one', 'two'] }, staff('DECIDER'))).toEqual(accepted);
    expect(objections(command, { ...changes, decidedBefore: ['one', 'somebody'] }, staff('DECIDER'))).toEqual([
      'FOUR_EYES',
    ]);
  });
});

describe('messages', () => {
  it('are written by partners about what was ever submitted, however it ended, and by viewers never', () => {
    for (const status of ['SUBMITTED', 'INFORMATION_REQUESTED', 'RETURNED', 'REFUSED', 'WITHDRAWN', 'CLOSED'] as const)
      expect([status, objections('sendMessage', { status }, member('APPLICANT'))]).toEqual([status, []]);
    expect(objections('sendMessage', { status: 'DRAFT' }, member('OWNER'))).toEqual(['NOT_ALLOWED_NOW']);
    const unseen = { status: 'WITHDRAWN', wasSubmitted: false } as const;
    expect(objections('sendMessage', unseen, member('OWNER'))).toEqual(['NOT_ALLOWED_NOW']);
    expect(objections('sendMessage', {}, member('VIEWER'))).toEqual(['FORBIDDEN']);
  });

  it('are written for the organization by whoever belongs to it, and by nobody who only half does', () => {
    expect(objections('sendMessage', {}, member('OWNER', 'REVIEWER'))).toEqual([]);
    expect(objections('sendMessage', {}, member('VIEWER', 'REVIEWER'))).toEqual(['FOUR_EYES']);
    const recused = [declared('somebody')];
    expect(objections('sendMessage', { recused }, staff('REVIEWER'))).toEqual(['FOUR_EYES']);
    expect(objections('writeNote', { recused }, staff('REVIEWER'))).toEqual(['FOUR_EYES']);
  });
});

describe('that a decision is proposed', () => {
  const ofReview = facts({ status: 'DECISION_PROPOSED', statusBefore: 'IN_REVIEW', proposedBy: 'another' });
  const onAppeal = facts({ status: 'DECISION_PROPOSED', statusBefore: 'UNDER_APPEAL', proposedBy: 'another' });

  it('is in the way of staff, in so many words', () => {
    expect(ruleOnApplication('startReview', ofReview, staff('INTAKE'), now)[0]?.message).toContain('DECISION_PROPOSED');
  });

  it('changes nothing of what partners may do, nor of what they are told', () => {
    for (const [proposed, status] of [
      [ofReview, 'IN_REVIEW'],
      [onAppeal, 'UNDER_APPEAL'],
    ] as const) {
      const before = facts({ status });
      for (const actor of [
        member('OWNER'),
        member('APPLICANT'),
        member('VIEWER'),
        member('OWNER', 'REVIEWER', 'DECIDER'),
      ]) {
        expect(availableApplicationCommands(proposed, actor, now)).toEqual(
          availableApplicationCommands(before, actor, now),
        );
        for (const command of ['submit', 'withdraw', 'respond', 'appeal'] as const) {
          expect(ruleOnApplication(command, proposed, actor, now)).toEqual(
            ruleOnApplication(command, before, actor, now),
          );
        }
      }
    }
  });

  it('does not keep an owner from withdrawing, except on appeal', () => {
    expect(availableApplicationCommands(ofReview, member('OWNER'), now)).toEqual(['withdraw', 'sendMessage']);
    expect(availableApplicationCommands(onAppeal, member('OWNER'), now)).toEqual(['sendMessage']);
  });
});

describe('reopening', () => {
  const afterEnd = { proposedBy: null, isReplaced: false, hasGrant: false, decidedOnAppeal: false };
  const proposed = { ...afterEnd, proposedBy: 'another' };
  const objectionsAt = (command: ApplicationCommand, after: typeof afterEnd | typeof proposed) =>
    objections(command, { status: 'REFUSED', afterEnd: after }, staff('ADMIN'));

  it('takes one administrator to propose and another to answer', () => {
    expect(objectionsAt('proposeReopening', afterEnd)).toEqual(accepted);
    expect(objectionsAt('proposeReopening', proposed)).toEqual(['ALREADY_EXISTS']);
    for (const command of ['confirmReopening', 'declineReopening'] as const) {
      expect(objectionsAt(command, proposed)).toEqual(accepted);
      expect(objectionsAt(command, afterEnd)).toEqual(['NOT_ALLOWED_NOW']);
      expect(objectionsAt(command, { ...afterEnd, proposedBy: 'somebody' })).toEqual(['FOUR_EYES']);
    }
  });

  it('is not for what has a grant that goes on, or was replaced; declining is', () => {
    for (const [change, code] of [
      [{ hasGrant: true }, 'NOT_ALLOWED_NOW'],
      [{ isReplaced: true }, 'ALREADY_EXISTS'],
    ] as const) {
      expect(objectionsAt('proposeReopening', { ...afterEnd, ...change })).toEqual([code]);
      expect(objectionsAt('confirmReopening', { ...proposed, ...change })).toEqual([code]);
      expect(objectionsAt('declineReopening', { ...proposed, ...change })).toEqual(accepted);
    }
  });

  it.each([
    ['REFUSED', null, 'decision', false, 'IN_REVIEW'],
    ['REFUSED', null, 'decision', true, 'UNDER_APPEAL'],
    ['APPROVED', null, 'decision', false, 'IN_REVIEW'],
    ['WITHDRAWN', 'SUBMITTED', null, false, 'SUBMITTED'],
    ['WITHDRAWN', 'RETURNED', null, false, 'RETURNED'],
    ['WITHDRAWN', 'IN_REVIEW', 'review', false, 'IN_REVIEW'],
    ['CLOSED', null, 'screening', false, 'IN_REVIEW'],
    ['CLOSED', null, null, false, 'SUBMITTED'],
  ] as const)(
    'takes what is %s, and was %s at %s (on appeal: %s), back to %s',
    (status, before, stage, onAppeal, to) => {
      const ended = {
        status,
        statusBefore: before,
        stageKey: stage,
        afterEnd: { ...afterEnd, decidedOnAppeal: onAppeal },
      };
      expect(reopenedStatus(ended)).toBe(to);
    },
  );
});
