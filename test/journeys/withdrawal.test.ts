import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, listAt, look, type Partner, Story } from './story.js';

describe('an application that is withdrawn', () => {
  let story: Story;
  let partner: Partner;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Willa Withdraw', 'Withdraw Utilities');
  });
  afterAll(() => story.close());

  /** Withdraws, and looks at what became of it, for whoever asks. */
  async function withdraw(applicationId: string): Promise<void> {
    const { owner, organizationId } = partner;
    const reason = 'The works were sold.';
    const withdrawn = await owner.must(
      'withdrawApplication',
      { applicationId, reason },
      'application { status statusReason }',
    );
    expect(withdrawn).toEqual({ application: { status: 'WITHDRAWN', statusReason: reason }, errors: [] });
    // What was submitted can still be written about.
    const left = await look(owner, applicationId, 'availableCommands submittedAt');
    expect(valueAt(left, 'availableCommands')).toEqual(valueAt(left, 'submittedAt') === null ? [] : ['sendMessage']);
    expect(await codesOf(owner, 'withdrawApplication', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
    const intake = await story.staff('INTAKE');
    const queues = await intake.ask('{ queues { name waiting } }');
    expect(listAt(queues, 'queues')).toEqual([]);
    // Nothing stands in the way of another application.
    const next = await owner.must(
      'startApplication',
      { organizationId, programId: story.programId },
      'application { id status }',
    );
    expect(next).toMatchObject({ application: { status: 'DRAFT' } });
    await owner.must('withdrawApplication', { applicationId: textAt(next, 'application', 'id') });
  }

  it('as a draft was never seen by staff, and is not seen now', async () => {
    const applicationId = await story.draft(partner);
    await withdraw(applicationId);
    expect(await look(await story.staff('AUDITOR'), applicationId, 'id')).toBeNull();
  });

  it('before it was taken in is out of the queue', async () => {
    const applicationId = await story.submitted(partner);
    await withdraw(applicationId);
    expect(await codesOf(await story.staff('INTAKE'), 'startReview', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await look(await story.staff('AUDITOR'), applicationId, 'status queue dueAt')).toEqual({
      status: 'WITHDRAWN',
      queue: null,
      dueAt: null,
    });
  });

  it('in review takes what reviewers think with it, which stays on record', async () => {
    const applicationId = await story.inTechnicalReview(partner);
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    await withdraw(applicationId);
    expect(await codesOf(reviewer, 'advanceStage', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await look(reviewer, applicationId, 'recommendations { kind }')).toEqual({
      recommendations: [{ kind: 'APPROVE' }],
    });
  });

  it('while a question is open lets the question lapse', async () => {
    const applicationId = await story.inScreening(partner);
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('requestInformation', { applicationId, questions: [{ text: 'Which networks?' }] });
    const asked = await look(partner.owner, applicationId, 'informationRequests { id isOpen }');
    expect(asked).toMatchObject({ informationRequests: [{ isOpen: true }] });
    await withdraw(applicationId);
    const informationRequestId = textAt(asked, 'informationRequests', 0, 'id');
    expect(await look(partner.owner, applicationId, 'informationRequests { id status isOpen }')).toEqual({
      informationRequests: [{ id: informationRequestId, status: 'WITHDRAWN', isOpen: false }],
    });
    const answer = { applicationId, informationRequestId, answers: [{ question: 1, text: 'These.' }] };
    expect(await codesOf(partner.owner, 'respondToInformationRequest', answer)).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('while it was to be corrected is over', async () => {
    const applicationId = await story.inScreening(partner);
    await (await story.staff('INTAKE')).must('returnForCorrection', { applicationId, reason: 'Say more.' });
    await withdraw(applicationId);
    expect(await codesOf(partner.owner, 'submitApplication', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('while a decision is proposed lets the decision lapse, of which the partner never hears', async () => {
    const applicationId = await story.atDecision(partner);
    const decisionId = await story.propose(applicationId, { outcome: 'APPROVE' });
    await withdraw(applicationId);
    const second = await story.staff('DECIDER', 2);
    expect(await codesOf(second, 'countersignDecision', { applicationId, decisionId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await look(second, applicationId, 'status decisions { status }')).toEqual({
      status: 'WITHDRAWN',
      decisions: [{ status: 'LAPSED' }],
    });
    expect(await look(partner.owner, applicationId, 'decisions { id } grant { id }')).toEqual({
      decisions: [],
      grant: null,
    });
  });

  it('and countersigned at one moment is one or the other', async () => {
    const applicationId = await story.atDecision(partner);
    const decisionId = await story.propose(applicationId, { outcome: 'APPROVE' });
    const second = await story.staff('DECIDER', 2);
    const codes = await Promise.all([
      codesOf(partner.owner, 'withdrawApplication', { applicationId }),
      codesOf(second, 'countersignDecision', { applicationId, decisionId }),
    ]);
    expect(codes.filter((refused) => refused.length > 0)).toEqual([['NOT_ALLOWED_NOW']]);
    const seen = await look(second, applicationId, 'status grant { status } decisions { status }');
    const [withdrawn] = codes;
    expect(seen).toEqual(
      withdrawn?.length === 0
        ? { status: 'WITHDRAWN', grant: null, decisions: [{ status: 'LAPSED' }] }
        : { status: 'APPROVED', grant: { status: 'PENDING_PROVISIONING' }, decisions: [{ status: 'COUNTERSIGNED' }] },
    );
  });
});
