import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { completeAnswers, completeDraft } from '../../src/demo/applying.js';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { idempotencyHours } from '../../src/doorway/idempotency.js';
import { eventually, look, lookAtGrant, numberAt, type Partner, Story } from '../journeys/story.js';
import { changesNothing, complaint, refused } from './bad-input-desk.js';

describe('a command decided on an older version', () => {
  let story: Story;
  let partner: Partner;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Vera Version', 'Version Utilities');
  });
  afterAll(() => story.close());

  const conflict = (expected: number, version: number) => [
    complaint(
      'CONFLICT',
      'expectedVersion',
      new RegExp(`expected version ${expected}, and it is at version ${version}\\. Read it again\\.`),
    ),
  ];

  it('is a conflict with the version there is, for partners, and carried out with the right one', async () => {
    const { owner } = partner;
    const applicationId = await story.draft(partner);
    await completeDraft(owner, applicationId);
    const version = numberAt(await look(owner, applicationId, 'version'), 'version');
    for (const stale of [version - 1, version + 1, 0, -1, 2_147_483_647]) {
      const given = { applicationId, expectedVersion: stale };
      for (const command of ['saveDraft', 'submitApplication', 'withdrawApplication']) {
        const input = command === 'saveDraft' ? { ...given, answers: { seats: 2 } } : given;
        expect(await refused(story.desk, owner, command, input)).toEqual(conflict(stale, version));
      }
    }
    const saved = await owner.must(
      'saveDraft',
      { applicationId, expectedVersion: version, answers: { seats: 2 } },
      'application { version }',
    );
    await owner.must('submitApplication', {
      applicationId,
      expectedVersion: numberAt(saved, 'application', 'version'),
    });
    const submitted = numberAt(await look(owner, applicationId, 'version'), 'version');
    const intake = await story.staff('INTAKE');
    const stale = { applicationId, expectedVersion: version };
    const answer = conflict(version, submitted);
    expect(await refused(story.desk, intake, 'startReview', stale)).toEqual(answer);
    expect(await refused(story.desk, intake, 'assignApplication', stale)).toEqual(answer);
    expect(await refused(story.desk, intake, 'returnForCorrection', { ...stale, reason: 'x' })).toEqual(answer);
    expect(await refused(story.desk, intake, 'requestInformation', { ...stale, questions: [{ text: 'x' }] })).toEqual(
      answer,
    );
    await owner.must('withdrawApplication', { applicationId });
  });

  it('is a conflict for a grant and for a program, too', async () => {
    const grantId = await story.granted(partner);
    const machine = await story.provisioner();
    await machine.must('acknowledgeProvisioning', { grantId, expectedVersion: 1 });
    const manager = await story.staff('PROGRAM_MANAGER');
    expect(
      await refused(story.desk, manager, 'suspendGrant', { grantId, reason: 'Misuse.', expectedVersion: 1 }),
    ).toEqual(conflict(1, 2));
    expect(
      await refused(story.desk, manager, 'setProgramStatus', {
        programId: story.programId,
        status: 'CLOSED',
        expectedVersion: 77,
      }),
    ).toEqual([complaint('CONFLICT', 'expectedVersion', /expected version 77/)]);
    expect(await lookAtGrant(partner.owner, grantId, 'status')).toEqual({ status: 'ACTIVE' });
  });

  it('is refused for the role before it is for the version, so that only who may give the command learns it', async () => {
    const viewer = await story.colleague(partner, 'Val Viewer', 'VIEWER');
    const applicationId = await story.draft(partner);
    expect(await refused(story.desk, viewer, 'submitApplication', { applicationId, expectedVersion: 99 })).toEqual([
      complaint('FORBIDDEN', undefined, /Your role does not allow this\. It takes OWNER or APPLICANT\./),
    ]);
  });
});

describe('a command that finds nothing to change', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  it('is accepted and leaves everything as it is, the version too', async () => {
    const { owner, ...partner } = await story.partner('Nele Nothing', 'Nothing Utilities');
    const applicationId = await story.draft({ owner, ...partner });
    await completeDraft(owner, applicationId);
    const site = { name: 'Works', pumps: [1, 2] };
    await owner.must('saveDraft', { applicationId, answers: { site } });
    const seen = await look(owner, applicationId, 'documents { id } acceptedTerms { id }');
    const termsId = textAt(seen, 'acceptedTerms', 0, 'id');
    const documentId = textAt(seen, 'documents', 0, 'id');
    await changesNothing(story.desk, async () => {
      await owner.must('saveDraft', { applicationId, answers: completeAnswers });
      await owner.must('saveDraft', { applicationId, answers: { site: { pumps: [1, 2], name: 'Works' } } });
      await owner.must('saveDraft', { applicationId, answers: { constructor: null } });
      await owner.must('saveDraft', { applicationId, answers: {} });
      await owner.must('acceptTerms', { applicationId, termsId });
      await owner.must('completeDocumentUpload', { documentId });
    });
  });
});

