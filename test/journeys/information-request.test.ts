import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pdf, uploadDocument } from '../../src/demo/applying.js';
import { textAt } from '../../src/demo/portal-client.js';
import { workingTimeBetween } from '../../src/lifecycle/working-time.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, day, listAt, look, type Partner, Story, timelineOf } from './story.js';

const hour = day / 24;
const momentAt = (answer: unknown, ...path: (string | number)[]) => new Date(textAt(answer, ...path));

const { calendar } = sampleProgram.version.workflow;

describe('a question of staff', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;
  let informationRequestId: string;
  let dueBefore: Date;
  let askedAt: Date;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Ines Inform', 'Inform Utilities');
  });
  afterAll(() => story.close());

  it('stops the clock: the application waits for the partner, on nobody’s list and due for nobody', async () => {
    applicationId = await story.inTechnicalReview(partner);
    const reviewer = await story.staff('REVIEWER');
    dueBefore = momentAt(await look(reviewer, applicationId, 'dueAt'), 'dueAt');
    await reviewer.must('requestInformation', { applicationId, questions: [{ text: 'Which networks are meant?' }] });
    expect(await look(reviewer, applicationId, 'status stage { key } queue dueAt')).toEqual({
      status: 'INFORMATION_REQUESTED',
      stage: { key: 'technical-review' },
      queue: 'technical-review',
      dueAt: null,
    });
    expect(await reviewer.ask('{ queue(name: "technical-review") { totalCount } queues { waiting } }')).toEqual({
      queue: { totalCount: 0 },
      queues: [],
    });
    for (const [command, others] of [
      ['giveRecommendation', { kind: 'APPROVE', comment: 'x' }],
      ['advanceStage', {}],
      ['requestInformation', { questions: [{ text: 'x' }] }],
      ['returnForCorrection', { reason: 'x' }],
    ] as const) {
      expect(await codesOf(reviewer, command, { applicationId, ...others })).toEqual(['NOT_ALLOWED_NOW']);
    }
  });

  it('is read by the partner, who is not told who asks, with twenty working days to answer', async () => {
    const seen = await look(
      partner.owner,
      applicationId,
      'status availableCommands informationRequests { id questions { text answer { text } } askedBy { name } askedAt dueAt isOpen }',
    );
    expect(seen).toMatchObject({
      status: 'INFORMATION_REQUESTED',
      availableCommands: [
        'addDocument',
        'removeDocument',
        'saveAnswers',
        'respond',
        'requestExtension',
        'discuss',
        'withdraw',
        'sendMessage',
      ],
      informationRequests: [
        { questions: [{ text: 'Which networks are meant?', answer: null }], askedBy: null, isOpen: true },
      ],
    });
    informationRequestId = textAt(seen, 'informationRequests', 0, 'id');
    askedAt = momentAt(seen, 'informationRequests', 0, 'askedAt');
    expect(workingTimeBetween(askedAt, momentAt(seen, 'informationRequests', 0, 'dueAt'), calendar)).toBe(160 * hour);
  });

  it('is answered with a document, and the clock goes on with the time that was left', async () => {
    story.pass(7 * day);
    const owner = await story.signInAgain(partner.email);
    const respond = {
      applicationId,
      informationRequestId,
      answers: [{ question: 1, text: 'The control networks; see the plan.' }],
    };
    expect(
      await codesOf(owner, 'respondToInformationRequest', { ...respond, answers: [{ question: 1, text: ' ' }] }),
    ).toEqual(['REQUIRED']);
    const documentId = await uploadDocument(owner, applicationId, 'information-request', {
      fileName: 'plan.pdf',
      bytes: pdf('Plan'),
      informationRequestId,
    });
    await owner.must('respondToInformationRequest', respond);

    const reviewer = await story.staff('REVIEWER');
    const seen = await look(
      reviewer,
      applicationId,
      `status queue dueAt documents { id requirementKey downloadUrl }
      informationRequests { askedBy { name } questions { answer { text } } respondedBy { name } respondedAt isOpen }`,
    );
    expect(seen).toMatchObject({
      status: 'IN_REVIEW',
      queue: 'technical-review',
      informationRequests: [
        {
          askedBy: { name: expect.stringMatching(/^Staff reviewer/) },
          questions: [{ answer: { text: 'The control networks; see the plan.' } }],
          respondedBy: { name: 'Ines Inform' },
          isOpen: false,
        },
      ],
    });
    const plan = listAt(seen, 'documents').find((document) => textAt(document, 'id') === documentId);
    expect(plan).toMatchObject({ requirementKey: 'information-request' });
    const download = await fetch(textAt(plan, 'downloadUrl'));
    expect(Buffer.from(await download.arrayBuffer()).equals(pdf('Plan'))).toBe(true);

    const left = workingTimeBetween(askedAt, dueBefore, calendar);
    const dueAfter = momentAt(seen, 'dueAt');
    expect(workingTimeBetween(momentAt(seen, 'informationRequests', 0, 'respondedAt'), dueAfter, calendar)).toBe(left);
    expect(workingTimeBetween(dueBefore, dueAfter, calendar)).toBeGreaterThan(0);
  });

  it('is answered once, and its document is not taken out any more', async () => {
    const owner = await story.signInAgain(partner.email);
    const respond = { applicationId, informationRequestId, answers: [{ question: 1, text: 'Again.' }] };
    expect(await codesOf(owner, 'respondToInformationRequest', respond)).toEqual(['NOT_ALLOWED_NOW']);
    const documents = listAt(await look(owner, applicationId, 'documents { id requirementKey }'), 'documents');
    const plan = documents.find((document) => textAt(document, 'requirementKey') === 'information-request');
    expect(await codesOf(owner, 'removeDocument', { documentId: textAt(plan, 'id') })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('is one at a time: a second one has its own answer, and the first one’s id answers nothing any more', async () => {
    const decider = await story.staff('DECIDER');
    const dueAt = new Date(story.desk.clock.now().getTime() + 3 * day).toISOString();
    await decider.must('requestInformation', { applicationId, questions: [{ text: 'And since when?' }], dueAt });
    const owner = await story.signInAgain(partner.email);
    const seen = await look(owner, applicationId, 'informationRequests { id isOpen dueAt }');
    expect(listAt(seen, 'informationRequests')).toMatchObject([{ isOpen: false }, { isOpen: true, dueAt }]);
    const old = { applicationId, informationRequestId, answers: [{ question: 1, text: 'Since 2020.' }] };
    expect(await codesOf(owner, 'respondToInformationRequest', old)).toEqual(['NOT_FOUND']);
    const newId = textAt(seen, 'informationRequests', 1, 'id');
    await owner.must('respondToInformationRequest', { ...old, informationRequestId: newId });
    expect((await timelineOf(owner, applicationId)).slice(3)).toEqual([
      'application.information_requested',
      'document.upload_requested',
      'document.added',
      'application.information_provided',
      'application.information_requested',
      'application.information_provided',
    ]);
  });

  it('asked before the application was taken in goes back to intake when it is answered', async () => {
    const other = await story.partner('Iris Intake', 'Intake Utilities');
    const early = await story.submitted(other);
    const intake = await story.staff('INTAKE');
    await intake.must('requestInformation', { applicationId: early, questions: [{ text: 'Is this your own site?' }] });
    const asked = await look(other.owner, early, 'informationRequests { id }');
    await other.owner.must('respondToInformationRequest', {
      applicationId: early,
      informationRequestId: textAt(asked, 'informationRequests', 0, 'id'),
      answers: [{ question: 1, text: 'It is.' }],
    });
    expect(await look(intake, early, 'status queue stage { key }')).toEqual({
      status: 'SUBMITTED',
      queue: 'intake',
      stage: null,
    });
    await intake.must('startReview', { applicationId: early });
  });
});
