import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { idsFound } from '../finding/finding-desk.js';
import {
  codesOf,
  day,
  eventually,
  listAt,
  look,
  type Partner,
  refusal,
  Story,
  staffIdOf,
  timelineOf,
} from '../journeys/story.js';

describe('messages', () => {
  let story: Story;
  let intake: PortalClient;
  let partners = 0;

  beforeAll(async () => {
    story = await Story.open();
    intake = await story.staff('INTAKE');
  }, 60_000);
  afterAll(() => story.close());

  async function submittedBySomebody(): Promise<Partner & { readonly applicationId: string }> {
    partners += 1;
    const letter = String.fromCharCode(64 + partners);
    const partner = await story.partner(`Mia ${letter}`, `Messaging ${letter}`);
    return { ...partner, applicationId: await story.submitted(partner) };
  }

  const send = (client: PortalClient, applicationId: string, text: string, more: Fields = {}) =>
    client.must('sendMessage', { applicationId, text, ...more }, 'application { messages(first: 1) { nodes { id } } }');
  const sentId = (payload: Fields) => textAt(payload, 'application', 'messages', 'nodes', 0, 'id');
  const messagesOf = async (client: PortalClient, applicationId: string, fields = 'from text author { name } readAt') =>
    listAt(await look(client, applicationId, `messages { nodes { ${fields} } }`), 'messages', 'nodes');
  const standing = (client: PortalClient, applicationId: string) =>
    look(client, applicationId, 'unreadMessages awaitsReplySince');
  const problemsOf = async (client: PortalClient, command: string, input: Fields) =>
    (await client.command(command, input)).errors.map(({ code, path }) => `${code} ${path.join('.')}`);

  it('go both ways, newest first, and partners are not told who of the staff wrote', async () => {
    const { owner, applicationId } = await submittedBySomebody();
    await send(owner, applicationId, '  When will you know more?  ');
    await send(intake, applicationId, 'By Friday.');
    const name = expect.stringMatching(/^Staff intake/);
    const theirs = { from: 'PARTNER', text: 'When will you know more?', readAt: null };
    const ours = { from: 'STAFF', text: 'By Friday.', readAt: null };
    expect(await messagesOf(intake, applicationId)).toEqual([
      { ...ours, author: { name } },
      { ...theirs, author: { name: expect.stringMatching(/^Mia/) } },
    ]);
    expect(await messagesOf(owner, applicationId)).toEqual([
      { ...ours, author: null },
      { ...theirs, author: { name: expect.stringMatching(/^Mia/) } },
    ]);
    expect((await timelineOf(owner, applicationId)).slice(1)).toEqual([
      'application.message_received',
      'application.message_sent',
    ]);
  });

  it('leave the application as it is: nobody’s decision on it is stale because somebody wrote', async () => {
    const { owner, applicationId } = await submittedBySomebody();
    const before = await look(intake, applicationId, 'version updatedAt');
    await send(owner, applicationId, 'Hello?');
    await send(intake, applicationId, 'Hello.');
    expect(await look(intake, applicationId, 'version updatedAt')).toEqual(before);
    await intake.must('startReview', { applicationId, expectedVersion: valueAt(before, 'version') });
  });

  it('can be about an application that was decided, and never about one that nobody of staff knows of', async () => {
    const partner = await story.partner('Rita Refused', 'Refused Mills');
    const applicationId = await story.decided(partner, refusal);
    await send(partner.owner, applicationId, 'What exactly was missing?');
    await send(await story.staff('DECIDER'), applicationId, 'The end use.');
    const draft = await story.draft(partner);
    const input = { applicationId: draft, text: 'Is anybody there?' };
    expect(await codesOf(partner.owner, 'sendMessage', input)).toEqual(['NOT_ALLOWED_NOW']);
    expect(await codesOf(intake, 'sendMessage', input)).toEqual(['NOT_FOUND']);
    await partner.owner.must('withdrawApplication', { applicationId: draft });
    expect(await codesOf(partner.owner, 'sendMessage', input)).toEqual(['NOT_ALLOWED_NOW']);
    expect(await look(partner.owner, draft, 'availableCommands')).toEqual({ availableCommands: [] });
  }, 60_000);

  it('tell a partner nothing of a proposed decision', async () => {
    const partner = await story.partner('Petra Proposed', 'Proposed Mills');
    const applicationId = await story.atDecision(partner);
    await story.propose(applicationId, { outcome: 'APPROVE' });
    await send(await story.staff('DECIDER', 2), applicationId, 'Soon.');
    await send(partner.owner, applicationId, 'Thank you.');
    const seen = await look(partner.owner, applicationId, 'timeline(first: 2) { nodes { type data } }');
    expect(listAt(seen, 'timeline', 'nodes')).toEqual(
      ['application.message_received', 'application.message_sent'].map((type) => ({
        type,
        data: expect.objectContaining({ status: 'IN_REVIEW' }),
      })),
    );
  }, 60_000);

  it('are read by a side when it says so, as far as it says', async () => {
    const { owner, applicationId } = await submittedBySomebody();
    const first = sentId(await send(owner, applicationId, 'One.'));
    await send(owner, applicationId, 'Two.');
    const reply = sentId(await send(intake, applicationId, 'Both seen.'));
    expect(await standing(intake, applicationId)).toMatchObject({ unreadMessages: 2 });
    expect(await standing(owner, applicationId)).toEqual({ unreadMessages: 1, awaitsReplySince: null });
    await (await story.staff('REVIEWER')).must('markMessagesRead', { applicationId, throughId: first });
    expect(await standing(intake, applicationId)).toMatchObject({ unreadMessages: 1 });
    const readBy = async (client: PortalClient) =>
      (await messagesOf(client, applicationId, 'text readAt')).map((one) => [
        valueAt(one, 'text'),
        valueAt(one, 'readAt') !== null,
      ]);
    const read = [
      ['Both seen.', false],
      ['Two.', false],
      ['One.', true],
    ];
    expect(await readBy(owner)).toEqual(read);
    await owner.must('markMessagesRead', { applicationId, throughId: reply });
    await owner.must('markMessagesRead', { applicationId, throughId: reply });
    expect(await standing(owner, applicationId)).toMatchObject({ unreadMessages: 0 });
    expect(await standing(intake, applicationId)).toMatchObject({ unreadMessages: 1 });
    const events = (await timelineOf(intake, applicationId)).filter((type) => type === 'application.messages_read');
    expect(events).toHaveLength(2);
    expect(await timelineOf(owner, applicationId)).not.toContain('application.messages_read');
    const elsewhere = await submittedBySomebody();
    const other = sentId(await send(elsewhere.owner, elsewhere.applicationId, 'Elsewhere.'));
    expect(await problemsOf(intake, 'markMessagesRead', { applicationId, throughId: other })).toEqual([
      'NOT_FOUND throughId',
    ]);
  });

  it('wait for an answer until staff write, or say that none is needed', async () => {
    const { owner, organizationId, applicationId } = await submittedBySomebody();
    const waiting = (awaitsReply: boolean, client = intake) => idsFound(client, { filter: { awaitsReply } });
    const found = async () => [
      (await waiting(true)).includes(applicationId),
      (await waiting(false)).includes(applicationId),
    ];
    expect(await found()).toEqual([false, true]);
    await send(owner, applicationId, 'Is it under way?');
    const since = valueAt(await standing(intake, applicationId), 'awaitsReplySince');
    expect(since).not.toBeNull();
    await send(owner, applicationId, 'Is it?');
    expect(await standing(intake, applicationId)).toEqual({ unreadMessages: 2, awaitsReplySince: since });
    expect(await found()).toEqual([true, false]);
    expect(await standing(owner, applicationId)).toEqual({ unreadMessages: 0, awaitsReplySince: null });
    expect(await waiting(true, owner)).toEqual([]);
    await send(intake, applicationId, 'It is.');
    expect(await found()).toEqual([false, true]);
    await send(owner, applicationId, 'Thanks!');
    await (await story.staff('PROGRAM_MANAGER')).must('leaveMessagesUnanswered', { applicationId });
    await intake.must('leaveMessagesUnanswered', { applicationId });
    expect(await found()).toEqual([false, true]);
    expect(await timelineOf(intake, applicationId)).toContain('application.left_unanswered');
    expect(await codesOf(owner, 'leaveMessagesUnanswered', { applicationId })).toEqual(['FORBIDDEN']);
    const unread = (client: PortalClient, hasUnreadMessages = true) =>
      idsFound(client, { filter: { hasUnreadMessages, organizationId } });
    expect(await unread(intake)).toEqual([applicationId]);
    expect(await unread(owner)).toEqual([applicationId]);
    const newest = textAt((await messagesOf(owner, applicationId, 'id'))[0], 'id');
    await owner.must('markMessagesRead', { applicationId, throughId: newest });
    expect(await unread(owner)).toEqual([]);
    expect(await unread(owner, false)).toEqual([applicationId]);
    expect(await unread(intake)).toEqual([applicationId]);
  });

  it('are told by letter to the partner, and to whoever has the application in hand, and say nothing there', async () => {
    const partner = await submittedBySomebody();
    const { owner, applicationId } = partner;
    const { mail } = story.desk;
    await intake.must('assignApplication', { applicationId, staffId: await staffIdOf(intake) });
    await send(owner, applicationId, 'My question is a zibeline.');
    const email = textAt(await intake.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    expect(await mail.next(email, /a message from the partner/)).not.toContain('zibeline');
    await send(intake, applicationId, 'My answer is a zibeline.');
    expect(await mail.next(partner.email, /a message for you/)).not.toContain('zibeline');
  });

  it('are told to those who handle it when nobody at work has it in hand', async () => {
    const { owner, applicationId } = await submittedBySomebody();
    const rolesTold = async () => {
      await send(owner, applicationId, 'Hello?');
      const found = await sql<{ roles: string[] }>`select payload::json -> 'roles' as roles from audit_record
        where application_id = ${decodeId('application', applicationId)} and event = 'application.reply_awaited'
        order by sequence desc limit 1`.execute(story.desk.database.kysely());
      return found.rows[0]?.roles;
    };
    expect(await rolesTold()).toEqual(['INTAKE']);
    const keeper = await story.staff('INTAKE', 2);
    await intake.must('assignApplication', { applicationId, staffId: await staffIdOf(keeper) });
    expect(await rolesTold()).toEqual([]);
    const now = story.desk.clock.now().getTime();
    const away = { startsAt: new Date(now).toISOString(), endsAt: new Date(now + day).toISOString() };
    await keeper.must('addAwayPeriod', away);
    expect(await rolesTold()).toEqual(['INTAKE']);
    await intake.must('startReview', { applicationId });
    await intake.must('advanceStage', { applicationId });
    expect(await rolesTold()).toEqual(['REVIEWER', 'DECIDER']);
  });

  it('point to documents of the application, which are kept for them', async () => {
    const { owner, applicationId } = await submittedBySomebody();
    const documents = listAt(await look(owner, applicationId, 'documents { id }'), 'documents');
    const [documentId = ''] = documents.map((document) => textAt(document, 'id'));
    await send(owner, applicationId, 'See this.', { documentIds: [documentId, documentId] });
    await send(intake, applicationId, 'This one?', { documentIds: [documentId] });
    for (const client of [owner, intake]) {
      expect(await messagesOf(client, applicationId, 'documents { id }')).toEqual(
        [1, 2].map(() => ({ documents: [{ id: documentId }] })),
      );
    }
    const other = await submittedBySomebody();
    const input = { applicationId: other.applicationId, text: 'See that.' };
    expect(await problemsOf(other.owner, 'sendMessage', { ...input, documentIds: [documentId] })).toEqual([
      'NOT_FOUND documentIds.0',
    ]);
    const many = Array.from({ length: 11 }, () => encodeId('document', randomIds.next()));
    expect(await problemsOf(owner, 'sendMessage', { applicationId, text: 'x', documentIds: many })).toEqual([
      'LIMIT_REACHED documentIds',
    ]);
    expect(await problemsOf(owner, 'sendMessage', { applicationId, text: 'x', documentIds: ['x'] })).toEqual([
      'INVALID_ID documentIds.0',
    ]);
  });

  it('are refused with what would be right, and to whoever does not write for either side', async () => {
    const partner = await submittedBySomebody();
    const { owner, applicationId } = partner;
    expect(await problemsOf(owner, 'sendMessage', { applicationId, text: ' ' })).toEqual(['REQUIRED text']);
    expect(await problemsOf(owner, 'sendMessage', { applicationId, text: 'x'.repeat(8_001) })).toEqual([
      'INVALID text',
    ]);
    const viewer = await story.colleague(partner, 'Vera Viewer', 'VIEWER');
    const recused = await story.staff('REVIEWER', 2);
    await recused.must('declareRecusal', { applicationId, reason: 'A friend runs it.' });
    const input = { applicationId, text: 'Hello.' };
    for (const [client, codes] of [
      [viewer, ['FORBIDDEN']],
      [await story.staff('AUDITOR'), ['FORBIDDEN']],
      [recused, ['FOUR_EYES']],
      [(await submittedBySomebody()).owner, ['NOT_FOUND']],
      [story.desk.stranger, ['UNAUTHENTICATED']],
    ] as const) {
      expect(await codesOf(client, 'sendMessage', input)).toEqual(codes);
    }
    expect(await messagesOf(viewer, applicationId)).toEqual([]);
    for (let sent = 0; sent < 20; sent += 1) await send(owner, applicationId, `Question ${sent}`);
    expect(await codesOf(owner, 'sendMessage', input)).toEqual(['LIMIT_REACHED']);
    await send(intake, applicationId, 'One after the other, please.');
    await send(owner, applicationId, 'Sorry.');
  });

  it('are found by their words, by both sides', async () => {
    const { owner, applicationId } = await submittedBySomebody();
    await send(owner, applicationId, 'We moved to Quokkastraße.');
    await send(intake, applicationId, 'Understood: a numbat.');
    for (const client of [owner, intake, await story.staff('AUDITOR')]) {
      expect(await idsFound(client, { search: 'quokka* numbat messaging' })).toEqual([applicationId]);
    }
    expect(await idsFound((await submittedBySomebody()).owner, { search: 'numbat' })).toEqual([]);
  });

  it('are sent to many partners at once, each once, and answer nothing that was asked', async () => {
    const asking = await submittedBySomebody();
    await send(asking.owner, asking.applicationId, 'When will it be?');
    const quiet = await submittedBySomebody();
    const missing = encodeId('application', randomIds.next());
    const applicationIds = [asking.applicationId, quiet.applicationId, missing];
    const text = 'The portal is closed on Monday.';
    const key = { 'idempotency-key': 'closed-on-monday' };
    const started = await intake.must('sendMessages', { applicationIds, text }, 'operation { id kind }', key);
    expect(valueAt(started, 'operation', 'kind')).toBe('SEND_MESSAGE');
    const repeated = await intake.must('sendMessages', { applicationIds, text }, 'operation { id }', key);
    expect(valueAt(repeated, 'operation', 'id')).toEqual(valueAt(started, 'operation', 'id'));
    await eventually(async () => {
      const seen = await intake.ask(
        'query ($id: ID!) { bulkOperation(id: $id) { status done refused items { nodes { outcome problems { code } } } } }',
        { id: textAt(started, 'operation', 'id') },
      );
      expect(seen).toMatchObject({
        bulkOperation: {
          status: 'FINISHED',
          done: 2,
          refused: 1,
          items: { nodes: [{ outcome: 'DONE' }, { outcome: 'DONE' }, { problems: [{ code: 'NOT_FOUND' }] }] },
        },
      });
    });
    for (const { owner, applicationId } of [asking, quiet]) {
      const texts = (await messagesOf(owner, applicationId)).map((message) => valueAt(message, 'text'));
      expect(texts.filter((one) => one === text)).toHaveLength(1);
    }
    expect(await idsFound(intake, { filter: { awaitsReply: true } })).toContain(asking.applicationId);
  });
});
