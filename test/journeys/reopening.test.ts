import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import {
  codesOf,
  day,
  eventually,
  listAt,
  look,
  type Partner,
  proposedDecision,
  refusal,
  Story,
  staffIdOf,
  timelineOf,
} from './story.js';

const reason = 'Your annex was not read. We are sorry.';
const secret = 'Taken for the application of a zeppelin works.';
const seen = 'id status fromStatus reason internalReason declinedReason proposedBy { name } decidedBy { name }';

describe('an application that was closed in error', () => {
  let story: Story;
  let one: PortalClient;
  let other: PortalClient;

  beforeAll(async () => {
    story = await Story.open();
    one = await story.staff('ADMIN', 1);
    other = await story.staff('ADMIN', 2);
  }, 180_000);
  afterAll(() => story.close());

  const reopeningsOf = async (client: PortalClient, applicationId: string) =>
    listAt(await look(client, applicationId, `reopenings { ${seen} }`), 'reopenings');
  const proposal = async (applicationId: string): Promise<string> => {
    await one.must('proposeReopening', { applicationId, reason, internalReason: secret });
    return textAt((await reopeningsOf(one, applicationId)).at(-1), 'id');
  };
  const reopened = async (applicationId: string): Promise<void> => {
    const reopeningId = await proposal(applicationId);
    await other.must('confirmReopening', { applicationId, reopeningId });
  };
  const commandsOf = async (client: PortalClient, applicationId: string) =>
    (await look(client, applicationId, 'availableCommands'))?.availableCommands;
  const closed = async (partner: Partner): Promise<string> => {
    const applicationId = await story.inScreening(partner);
    const intake = await story.staff('INTAKE');
    await intake.must('returnWithoutAction', { applicationId, reason: 'A duplicate.' });
    return applicationId;
  };

  it('is reopened by two administrators, and only then does the partner hear of it', async () => {
    const partner = await story.partner('Rita Reopened', 'Reopened Utilities');
    const applicationId = await story.decided(partner, refusal);
    await eventually(async () => {
      expect(await look(partner.owner, applicationId, 'decisionLetters { id }')).toMatchObject({
        decisionLetters: [{}],
      });
    });
    const all = 'status version updatedAt availableCommands reopenings { id } timeline { totalCount }';
    const before = await look(partner.owner, applicationId, all);
    expect(await commandsOf(one, applicationId)).toEqual(['proposeReopening']);
    const reopeningId = await proposal(applicationId);

    expect(await look(partner.owner, applicationId, all)).toEqual(before);
    const node = 'query ($id: ID!) { node(id: $id) { id } }';
    expect(await partner.owner.ask(node, { id: reopeningId })).toEqual({ node: null });
    expect(await codesOf(partner.owner, 'confirmReopening', { applicationId, reopeningId })).toEqual(['FORBIDDEN']);
    expect(await reopeningsOf(await story.staff('REVIEWER'), applicationId)).toMatchObject([
      { status: 'PROPOSED', fromStatus: 'REFUSED', reason, internalReason: secret, decidedBy: null },
    ]);
    expect(await codesOf(one, 'confirmReopening', { applicationId, reopeningId })).toEqual(['FOUR_EYES']);
    expect(await codesOf(one, 'declineReopening', { applicationId, reopeningId, reason: 'No.' })).toEqual([
      'FOUR_EYES',
    ]);
    expect(await codesOf(other, 'proposeReopening', { applicationId, reason, internalReason: secret })).toEqual([
      'ALREADY_EXISTS',
    ]);
    expect(await commandsOf(one, applicationId)).toEqual([]);
    expect(await commandsOf(other, applicationId)).toEqual(['confirmReopening', 'declineReopening']);

    await other.must('confirmReopening', { applicationId, reopeningId });
    expect(await look(partner.owner, applicationId, `status stage { key } decidedAt reopenings { ${seen} }`)).toEqual({
      status: 'IN_REVIEW',
      stage: { key: 'decision' },
      decidedAt: null,
      reopenings: [
        {
          id: reopeningId,
          status: 'CONFIRMED',
          fromStatus: 'REFUSED',
          reason,
          internalReason: null,
          declinedReason: null,
          proposedBy: null,
          decidedBy: null,
        },
      ],
    });
    expect((await timelineOf(partner.owner, applicationId)).slice(-2)).toEqual([
      'application.refused',
      'application.reopened',
    ]);
    const letter = await story.desk.mail.next(partner.email, /: reopened/);
    expect(letter).toContain(reason);
    expect(letter).not.toContain('zeppelin');
  }, 180_000);

  it('is decided again: the earlier decision stays on record, set aside, and its deciders may take the new one', async () => {
    const partner = await story.partner('Dora Decided', 'Decided Anew');
    const applicationId = await story.decided(partner, refusal);
    await reopened(applicationId);
    const decisionId = await story.propose(applicationId, { outcome: 'APPROVE' });
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
    const found = await look(
      partner.owner,
      applicationId,
      'status decisions { outcome status supersededAt } grant { id }',
    );
    expect(found).toMatchObject({
      status: 'APPROVED',
      decisions: [
        { outcome: 'REFUSE', status: 'COUNTERSIGNED', supersededAt: expect.any(String) },
        { outcome: 'APPROVE', status: 'COUNTERSIGNED', supersededAt: null },
      ],
    });

    // With a grant that goes on it stays as it is.
    const input = { applicationId, reason, internalReason: secret };
    expect(await codesOf(one, 'proposeReopening', input)).toEqual(['NOT_ALLOWED_NOW']);
    const manager = await story.staff('PROGRAM_MANAGER');
    await manager.must('revokeGrant', { grantId: textAt(found, 'grant', 'id'), reason: 'Granted by mistake.' });
    await reopened(applicationId);
    expect(await look(one, applicationId, 'status queue assignee { id }')).toEqual({
      status: 'IN_REVIEW',
      queue: 'decision',
      assignee: null,
    });
  }, 180_000);

  it('goes back under appeal when the appeal was decided, and then not to those who decided what was appealed', async () => {
    const partner = await story.partner('Ada Again', 'Again Utilities');
    const applicationId = await story.decided(partner, refusal);
    const lapsing = await proposal(applicationId);
    await partner.owner.must('appealDecision', { applicationId, grounds: 'Read the annex.' });
    expect(await codesOf(other, 'confirmReopening', { applicationId, reopeningId: lapsing })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
    const third = await story.staff('DECIDER', 3);
    await third.must('proposeDecision', { applicationId, ...refusal });
    const decisionId = await proposedDecision(third, applicationId);
    await (await story.staff('DECIDER', 4)).must('countersignDecision', { applicationId, decisionId });
    await reopened(applicationId);
    expect(await look(partner.owner, applicationId, 'status stage { key }')).toEqual({
      status: 'UNDER_APPEAL',
      stage: { key: 'decision' },
    });
    expect((await reopeningsOf(one, applicationId)).map((each) => valueAt(each, 'status'))).toEqual([
      'LAPSED',
      'CONFIRMED',
    ]);
    expect(await codesOf(await story.staff('DECIDER', 1), 'proposeDecision', { applicationId, ...refusal })).toEqual([
      'FOUR_EYES',
    ]);
    await third.must('proposeDecision', { applicationId, outcome: 'APPROVE' });
  }, 180_000);

  it('goes on at its stage with the time it had, and an interval that says why', async () => {
    const partner = await story.partner('Tim Time', 'Timely Utilities');
    const intake = await story.staff('INTAKE');
    const applicationId = await story.inScreening(partner);
    await intake.must('assignApplication', { applicationId, staffId: await staffIdOf(intake) });
    await intake.must('returnWithoutAction', { applicationId, reason: 'A duplicate.' });
    const charged = 'time { stages { stage { key } chargedSeconds } }';
    const before = await look(one, applicationId, charged);
    story.pass(2 * day);
    [one, other] = [await story.staff('ADMIN', 1), await story.staff('ADMIN', 2)];
    await reopened(applicationId);
    expect(await look(one, applicationId, 'status stage { key } queue statusReason assignee { id }')).toEqual({
      status: 'IN_REVIEW',
      stage: { key: 'screening' },
      queue: 'screening',
      statusReason: null,
      assignee: null,
    });
    expect(await look(one, applicationId, charged)).toEqual(before);
    const causes = await look(one, applicationId, 'time { intervals { cause endedAt } }');
    expect(listAt(causes, 'time', 'intervals').at(-1)).toEqual({ cause: 'REOPENED', endedAt: null });
  }, 180_000);

  it('goes back to intake, or to the partner for correction, when that is where it was withdrawn', async () => {
    const partner = await story.partner('Will Withdrawn', 'Withdrawn Utilities');
    const applicationId = await story.submitted(partner);
    await partner.owner.must('withdrawApplication', { applicationId });
    await reopened(applicationId);
    expect(await look(one, applicationId, 'status queue')).toEqual({ status: 'SUBMITTED', queue: 'intake' });
    const intake = await story.staff('INTAKE');
    await intake.must('returnForCorrection', { applicationId, reason: 'Sign it.' });
    await partner.owner.must('withdrawApplication', { applicationId });
    await reopened(applicationId);
    expect(await look(one, applicationId, 'status queue dueAt')).toEqual({
      status: 'RETURNED',
      queue: null,
      dueAt: null,
    });
    await partner.owner.must('submitApplication', { applicationId });
  }, 180_000);

  it('goes back into review when it was withdrawn while a question was open', async () => {
    const partner = await story.partner('Quirin Question', 'Question Utilities');
    const applicationId = await story.inScreening(partner);
    await (await story.staff('INTAKE')).must('requestInformation', { applicationId, questions: [{ text: 'Which?' }] });
    await partner.owner.must('withdrawApplication', { applicationId });
    await reopened(applicationId);
    expect(await look(one, applicationId, 'status stage { key } informationRequests { isOpen }')).toEqual({
      status: 'IN_REVIEW',
      stage: { key: 'screening' },
      informationRequests: [{ isOpen: false }],
    });
  }, 180_000);

  it('stays closed when the other administrator declines, and can be proposed anew', async () => {
    const partner = await story.partner('Nina No', 'No Utilities');
    const applicationId = await closed(partner);
    const before = await look(partner.owner, applicationId, 'status version updatedAt reopenings { id }');
    const reopeningId = await proposal(applicationId);
    expect(await codesOf(other, 'declineReopening', { applicationId, reopeningId, reason: ' ' })).toEqual(['REQUIRED']);
    await other.must('declineReopening', { applicationId, reopeningId, reason: 'It was a duplicate.' });
    expect(await look(partner.owner, applicationId, 'status version updatedAt reopenings { id }')).toEqual(before);
    expect(await reopeningsOf(one, applicationId)).toMatchObject([
      { status: 'DECLINED', declinedReason: 'It was a duplicate.', decidedBy: { name: expect.any(String) } },
    ]);
    expect(await codesOf(other, 'confirmReopening', { applicationId, reopeningId })).toEqual(['NOT_ALLOWED_NOW']);
    const next = await proposal(applicationId);
    expect(await codesOf(other, 'confirmReopening', { applicationId, reopeningId })).toEqual(['CONFLICT']);
    await other.must('confirmReopening', { applicationId, reopeningId: next });
    const audience = await sql<{ audience: string }>`select distinct audience from audit_record
      where application_id = ${decodeId('application', applicationId)}
        and event in ('application.reopening_proposed', 'application.reopening_declined')`.execute(
      story.desk.database.kysely(),
    );
    expect(audience.rows).toEqual([{ audience: 'STAFF' }]);
  }, 180_000);

  it('stays closed while another application of the organization to the program is open', async () => {
    const partner = await story.partner('Paul Replaced', 'Replaced Utilities');
    const applicationId = await closed(partner);
    const reopeningId = await proposal(applicationId);
    const draft = await story.draft(partner);
    expect(await codesOf(other, 'confirmReopening', { applicationId, reopeningId })).toEqual(['ALREADY_EXISTS']);
    await partner.owner.must('withdrawApplication', { applicationId: draft });
    await other.must('confirmReopening', { applicationId, reopeningId });
    expect(await codesOf(one, 'proposeReopening', { applicationId: draft, reason, internalReason: secret })).toEqual([
      'NOT_FOUND',
    ]);
  }, 180_000);

  it.each([
    ['without a reason for the partner', { reason: ' ', internalReason: secret }, ['REQUIRED']],
    ['without a reason for staff', { reason, internalReason: '' }, ['REQUIRED']],
    ['with too much of one', { reason: 'x'.repeat(8001), internalReason: secret }, ['INVALID']],
  ])('is not proposed to be reopened %s', async (what, input: Fields, codes) => {
    const applicationId = await closed(await story.partner(`Bert ${what}`, `Badly ${what}`));
    expect(await codesOf(one, 'proposeReopening', { applicationId, ...input })).toEqual(codes);
  });
});
