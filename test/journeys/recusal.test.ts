import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt } from '../../src/demo/portal-client.js';
import { codesOf, look, type Partner, proposedDecision, Story } from './story.js';

describe('a member of staff who is recused', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Rosa River', 'River Utilities');
    applicationId = await story.inTechnicalReview(partner);
  });
  afterAll(() => story.close());

  it('does not count any more: what they recommended is on record and does not suffice', async () => {
    const [first, second] = [await story.staff('REVIEWER'), await story.staff('REVIEWER', 2)];
    for (const reviewer of [first, second]) {
      await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    }
    expect((await look(second, applicationId, 'availableCommands'))?.availableCommands).toContain('advanceStage');
    await first.must('declareRecusal', { applicationId, reason: 'I used to work there.' });
    expect(await codesOf(second, 'advanceStage', { applicationId })).toEqual(['INCOMPLETE']);
    expect(await look(second, applicationId, 'recommendations { kind supersededAt } recusals { reason }')).toEqual({
      recommendations: [
        { kind: 'APPROVE', supersededAt: null },
        { kind: 'APPROVE', supersededAt: null },
      ],
      recusals: [{ reason: 'I used to work there.' }],
    });
  });

  it('cannot act on anything of the organization, on this application or another', async () => {
    const first = await story.staff('REVIEWER');
    for (const [command, others] of [
      ['giveRecommendation', { kind: 'REFUSE', comment: 'x' }],
      ['requestInformation', { questions: [{ text: 'x' }] }],
      ['returnForCorrection', { reason: 'x' }],
      ['advanceStage', {}],
    ] as const) {
      expect([command, await codesOf(first, command, { applicationId, ...others })]).toEqual([command, ['FOUR_EYES']]);
    }
    expect(await codesOf(first, 'declareRecusal', { applicationId, reason: 'x' })).toEqual(['ALREADY_EXISTS']);
    expect(await look(first, applicationId, 'status availableCommands')).toEqual({
      status: 'IN_REVIEW',
      availableCommands: [],
    });
  });

  it('is not assigned anything of it, and loses what was assigned', async () => {
    const intake = await story.staff('INTAKE');
    const third = await story.staff('REVIEWER', 3);
    const staffIdOf = async (email: RegExp) => {
      const staff = (await intake.ask('{ staff { id person { email } } }')).staff as {
        id: string;
        person: { email: string };
      }[];
      return staff.find(({ person }) => email.test(person.email))?.id;
    };
    const emailOf = async (client: typeof third) =>
      textAt(await client.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    const staffId = await staffIdOf(new RegExp(await emailOf(third)));
    await intake.must('assignApplication', { applicationId, staffId });
    expect(await third.ask('{ myWork { totalCount } }')).toEqual({ myWork: { totalCount: 1 } });
    await third.must('declareRecusal', { applicationId, reason: 'A friend runs it.' });
    expect(await look(intake, applicationId, 'assignee { id }')).toEqual({ assignee: null });
    expect(await third.ask('{ myWork { totalCount } }')).toEqual({ myWork: { totalCount: 0 } });
    expect(await codesOf(intake, 'assignApplication', { applicationId, staffId })).toEqual(['FOUR_EYES']);
  });

  it('neither decides nor countersigns', async () => {
    const reviewer = await story.staff('REVIEWER', 4);
    await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    await (await story.staff('REVIEWER', 2)).must('advanceStage', { applicationId });
    const [first, second, third] = [
      await story.staff('DECIDER'),
      await story.staff('DECIDER', 2),
      await story.staff('DECIDER', 3),
    ];
    await first.must('declareRecusal', { applicationId, reason: 'Family.' });
    expect(await codesOf(first, 'proposeDecision', { applicationId, outcome: 'APPROVE' })).toEqual(['FOUR_EYES']);
    await second.must('proposeDecision', { applicationId, outcome: 'APPROVE' });
    const decisionId = await proposedDecision(second, applicationId);
    for (const client of [first, second]) {
      expect(await codesOf(client, 'countersignDecision', { applicationId, decisionId })).toEqual(['FOUR_EYES']);
      expect(await codesOf(client, 'declineToCountersign', { applicationId, decisionId, reason: 'x' })).toEqual([
        'FOUR_EYES',
      ]);
    }
    await third.must('countersignDecision', { applicationId, decisionId });
  });

  it('is nobody whom the partner hears of', async () => {
    const seen = await look(
      partner.owner,
      applicationId,
      'status recusals { id } recommendations { id } timeline(first: 100) { nodes { type actor data } }',
    );
    expect(seen).toMatchObject({ status: 'APPROVED', recusals: [], recommendations: [] });
    expect(JSON.stringify(seen?.timeline)).not.toMatch(/recus|recommend|used to work|Staff \w/i);
  });

  it('or belongs to the organization sees it as its members do, and handles nothing of it', async () => {
    const admin = await story.staff('ADMIN');
    const insider = await story.partner('Ivo Insider', 'Insider Utilities');
    await admin.must('addStaff', {
      email: insider.email,
      name: 'Ivo Insider',
      roles: ['REVIEWER', 'DECIDER', 'INTAKE'],
    });
    const own = await story.submitted(insider);
    for (const [command, others] of [
      ['startReview', {}],
      ['returnForCorrection', { reason: 'x' }],
      ['requestInformation', { questions: [{ text: 'x' }] }],
    ] as const) {
      expect([command, await codesOf(insider.owner, command, { applicationId: own, ...others })]).toEqual([
        command,
        ['FOUR_EYES'],
      ]);
    }
    expect(await insider.owner.ask('{ queue(name: "intake") { totalCount } queues { name } }')).toEqual({
      queue: { totalCount: 0 },
      queues: [],
    });
    const intake = await story.staff('INTAKE');
    await intake.must('startReview', { applicationId: own });
    await intake.must('advanceStage', { applicationId: own });
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('giveRecommendation', { applicationId: own, kind: 'REFUSE', comment: 'Not for members.' });
    expect(await look(insider.owner, own, 'recommendations { comment } queue assignee { id }')).toEqual({
      recommendations: [],
      queue: null,
      assignee: null,
    });
    expect((await look(insider.owner, applicationId, 'recommendations { comment }'))?.recommendations).not.toEqual([]);
  });
});
