import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pdf, uploadDocument } from '../../src/demo/applying.js';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, listAt, look, type Partner, Story, timelineOf } from '../journeys/story.js';

const whole = `informationRequests { id number status isOpen dueAt respondedBy { name } closedReason
  questions { number text isRequired documents
    answer { text documents { fileName } givenBy { name } givenAt supersededAt } savedAnswer { text savedBy { name } documents { fileName } }
    earlierAnswers { text supersededAt } }
  messages { number side text writtenBy { name } } }`;

describe('questions of staff', () => {
  let story: Story;
  let partner: Partner;
  let applicant: PortalClient;
  let stranger: Partner;
  let reviewer: PortalClient;
  let applicationId: string;
  let about: { applicationId: string; informationRequestId: string };

  const questions = [
    { text: 'Which networks are meant?', documents: ['A network plan'] },
    { text: 'Who administers them?' },
    { text: 'Is there anything else?', isRequired: false },
  ];
  const asked = async (client: PortalClient) =>
    valueAt(await look(client, applicationId, whole), 'informationRequests', 0);
  const save = (client: PortalClient, ...answers: Fields[]) =>
    client.must('saveInformationAnswers', { ...about, answers });
  const problems = async (client: PortalClient, command: string, input: Fields) =>
    (await client.command(command, { ...about, ...input })).errors.map(({ code, path }) => [code, path?.join('.')]);

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Quinn Query', 'Query Utilities');
    applicant = await story.colleague(partner, 'Abel Answer', 'APPLICANT');
    stranger = await story.partner('Stan Stranger', 'Stranger Utilities');
    reviewer = await story.staff('REVIEWER');
    applicationId = await story.inTechnicalReview(partner);
    await reviewer.must('requestInformation', { applicationId, questions });
    const informationRequestId = textAt(await look(reviewer, applicationId, whole), 'informationRequests', 0, 'id');
    about = { applicationId, informationRequestId };
  });
  afterAll(() => story.close());

  it('come several at once, each with what it asks for', async () => {
    expect(await asked(partner.owner)).toMatchObject({
      number: 1,
      status: 'OPEN',
      questions: [
        { number: 1, text: 'Which networks are meant?', isRequired: true, documents: ['A network plan'] },
        { number: 2, isRequired: true, documents: [] },
        { number: 3, isRequired: false, answer: null, savedAnswer: null, earlierAnswers: [] },
      ],
    });
  });

  it('are at most twenty, and none of them empty', async () => {
    const other = await story.submitted(stranger);
    const intake = await story.staff('INTAKE');
    const ask = async (input: Fields) =>
      (await intake.command('requestInformation', { applicationId: other, ...input })).errors.map(
        ({ code, path }) => `${code} ${path?.join('.')}`,
      );
    expect(await ask({ questions: [] })).toEqual(['REQUIRED questions']);
    expect(await ask({ questions: Array(21).fill({ text: 'x' }) })).toEqual(['LIMIT_REACHED questions']);
    expect(await ask({ questions: [{ text: 'x' }, { text: ' ' }] })).toEqual(['REQUIRED questions.1.text']);
    const documents = Array(21).fill('A plan');
    expect(await ask({ questions: [{ text: 'x', documents }] })).toEqual(['LIMIT_REACHED questions.0.documents']);
    const two = ['A plan', 'x'.repeat(201)];
    expect(await ask({ questions: [{ text: 'x', documents: two }] })).toEqual(['INVALID questions.0.documents.1']);
  });

  it('are answered one by one, with documents, among colleagues', async () => {
    const documentId = await uploadDocument(applicant, applicationId, 'information-request', {
      fileName: 'plan.pdf',
      bytes: pdf('Plan'),
      informationRequestId: about.informationRequestId,
    });
    await save(applicant, { question: 1, text: 'The networks of Zandvliet.', documentIds: [documentId] });
    await save(partner.owner, { question: 3, text: 'No.' });
    await save(partner.owner, { question: 3, text: 'Nothing.' });
    expect(await asked(partner.owner)).toMatchObject({
      questions: [
        {
          answer: null,
          savedAnswer: {
            text: 'The networks of Zandvliet.',
            savedBy: { name: 'Abel Answer' },
            documents: [{ fileName: 'plan.pdf' }],
          },
        },
        { savedAnswer: null },
        { savedAnswer: { text: 'Nothing.', savedBy: { name: 'Quinn Query' } } },
      ],
    });
  });

  it('are not told of before a response: neither what was saved nor what goes with it is there for staff', async () => {
    for (const role of ['REVIEWER', 'INTAKE', 'DECIDER', 'AUDITOR', 'ADMIN'] as const) {
      const client = await story.staff(role);
      const seen = await look(client, applicationId, `${whole} documents { fileName }`);
      expect(JSON.stringify(seen)).not.toMatch(/Zandvliet|plan\.pdf|Nothing\./);
      expect(valueAt(seen, 'informationRequests', 0, 'questions', 0)).toMatchObject({
        answer: null,
        savedAnswer: null,
      });
    }
    const [document] = listAt(
      await look(applicant, applicationId, 'documents { id requirementKey }'),
      'documents',
    ).filter((one) => textAt(one, 'requirementKey') === 'information-request');
    const found = await reviewer.ask('query ($id: ID!) { node(id: $id) { id } }', { id: textAt(document, 'id') });
    expect(found).toEqual({ node: null });
    const search = '{ applications(search: "Zandvliet") { totalCount } }';
    expect(await reviewer.ask(search)).toEqual({ applications: { totalCount: 0 } });
  });

  it('are nothing to anybody else', async () => {
    const { informationRequestId } = about;
    const query = 'query ($id: ID!) { node(id: $id) { id } }';
    expect(await stranger.owner.ask(query, { id: informationRequestId })).toEqual({ node: null });
    expect(await look(stranger.owner, applicationId, whole)).toBeNull();
    const answers = [{ question: 1, text: 'x' }];
    for (const [command, input] of [
      ['saveInformationAnswers', { answers }],
      ['respondToInformationRequest', { answers }],
      ['writeInformationMessage', { text: 'x' }],
      ['requestDueDateExtension', { dueAt: '2027-05-01T00:00:00Z', reason: 'x' }],
      ['extendDueDate', { dueAt: '2027-05-01T00:00:00Z' }],
      ['withdrawInformationRequest', { reason: 'x' }],
      ['reopenInformationRequest', { reason: 'x' }],
    ] as const)
      expect(await codesOf(stranger.owner, command, { ...about, ...input })).toEqual(['NOT_FOUND']);
  });

  it('are talked about without an end to them, and without a move of the clock', async () => {
    const fields = 'status time { intervals { kind startedAt endedAt } }';
    const before = await look(partner.owner, applicationId, fields);
    await applicant.must('writeInformationMessage', { ...about, text: 'Does that include the test site?' });
    await reviewer.must('writeInformationMessage', { ...about, text: 'It does.' });
    expect(await look(partner.owner, applicationId, fields)).toEqual(before);
    expect(before).toMatchObject({ status: 'INFORMATION_REQUESTED' });
    expect(await asked(partner.owner)).toMatchObject({
      isOpen: true,
      messages: [
        { number: 1, side: 'PARTNER', text: 'Does that include the test site?', writtenBy: { name: 'Abel Answer' } },
        { number: 2, side: 'STAFF', text: 'It does.', writtenBy: null },
      ],
    });
    const forStaff = await asked(reviewer);
    expect(valueAt(forStaff, 'messages', 1, 'writtenBy')).toMatchObject({ name: expect.stringMatching(/^Staff/) });
    expect(await story.desk.mail.next(partner.email, /a message about the questions/)).toBeTruthy();
    expect(
      await codesOf(await story.staff('PROGRAM_MANAGER'), 'writeInformationMessage', { ...about, text: 'x' }),
    ).toEqual(['FORBIDDEN']);
    expect(await problems(applicant, 'writeInformationMessage', { text: ' ' })).toEqual([['REQUIRED', 'text']]);
    expect(await problems(applicant, 'writeInformationMessage', { text: 'x'.repeat(8001) })).toEqual([
      ['INVALID', 'text'],
    ]);
  });

  it('take no answers that are none', async () => {
    expect(await problems(applicant, 'saveInformationAnswers', { answers: [{ question: 4, text: 'x' }] })).toEqual([
      ['INVALID', 'answers.0.question'],
    ]);
    const twice = [1, 1].map((question) => ({ question, text: 'x' }));
    expect(await problems(applicant, 'saveInformationAnswers', { answers: twice })).toEqual([
      ['INVALID', 'answers.1.question'],
    ]);
    const long = [{ question: 1, text: 'x'.repeat(8001) }];
    expect(await problems(applicant, 'saveInformationAnswers', { answers: long })).toEqual([
      ['INVALID', 'answers.0.text'],
    ]);
    const strange = [{ question: 1, text: 'x', documentIds: [applicationId] }];
    expect(await problems(applicant, 'saveInformationAnswers', { answers: strange })).toEqual([
      ['INVALID_ID', 'answers.0.documentIds.0'],
    ]);
  });

  it('get a response only when each that must be answered is; what is lacking is named', async () => {
    expect(await problems(applicant, 'respondToInformationRequest', {})).toEqual([['REQUIRED', 'questions.2']]);
    expect(valueAt(await asked(applicant), 'isOpen')).toBe(true);
    await applicant.must('respondToInformationRequest', { ...about, answers: [{ question: 2, text: 'We do.' }] });
    const seen = await look(reviewer, applicationId, `status ${whole} documents { fileName }`);
    expect(seen).toMatchObject({
      status: 'IN_REVIEW',
      documents: expect.arrayContaining([{ fileName: 'plan.pdf' }]),
      informationRequests: [
        {
          status: 'ANSWERED',
          respondedBy: { name: 'Abel Answer' },
          questions: [
            {
              answer: { text: 'The networks of Zandvliet.', documents: [{ fileName: 'plan.pdf' }] },
              savedAnswer: null,
            },
            { answer: { text: 'We do.', givenBy: { name: 'Abel Answer' } } },
            { answer: { text: 'Nothing.' } },
          ],
        },
      ],
    });
    const search = '{ applications(search: "Zandvliet test site") { totalCount } }';
    expect(await reviewer.ask(search)).toEqual({ applications: { totalCount: 1 } });
  });

  it('are asked again: what was answered stands until it is answered anew, and stays on record then', async () => {
    await reviewer.must('reopenInformationRequest', { ...about, reason: 'Who exactly?' });
    expect(await look(partner.owner, applicationId, 'status')).toEqual({ status: 'INFORMATION_REQUESTED' });
    expect(await asked(partner.owner)).toMatchObject({
      status: 'OPEN',
      questions: [{}, { answer: { text: 'We do.' } }, {}],
      messages: [{}, {}, { number: 3, side: 'STAFF', text: 'Who exactly?' }],
    });
    expect(await problems(applicant, 'respondToInformationRequest', {})).toEqual([['REQUIRED', 'answers']]);
    await save(applicant, { question: 2, text: 'Two of our engineers.' });
    expect(valueAt(await asked(reviewer), 'questions', 1)).toMatchObject({
      answer: { text: 'We do.', supersededAt: null },
      savedAnswer: null,
    });
    await applicant.must('respondToInformationRequest', about);
    expect(valueAt(await asked(reviewer), 'questions', 1)).toMatchObject({
      answer: { text: 'Two of our engineers.' },
      earlierAnswers: [{ text: 'We do.', supersededAt: expect.any(String) }],
    });
    expect(valueAt(await asked(reviewer), 'questions', 0, 'answer', 'text')).toBe('The networks of Zandvliet.');
  });

  it('are withdrawn when no answer is needed any more, and the review goes on', async () => {
    await reviewer.must('requestInformation', { applicationId, questions: [{ text: 'Since when?' }] });
    const second = textAt(await look(reviewer, applicationId, whole), 'informationRequests', 1, 'id');
    const withdraw = { applicationId, informationRequestId: second };
    expect(await codesOf(reviewer, 'withdrawInformationRequest', { ...about, reason: 'x' })).toEqual(['NOT_FOUND']);
    await reviewer.must('withdrawInformationRequest', { ...withdraw, reason: 'It is in the register.' });
    const seen = await look(partner.owner, applicationId, `status ${whole} time { intervals { kind cause } }`);
    expect(seen).toMatchObject({
      status: 'IN_REVIEW',
      informationRequests: [{}, { number: 2, status: 'WITHDRAWN', closedReason: 'It is in the register.' }],
    });
    expect(await codesOf(reviewer, 'reopenInformationRequest', { ...withdraw, reason: 'x' })).toEqual(['NOT_FOUND']);
    expect(await story.desk.mail.next(partner.email, /no answer needed any more/)).toBeTruthy();
    // The clock, as both sides see it: when it ran, when it was paused, and why.
    const causes = [
      'RUNNING SUBMITTED',
      'RUNNING REVIEW_STARTED',
      'RUNNING STAGE_ADVANCED',
      'PAUSED INFORMATION_REQUESTED',
      'RUNNING RESUMED',
      'PAUSED INFORMATION_REQUESTED',
      'RUNNING RESUMED',
      'PAUSED INFORMATION_REQUESTED',
      'RUNNING REQUEST_WITHDRAWN',
    ];
    for (const client of [partner.owner, reviewer]) {
      const { intervals } = valueAt(await look(client, applicationId, 'time { intervals { kind cause } }'), 'time') as {
        intervals: { kind: string; cause: string }[];
      };
      expect(intervals.map(({ kind, cause }) => `${kind} ${cause}`)).toEqual(causes);
    }
  });

  it('are on the timeline, in both eyes', async () => {
    const types = (await timelineOf(partner.owner, applicationId)).filter((type) => !type.startsWith('document.'));
    expect(types.slice(3)).toEqual([
      'application.information_requested',
      'application.answers_saved',
      'application.answers_saved',
      'application.answers_saved',
      'application.information_asked_back',
      'application.information_clarified',
      'application.information_provided',
      'application.information_request_reopened',
      'application.answers_saved',
      'application.information_provided',
      'application.information_requested',
      'application.information_request_withdrawn',
    ]);
  });
});
