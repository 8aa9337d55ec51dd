import { describe, expect, it } from '@jest/globals';
import { type ApplicationCommand, allApplicationStatuses } from '../../src/lifecycle/application.js';
import {
  type ApplicationFacts,
  appealDeadline,
  availableApplicationCommands,
  ruleOnApplication,
} from '../../src/lifecycle/application-guards.js';
import type { ActorStanding } from '../../src/lifecycle/roles.js';
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
    expect(objections('recommend', {}, roles)).toEqual(['FORBIDDEN']);
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
    ['advanceStage', { stageKey: 'screening' }, 'INTAKE'],
    ['proposeDecision', {}, 'DECIDER'],
    ['countersign', { status: 'DECISION_PROPOSED', proposedBy: 'another' }, 'DECIDER'],
    ['declineToCountersign', { status: 'DECISION_PROPOSED', proposedBy: 'another' }, 'DECIDER'],
  ];

  it.each(cases)('cannot %s, and others can', (command, changes, role) => {
    expect(objections(command, changes, staff(role))).toEqual(accepted);
    expect(objections(command, { ...changes, recused: ['somebody'] }, staff(role))).toEqual(['FOUR_EYES']);
    expect(objections(command, { ...changes, recused: ['another'] }, staff(role))).toEqual(accepted);
    const belongs = objections(command, changes, member(role, 'VIEWER'));
    // Members are not told that a decision is proposed, so for them there is none to sign.
    expect(belongs).toEqual([changes.status === 'DECISION_PROPOSED' ? 'NOT_ALLOWED_NOW' : 'FOUR_EYES']);
  });

  it('can say so once', () => {
    expect(objections('recuse', {}, staff('DECIDER'))).toEqual(accepted);
    expect(objections('recuse', { recused: ['another'] }, staff('DECIDER'))).toEqual(accepted);
    expect(objections('recuse', { recused: ['somebody'] }, staff('DECIDER'))).toEqual(['ALREADY_EXISTS']);
  });
});

describe('a stage', () => {
  it('takes recommendations when it asks for them', () => {
    expect(objections('recommend', { stageKey: 'review' }, staff('REVIEWER'))).toEqual(accepted);
    for (const stageKey of ['screening', 'decision', 'no-such-stage', null]) {
      expect(objections('recommend', { stageKey }, staff('REVIEWER'))).toEqual(['NOT_ALLOWED_NOW']);
    }
  });

  it('is left by the roles that it names', () => {
    expect(objections('advanceStage', { stageKey: 'screening' }, staff('INTAKE'))).toEqual(accepted);
    expect(objections('advanceStage', { stageKey: 'screening' }, staff('DECIDER'))).toEqual(['FORBIDDEN']);
    expect(objections('advanceStage', { stageKey: 'screening' }, staff('DECIDER', 'REVIEWER'))).toEqual(accepted);
  });

  it('is left with the recommendations that it asks for, by so many people', () => {
    const at = (recommendedBy: string[]) =>
      objections('advanceStage', { stageKey: 'review', recommendedBy }, staff('REVIEWER'));
    expect(at([])).toEqual(['INCOMPLETE']);
    expect(at(['one'])).toEqual(['INCOMPLETE']);
    expect(at(['one', 'two'])).toEqual(accepted);
    expect(at(['one', 'two', 'three'])).toEqual(accepted);
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
    const asking = { ...rest, stages: stages.map((stage) => ({ ...stage, requiredRecommendations: 1 })) };
    expect(objections('proposeDecision', { workflow: asking }, staff('DECIDER'))).toEqual(['INCOMPLETE']);
    expect(objections('proposeDecision', { workflow: asking, recommendedBy: ['one'] }, staff('DECIDER'))).toEqual(
      accepted,
    );
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
    expect(availableApplicationCommands(ofReview, member('OWNER'), now)).toEqual(['withdraw']);
    expect(availableApplicationCommands(onAppeal, member('OWNER'), now)).toEqual([]);
  });
});
