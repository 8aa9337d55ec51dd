import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt } from '../../src/demo/portal-client.js';
import { codesOf, day, listAt, look, type Partner, proposedDecision, refusal, Story, timelineOf } from './story.js';

const note = 'Between us: the screening was thin.';

describe('an application that is refused', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  const refused = (partner: Partner) => story.decided(partner, { ...refusal, internalNote: note });
  const appeal = (applicationId: string) => ({ applicationId, grounds: 'The end use is described in the annex.' });

  /** Proposed by one decider and countersigned by another, on appeal. */
  async function decideAgain(applicationId: string, ruling: object, [proposer, countersigner]: [number, number]) {
    const third = await story.staff('DECIDER', proposer);
    await third.must('proposeDecision', { applicationId, ...ruling });
    const decisionId = await proposedDecision(third, applicationId);
    await (await story.staff('DECIDER', countersigner)).must('countersignDecision', { applicationId, decisionId });
  }

  it('tells the partner the reasons and until when to appeal, and nothing of who decided and what they noted', async () => {
    const partner = await story.partner('Rene Refused', 'Refused Utilities');
    const applicationId = await refused(partner);
    const fields = `status decidedAt appealBefore availableCommands grant { id }
      decisions { outcome status reasons conditions internalNote proposedBy { name } countersignedBy { name } }`;
    const seen = await look(partner.owner, applicationId, fields);
    expect(seen).toMatchObject({
      status: 'REFUSED',
      availableCommands: ['appeal', 'sendMessage'],
      grant: null,
      decisions: [
        {
          outcome: 'REFUSE',
          status: 'COUNTERSIGNED',
          reasons: refusal.reasons,
          conditions: [],
          internalNote: null,
          proposedBy: null,
          countersignedBy: null,
        },
      ],
    });
    const window = Date.parse(textAt(seen, 'appealBefore')) - Date.parse(textAt(seen, 'decidedAt'));
    expect(window).toBe(28 * day);
    const auditor = await story.staff('AUDITOR');
    expect(await look(auditor, applicationId, 'decisions { internalNote proposedBy { name } }')).toEqual({
      decisions: [{ internalNote: note, proposedBy: { name: expect.stringMatching(/^Staff decider/) } }],
    });
  });

  it('is appealed by an owner, and decided by two people who did not decide before', async () => {
    const partner = await story.partner('Anton Appeal', 'Appeal Utilities');
    const applicant = await story.colleague(partner, 'Ada Applicant', 'APPLICANT');
    const applicationId = await refused(partner);
    expect(await codesOf(applicant, 'appealDecision', appeal(applicationId))).toEqual(['FORBIDDEN']);
    await partner.owner.must('appealDecision', appeal(applicationId));
    expect(await look(partner.owner, applicationId, 'status appealBefore availableCommands')).toEqual({
      status: 'UNDER_APPEAL',
      appealBefore: null,
      availableCommands: ['sendMessage'],
    });

    for (const which of [1, 2]) {
      const decidedBefore = await story.staff('DECIDER', which);
      expect(await codesOf(decidedBefore, 'proposeDecision', { applicationId, outcome: 'APPROVE' })).toEqual([
        'FOUR_EYES',
      ]);
      expect((await look(decidedBefore, applicationId, 'availableCommands'))?.availableCommands).not.toContain(
        'proposeDecision',
      );
    }
    const third = await story.staff('DECIDER', 3);
    await third.must('proposeDecision', { applicationId, outcome: 'APPROVE' });
    const decisionId = await proposedDecision(third, applicationId);
    // A partner must not be able to tell that a decision is proposed, neither by the status nor by what is on offer.
    expect(await look(partner.owner, applicationId, 'status availableCommands decisions { id }')).toMatchObject({
      status: 'UNDER_APPEAL',
      availableCommands: ['sendMessage'],
    });
    expect(await codesOf(partner.owner, 'withdrawApplication', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
    for (const which of [1, 2, 3]) {
      const client = await story.staff('DECIDER', which);
      expect(await codesOf(client, 'countersignDecision', { applicationId, decisionId })).toEqual(['FOUR_EYES']);
    }
    await (await story.staff('DECIDER', 4)).must('countersignDecision', { applicationId, decisionId });
    expect(
      await look(partner.owner, applicationId, 'status grant { status } decisions { outcome isOnAppeal }'),
    ).toEqual({
      status: 'APPROVED',
      grant: { status: 'PENDING_PROVISIONING' },
      decisions: [
        { outcome: 'REFUSE', isOnAppeal: false },
        { outcome: 'APPROVE', isOnAppeal: true },
      ],
    });
    expect(await timelineOf(partner.owner, applicationId)).toEqual([
      'application.submitted',
      'application.review_started',
      'application.stage_advanced',
      'application.stage_advanced',
      'application.refused',
      'application.appealed',
      'application.approved',
      'grant.created',
    ]);
  });

  it('goes back under appeal when the new decision is not countersigned, and stays refused when it is refused again', async () => {
    const partner = await story.partner('Tom Twice', 'Twice Utilities');
    const applicationId = await refused(partner);
    await partner.owner.must('appealDecision', appeal(applicationId));
    const third = await story.staff('DECIDER', 3);
    await third.must('proposeDecision', { applicationId, outcome: 'APPROVE' });
    const decisionId = await proposedDecision(third, applicationId);
    const fourth = await story.staff('DECIDER', 4);
    await fourth.must('declineToCountersign', { applicationId, decisionId, reason: 'The annex says otherwise.' });
    expect(await look(fourth, applicationId, 'status decisions { status declinedReason }')).toEqual({
      status: 'UNDER_APPEAL',
      decisions: [
        { status: 'COUNTERSIGNED', declinedReason: null },
        { status: 'DECLINED', declinedReason: 'The annex says otherwise.' },
      ],
    });
    await decideAgain(applicationId, refusal, [4, 3]);
    expect(await look(partner.owner, applicationId, 'status appealBefore availableCommands')).toEqual({
      status: 'REFUSED',
      appealBefore: null,
      availableCommands: ['sendMessage'],
    });
    expect(await codesOf(partner.owner, 'appealDecision', appeal(applicationId))).toEqual(['ALREADY_EXISTS']);
    const auditor = await story.staff('AUDITOR');
    const told = await look(auditor, applicationId, 'timeline(first: 2) { nodes { type data } }');
    // Its letter may have been written meanwhile.
    expect(listAt(told, 'timeline', 'nodes')).toContainEqual({
      type: 'application.refused',
      data: expect.objectContaining({ status: 'REFUSED', appealBefore: null }),
    });
  });

  it('cannot be appealed while another application of the organization is open, nor when it is too late', async () => {
    const partner = await story.partner('Lena Late', 'Late Utilities');
    const applicationId = await refused(partner);
    const second = await story.draft(partner);
    expect(await codesOf(partner.owner, 'appealDecision', appeal(applicationId))).toEqual(['ALREADY_EXISTS']);
    await partner.owner.must('withdrawApplication', { applicationId: second });
    expect(await codesOf(partner.owner, 'appealDecision', { applicationId, grounds: ' ' })).toEqual(['REQUIRED']);

    story.pass(28 * day);
    const late = await story.signInAgain(partner.email);
    expect(await codesOf(late, 'appealDecision', appeal(applicationId))).toEqual(['EXPIRED']);
    expect(await look(late, applicationId, 'status appealBefore availableCommands')).toEqual({
      status: 'REFUSED',
      appealBefore: null,
      availableCommands: ['sendMessage'],
    });
  });
});
