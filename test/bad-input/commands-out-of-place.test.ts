import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeAnswers } from '../../src/demo/applying.js';
import { type Fields, type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { look, type Partner, Story } from '../journeys/story.js';
import { complaint, refused } from './bad-input-desk.js';

describe('a command that is not for now', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;
  let intake: PortalClient;
  let reviewer: PortalClient;
  let decider: PortalClient;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Nora Now', 'Now Utilities');
    [intake, reviewer, decider] = [
      await story.staff('INTAKE'),
      await story.staff('REVIEWER'),
      await story.staff('DECIDER'),
    ];
  });
  afterAll(() => story.close());

  const give = (client: PortalClient, command: string, others: Fields = {}) =>
    refused(story.desk, client, command, { applicationId, ...others });
  const notNow = (status: string, meaning: RegExp) => [
    complaint(
      'NOT_ALLOWED_NOW',
      '',
      new RegExp(`cannot be done while the application is ${status}: .*${meaning.source}`),
    ),
  ];

  it('is told in which status the application is and what that means', async () => {
    applicationId = await story.submitted(partner);
    const { owner } = partner;
    const received = notNow('SUBMITTED', /waiting to be taken in/);
    expect(await give(owner, 'submitApplication')).toEqual(received);
    expect(await give(owner, 'saveDraft', { answers: completeAnswers })).toEqual(received);
    expect(await give(owner, 'appealDecision', { grounds: 'x' })).toEqual(received);
    expect(await give(intake, 'advanceStage')).toEqual(received);
    expect(await give(reviewer, 'giveRecommendation', { kind: 'APPROVE', comment: 'x' })).toEqual(received);
    expect(await give(decider, 'proposeDecision', { outcome: 'APPROVE' })).toEqual(received);
    const informationRequestId = encodeId('inforequest', randomIds.next());
    expect(
      await give(owner, 'respondToInformationRequest', { informationRequestId, answers: [{ question: 1, text: 'x' }] }),
    ).toEqual(received);
    const seen = await look(owner, applicationId, 'documents { id }');
    const documentId = textAt(seen, 'documents', 0, 'id');
    expect(await refused(story.desk, owner, 'removeDocument', { documentId })).toEqual(received);

    await intake.must('startReview', { applicationId });
    expect(await give(intake, 'startReview')).toEqual(notNow('IN_REVIEW', /at the stage shown/));
    expect(await give(reviewer, 'giveRecommendation', { kind: 'APPROVE', comment: 'x' })).toEqual([
      complaint('NOT_ALLOWED_NOW', '', /present stage takes no recommendations/),
    ]);
    expect(await give(decider, 'proposeDecision', { outcome: 'APPROVE' })).toEqual([
      complaint('NOT_ALLOWED_NOW', '', /proposed at the last stage; move the application on first/),
    ]);
  });

  it('is for other roles', async () => {
    const forbidden = (roles: string) => [complaint('FORBIDDEN', undefined, new RegExp(`It takes ${roles}\\.`))];
    expect(await give(partner.owner, 'advanceStage')).toEqual(
      forbidden('INTAKE or REVIEWER or DECIDER or PROGRAM_MANAGER'),
    );
    expect(await give(reviewer, 'saveDraft', { answers: {} })).toEqual(forbidden('OWNER or APPLICANT'));
    expect(
      await give(await story.staff('PROGRAM_MANAGER'), 'giveRecommendation', { kind: 'APPROVE', comment: 'x' }),
    ).toEqual(forbidden('INTAKE or REVIEWER or DECIDER'));
    expect(await give(reviewer, 'proposeDecision', { outcome: 'APPROVE' })).toEqual(forbidden('DECIDER'));
    const auditor = await story.staff('AUDITOR');
    expect(await give(auditor, 'withdrawApplication')).toEqual(forbidden('OWNER or APPLICANT'));
  });

  it.each<[string, string, string, Fields, string, string, RegExp]>([
    [
      'a question without words',
      'REVIEWER',
      'requestInformation',
      { questions: [{ text: ' \n' }] },
      'REQUIRED',
      'questions.0.text',
      /not be empty/,
    ],
    [
      'a question of 8,001 characters',
      'REVIEWER',
      'requestInformation',
      { questions: [{ text: 'x'.repeat(8001) }] },
      'INVALID',
      'questions.0.text',
      /At most 8000/,
    ],
    [
      'an answer due in the past',
      'REVIEWER',
      'requestInformation',
      { questions: [{ text: 'x' }], dueAt: '2020-01-01T00:00:00Z' },
      'INVALID',
      'dueAt',
      /in the future/,
    ],
    [
      'an answer due in a hundred years',
      'REVIEWER',
      'requestInformation',
      { questions: [{ text: 'x' }], dueAt: '2126-01-01T00:00:00Z' },
      'INVALID',
      'dueAt',
      /within a year/,
    ],
    [
      'an answer due at the end of time',
      'REVIEWER',
      'requestInformation',
      { questions: [{ text: 'x' }], dueAt: '9999-12-31T23:59:59-23:59' },
      'INVALID',
      'dueAt',
      /within a year/,
    ],
    [
      'a return without a reason',
      'REVIEWER',
      'returnForCorrection',
      { reason: '' },
      'REQUIRED',
      'reason',
      /not be empty/,
    ],
    [
      'a reason of 4,001 characters',
      'REVIEWER',
      'returnForCorrection',
      { reason: 'x'.repeat(4001) },
      'INVALID',
      'reason',
      /At most 4000/,
    ],
    [
      'a closing without a reason',
      'INTAKE',
      'returnWithoutAction',
      { reason: '\t' },
      'REQUIRED',
      'reason',
      /not be empty/,
    ],
    ['a recusal without a reason', 'REVIEWER', 'declareRecusal', { reason: '' }, 'REQUIRED', 'reason', /not be empty/],
    [
      'an assignment to nobody known',
      'INTAKE',
      'assignApplication',
      { staffId: encodeId('staff', randomIds.next()) },
      'NOT_FOUND',
      'staffId',
      /no active member of staff/,
    ],
    [
      'an assignment to a person instead of staff',
      'INTAKE',
      'assignApplication',
      { staffId: encodeId('person', randomIds.next()) },
      'INVALID_ID',
      'staffId',
      /names a person, and a staff id is wanted/,
    ],
    [
      'a withdrawal with half a character',
      'OWNER',
      'withdrawApplication',
      { reason: '\udfff' },
      'INVALID',
      'reason',
      /well-formed/,
    ],
  ])('is refused with %s', async (_what, role, command, others, code, path, gist) => {
    const client = role === 'OWNER' ? partner.owner : role === 'INTAKE' ? intake : reviewer;
    expect(await give(client, command, others)).toEqual([complaint(code, path, gist)]);
  });

  it.each<[string, string, Fields, RegExp]>([
    [
      'a date that is none',
      'requestInformation',
      { questions: [{ text: 'x' }], dueAt: 'tomorrow' },
      /input\.dueAt.*DateTime/,
    ],
    [
      'a date that does not exist',
      'requestInformation',
      { questions: [{ text: 'x' }], dueAt: '2027-02-30T00:00:00Z' },
      /input\.dueAt/,
    ],
    [
      'a date without a time',
      'requestInformation',
      { questions: [{ text: 'x' }], dueAt: '2027-01-01' },
      /input\.dueAt/,
    ],
    ['a date that is a number', 'requestInformation', { questions: [{ text: 'x' }], dueAt: 1e18 }, /input\.dueAt/],
    [
      'a recommendation that is none',
      'giveRecommendation',
      { kind: 'MAYBE', comment: 'x' },
      /input\.kind.*RecommendationKind/,
    ],
    ['an outcome that is none', 'proposeDecision', { outcome: 'APPROVED' }, /input\.outcome.*DecisionOutcome/],
    ['conditions that are no list of texts', 'proposeDecision', { outcome: 'APPROVE', conditions: [1] }, /conditions/],
    [
      'a field that nobody knows',
      'proposeDecision',
      { outcome: 'APPROVE', force: true },
      /"force" is not defined by type/,
    ],
    ['a version that is no number', 'startReview', { expectedVersion: '1' }, /input\.expectedVersion.*Int/],
    ['null for what is needed', 'requestInformation', { questions: null }, /input\.questions/],
  ])('does not fit the schema with %s', async (_what, command, others, gist) => {
    expect(await give(reviewer, command, others)).toEqual([complaint('BAD_USER_INPUT', undefined, gist)]);
  });

  it('is refused for a decision that contradicts itself, or says too much', async () => {
    await intake.must('advanceStage', { applicationId });
    const recommend = (others: Fields) => give(reviewer, 'giveRecommendation', { comment: 'x', ...others });
    expect(await recommend({ kind: 'APPROVE_WITH_CONDITIONS' })).toEqual([
      complaint('REQUIRED', 'conditions', /at least one condition/),
    ]);
    expect(await recommend({ kind: 'REFUSE', conditions: ['x'] })).toEqual([
      complaint('INVALID', 'conditions', /APPROVE_WITH_CONDITIONS only/),
    ]);
    expect(await recommend({ kind: 'APPROVE', comment: '' })).toEqual([
      complaint('REQUIRED', 'comment', /not be empty/),
    ]);
    for (const which of [1, 2]) {
      const client = await story.staff('REVIEWER', which);
      await client.must('giveRecommendation', { applicationId, kind: 'NO_OPINION', comment: 'x' });
    }
    await reviewer.must('advanceStage', { applicationId });
    expect(await give(reviewer, 'advanceStage')).toEqual([
      complaint('NOT_ALLOWED_NOW', '', /last stage: propose a decision/),
    ]);

    const propose = (others: Fields) => give(decider, 'proposeDecision', others);
    expect(await propose({ outcome: 'REFUSE' })).toEqual([complaint('REQUIRED', 'reasons', /at least one reason/)]);
    expect(await propose({ outcome: 'REFUSE', reasons: ['  '] })).toEqual([
      complaint('REQUIRED', 'reasons.0', /not be empty/),
    ]);
    expect(await propose({ outcome: 'REFUSE', reasons: ['x', 'y'.repeat(1001)] })).toEqual([
      complaint('INVALID', 'reasons.1', /At most 1000/),
    ]);
    expect(await propose({ outcome: 'APPROVE_WITH_CONDITIONS', conditions: Array(51).fill('x') })).toEqual([
      complaint('LIMIT_REACHED', 'conditions', /At most 50 fit here, and these are 51/),
    ]);
    expect(await propose({ outcome: 'APPROVE', conditions: ['x'] })).toEqual([
      complaint('INVALID', 'conditions', /only/),
    ]);
    expect(await propose({ outcome: 'APPROVE', internalNote: 'x'.repeat(8001) })).toEqual([
      complaint('INVALID', 'internalNote', /At most 8000/),
    ]);
  });

  it('is refused for a decision that is not the one that waits', async () => {
    await story.propose(applicationId, { outcome: 'APPROVE' });
    const second = await story.staff('DECIDER', 2);
    const decisionId = encodeId('decision', randomIds.next());
    const another = [
      complaint('CONFLICT', 'decisionId', /not the decision that waits now; read the application again/),
    ];
    expect(await give(second, 'countersignDecision', { decisionId })).toEqual(another);
    expect(await give(second, 'declineToCountersign', { decisionId, reason: 'x' })).toEqual(another);
    expect(await give(decider, 'proposeDecision', { outcome: 'APPROVE' })).toEqual(
      notNow('DECISION_PROPOSED', /second person/),
    );
  });

  it('does not tell a partner that a decision is proposed', async () => {
    const { owner } = partner;
    expect(await give(owner, 'saveDraft', { answers: {} })).toEqual(notNow('IN_REVIEW', /at the stage shown/));
    const staffView = await look(decider, applicationId, 'status availableCommands');
    expect(staffView).toMatchObject({ status: 'DECISION_PROPOSED' });
    expect(await look(owner, applicationId, 'status availableCommands')).toEqual({
      status: 'IN_REVIEW',
      availableCommands: ['withdraw', 'sendMessage'],
    });
  });

  it('is refused when it would start a second application, and names the first one’s way', async () => {
    const { organizationId, owner } = partner;
    expect(
      await refused(story.desk, owner, 'startApplication', { organizationId, programId: story.programId }),
    ).toEqual([complaint('ALREADY_EXISTS', '', /has an open application for this program already/)]);
  });

  it('is refused with the terms of something else', async () => {
    const other = await story.partner('Theo Terms', 'Terms Utilities');
    const draft = await story.draft(other);
    const termsId = encodeId('terms', randomIds.next());
    expect(await refused(story.desk, other.owner, 'acceptTerms', { applicationId: draft, termsId })).toEqual([
      complaint('INVALID', 'termsId', /not the terms of this application\. It takes “sample-1”, terms_/),
    ]);
  });
});