describe('an Idempotency-Key', () => {
  let story: Story;
  let partner: Partner;
  let owner: PortalClient;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Ida Idem', 'Idem Utilities');
    owner = partner.owner;
  });
  beforeEach(async () => {
    applicationId = await story.draft(partner);
  });
  // One open application at a time.
  const finish = () => owner.must('withdrawApplication', { applicationId });
  afterAll(() => story.close());

  const saveSeats = (client: PortalClient, key: string, seats: number) =>
    client.command('saveDraft', { applicationId, answers: { seats } }, 'application { id version }', {
      'idempotency-key': key,
    });
  const count = async (event: string) => {
    const found = await sql<{ many: number }>`select count(*)::int as many from audit_record
      where event = ${event} and subject_id = (select id from application where status = 'DRAFT')`.execute(
      story.desk.database.kysely(),
    );
    return found.rows[0]?.many;
  };

  it('makes a repeated request do nothing more and answer the same', async () => {
    const first = await saveSeats(owner, 'same-body', 3);
    const again = await changesNothing(story.desk, () => saveSeats(owner, 'same-body', 3));
    expect(again).toEqual(first);
    expect(first.errors).toEqual([]);
    expect(await count('application.draft_saved')).toBe(1);
    await finish();
  });

  it('makes ten requests at once count as one', async () => {
    const key = { 'idempotency-key': 'ten-at-once' };
    const invite = () =>
      owner.must(
        'inviteMember',
        { organizationId: partner.organizationId, email: 'ten@example.org', role: 'VIEWER' },
        'invitation { id email }',
        key,
      );
    const answers = await Promise.all(Array.from({ length: 10 }, invite));
    expect(new Set(answers.map((answer) => textAt(answer, 'invitation', 'id'))).size).toBe(1);
    const found = await sql`select 1 from audit_record where event = 'organization.member_invited'`.execute(
      story.desk.database.kysely(),
    );
    expect(found.rows).toHaveLength(1);
    await finish();
  });

  it('shows a secret that is shown once again to whoever repeats the request', async () => {
    const key = { 'idempotency-key': 'secret-once' };
    const input = { organizationId: partner.organizationId, name: 'Machine', scopes: ['READ'] };
    const first = await owner.must('createApiKey', input, 'key apiKey { id }', key);
    const again = await changesNothing(story.desk, () => owner.must('createApiKey', input, 'key apiKey { id }', key));
    expect(again).toEqual(first);
    await finish();
  });

  it('is refused with another request, by value, command or object', async () => {
    await saveSeats(owner, 'taken', 3);
    const reused = [
      complaint('IDEMPOTENCY_KEY_REUSED', 'Idempotency-Key', /used before with another request\. Use a new key/),
    ];
    const key = { 'idempotency-key': 'taken' };
    const seats = (more: number) => ({ applicationId, answers: { seats: more } });
    expect(await refused(story.desk, owner, 'saveDraft', seats(4), key)).toEqual(reused);
    expect(await refused(story.desk, owner, 'saveDraft', { ...seats(3), expectedVersion: 2 }, key)).toEqual(reused);
    expect(await refused(story.desk, owner, 'withdrawApplication', { applicationId }, key)).toEqual(reused);
    await finish();
  });

  it('is one’s own: the same key of a colleague is another key', async () => {
    const colleague = await story.colleague(partner, 'Cora Colleague', 'APPLICANT');
    expect((await saveSeats(owner, 'shared', 3)).errors).toEqual([]);
    expect((await saveSeats(colleague, 'shared', 5)).errors).toEqual([]);
    expect(await look(owner, applicationId, 'answers')).toEqual({ answers: { seats: 5 } });
    await finish();
  });

  it('is not used up by a request that was refused', async () => {
    const key = { 'idempotency-key': 'try-again' };
    const refusals = await refused(story.desk, owner, 'submitApplication', { applicationId }, key);
    expect(refusals.length).toBeGreaterThan(3);
    await completeDraft(owner, applicationId);
    const submit = () => owner.must('submitApplication', { applicationId }, 'application { status }', key);
    const first = await submit();
    expect(first).toMatchObject({ application: { status: 'SUBMITTED' } });
    expect(await changesNothing(story.desk, submit)).toEqual(first);
    await finish();
  });

  it('holds for equal answers however their keys are ordered', async () => {
    const save = (answers: object) =>
      owner.must('saveDraft', { applicationId, answers }, 'application { version }', { 'idempotency-key': 'order' });
    const { purpose, seats, ...others } = completeAnswers;
    const first = await save({ purpose, seats, ...others });
    expect(await changesNothing(story.desk, () => save({ ...others, seats, purpose }))).toEqual(first);
    await finish();
  });

  it.each([
    ['of 201 characters', 'x'.repeat(201)],
    ['with a space', 'two words'],
    ['with an umlaut', 'schl\u00fcssel'],
  ])('is refused %s, and the whole request with it', async (_what, key) => {
    const answer = await changesNothing(story.desk, () =>
      owner.request(
        'mutation ($id: ID!) { withdrawApplication(input: { applicationId: $id }) { errors { code } } }',
        { id: applicationId },
        { 'idempotency-key': key },
      ),
    );
    expect(answer).toMatchObject({
      status: 400,
      data: null,
      errors: [
        {
          message: expect.stringMatching(/1 to 200 visible ASCII characters/),
          extensions: { code: 'INVALID', path: ['Idempotency-Key'] },
        },
      ],
    });
    await finish();
  });

  it('is remembered for a day, and then free again', async () => {
    await saveSeats(owner, 'a-day', 3);
    story.desk.clock.advance((idempotencyHours - 1) * 60 * 60 * 1000);
    owner = await story.signInAgain(partner.email);
    await story.run('idempotency.forget');
    expect((await saveSeats(owner, 'a-day', 4)).errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);

    story.desk.clock.advance(2 * 60 * 60 * 1000);
    await story.run('idempotency.forget');
    await eventually(async () => expect((await saveSeats(owner, 'a-day', 4)).errors).toEqual([]));
    await finish();
  });
});
