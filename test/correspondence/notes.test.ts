import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { idsFound } from '../finding/finding-desk.js';
import { codesOf, listAt, look, type Partner, refusal, Story, staffIdOf, timelineOf } from '../journeys/story.js';
import { addressOf } from '../support/portal.js';

const seen =
  'text author { name } mentions { person { name } } writtenAt correctedAt version versions { number text mentions { id } }';

describe('notes', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;
  let intake: PortalClient;
  let reviewer: PortalClient;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Nina Note', 'Noted Utilities');
    applicationId = await story.inTechnicalReview(partner);
    intake = await story.staff('INTAKE');
    reviewer = await story.staff('REVIEWER');
  }, 60_000);
  afterAll(() => story.close());

  const add = async (client: PortalClient, text: string, more: Fields = {}) =>
    textAt(await client.must('addNote', { applicationId, text, ...more }, 'note { id }'), 'note', 'id');
  const notesOf = async (client: PortalClient, fields = seen, id = applicationId) =>
    listAt(await look(client, id, `notes { nodes { ${fields} } }`), 'notes', 'nodes');
  const nodeOf = async (client: PortalClient, id: string) =>
    valueAt(await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id }), 'node');
  const problemsOf = async (client: PortalClient, command: string, input: Fields) =>
    (await client.command(command, input)).errors.map(({ code, path }) => `${code} ${path.join('.')}`);

  it('are read by staff, newest first, and counted', async () => {
    await add(intake, 'Their registration was looked up.');
    await add(reviewer, 'The laboratory is in the cellar.');
    const found = await look(await story.staff('AUDITOR'), applicationId, `notes { totalCount nodes { ${seen} } }`);
    const note = (text: string, name: RegExp) => ({
      text,
      author: { name: expect.stringMatching(name) },
      mentions: [],
      writtenAt: expect.any(String),
      correctedAt: null,
      version: 1,
      versions: [{ number: 1, text, mentions: [] }],
    });
    expect(found).toEqual({
      notes: {
        totalCount: 2,
        nodes: [
          note('The laboratory is in the cellar.', /^Staff reviewer/),
          note('Their registration was looked up.', /^Staff intake/),
        ],
      },
    });
  });

  it('are corrected by whoever wrote them, and what they said before stays', async () => {
    const noteId = await add(reviewer, 'Three laboratories.');
    const corrected = await reviewer.must(
      'correctNote',
      { noteId, text: 'Two laboratories.', expectedVersion: 1 },
      `note { id ${seen} }`,
    );
    expect(valueAt(corrected, 'note')).toMatchObject({
      id: noteId,
      text: 'Two laboratories.',
      correctedAt: expect.any(String),
      version: 2,
      versions: [
        { number: 1, text: 'Three laboratories.' },
        { number: 2, text: 'Two laboratories.' },
      ],
    });
    expect(await codesOf(reviewer, 'correctNote', { noteId, text: 'One.', expectedVersion: 1 })).toEqual(['CONFLICT']);
    expect(await codesOf(intake, 'correctNote', { noteId, text: 'One.' })).toEqual(['FORBIDDEN']);
    const both = ['One.', 'Four.'].map((text) =>
      codesOf(reviewer, 'correctNote', { noteId, text, expectedVersion: 2 }),
    );
    expect((await Promise.all(both)).flat()).toEqual(['CONFLICT']);
    // What changes nothing is no correction.
    const [note] = await notesOf(reviewer, 'text version');
    await reviewer.must('correctNote', { noteId, text: valueAt(note, 'text') });
    expect((await notesOf(reviewer, 'text version'))[0]).toEqual(note);
    const types = (await timelineOf(intake, applicationId)).filter((type) => type.startsWith('application.note'));
    expect(types).toEqual([...Array(3).fill('application.note_added'), ...Array(2).fill('application.note_corrected')]);
  });

  it('mention colleagues, who get a letter that does not say what the note says', async () => {
    const [one, other] = [await story.staff('REVIEWER', 2), await story.staff('REVIEWER', 3)];
    const emailOf = async (client: PortalClient) =>
      textAt(await client.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    const ids = [await staffIdOf(one), await staffIdOf(other)];
    const noteId = await add(reviewer, 'Look at the wombat.', { mentionIds: [ids[0]] });
    expect(await story.desk.mail.next(await emailOf(one), /you are mentioned in a note/)).not.toContain('wombat');
    await reviewer.must('correctNote', { noteId, text: 'Look at the wombat, both of you.', mentionIds: ids });
    expect(await story.desk.mail.next(await emailOf(other), /you are mentioned/)).not.toContain('wombat');
    const [note] = await notesOf(intake, 'mentions { id } versions { mentions { id } }');
    expect(note).toEqual({
      mentions: ids.map((id) => ({ id })),
      versions: [{ mentions: [{ id: ids[0] }] }, { mentions: ids.map((id) => ({ id })) }],
    });
    const events = await look(intake, applicationId, 'timeline(first: 2) { nodes { type data } }');
    expect(listAt(events, 'timeline', 'nodes').map((event) => valueAt(event, 'data', 'mentioned'))).toEqual([
      [ids[1]],
      [ids[0]],
    ]);
  });

  it('mention nobody who is recused, belongs to the organization, has left or never was there', async () => {
    const [recused, left] = [await story.staff('DECIDER', 2), await story.staff('REVIEWER', 4)];
    const admin = await story.staff('ADMIN');
    const mentionIds = [await staffIdOf(recused), await staffIdOf(left), encodeId('staff', randomIds.next())];
    await recused.must('declareRecusal', { applicationId, reason: 'A friend runs it.' });
    await admin.must('deactivateStaff', { staffId: mentionIds[1] });
    await story.colleague(partner, 'Mira Member', 'VIEWER');
    const email = addressOf('Mira Member');
    await admin.must('addStaff', { email, name: 'Mira Member', roles: ['REVIEWER'] });
    const staff = listAt(await admin.ask('{ staff { id person { email } } }'), 'staff');
    mentionIds.push(
      textAt(
        staff.find((one) => valueAt(one, 'person', 'email') === email),
        'id',
      ),
    );
    expect(await problemsOf(reviewer, 'addNote', { applicationId, text: 'Hear, hear.', mentionIds })).toEqual([
      'FOUR_EYES mentionIds.0',
      'NOT_FOUND mentionIds.1',
      'NOT_FOUND mentionIds.2',
      'FOUR_EYES mentionIds.3',
    ]);
  });

  it('are nothing to whoever is recused from the organization or belongs to it', async () => {
    const noteId = await add(reviewer, 'A confidential capybara.');
    const recused = await story.staff('DECIDER', 2);
    const both = await story.signInAgain(addressOf('Mira Member'));
    for (const client of [recused, both, partner.owner]) {
      expect(await look(client, applicationId, 'notes { totalCount nodes { id } }')).toEqual({
        notes: { totalCount: 0, nodes: [] },
      });
      expect(await nodeOf(client, noteId)).toBeNull();
      expect(await idsFound(client, { search: 'capybara' })).toEqual([]);
      expect(await idsFound(client, { search: 'capybara', filter: { statuses: ['IN_REVIEW'] } })).toEqual([]);
      expect((await idsFound(client, { search: 'noted utilities' })).includes(applicationId)).toBe(true);
    }
    expect(await codesOf(recused, 'addNote', { applicationId, text: 'x' })).toEqual(['FOUR_EYES']);
    for (const client of [both, partner.owner])
      expect(await codesOf(client, 'correctNote', { noteId, text: 'x' })).toEqual(['NOT_FOUND']);
    expect(await codesOf(both, 'addNote', { applicationId, text: 'x' })).toEqual(['FOUR_EYES']);
    expect(await nodeOf(intake, noteId)).toEqual({ id: noteId });
  });

  it('are found by staff by their words, by those of earlier versions too', async () => {
    const noteId = await add(reviewer, 'They keep an okapi.');
    await reviewer.must('correctNote', { noteId, text: 'They keep a tapir.' });
    for (const search of ['okapi', 'tapir', 'tapi* noted'])
      expect([search, await idsFound(intake, { search })]).toEqual([search, [applicationId]]);
    expect(await idsFound(partner.owner, { search: 'okapi' })).toEqual([]);
  });

  it('are written by staff who handle applications, as long as there is something to note', async () => {
    const decided = await story.decided(await story.partner('Dina Noted', 'Decided Utilities'), refusal);
    await reviewer.must('addNote', { applicationId: decided, text: 'They called about it.' });
    for (const [client, codes] of [
      [await story.staff('AUDITOR'), ['FORBIDDEN']],
      [await story.staff('ADMIN'), ['FORBIDDEN']],
      [partner.owner, ['FORBIDDEN']],
      [story.desk.stranger, ['UNAUTHENTICATED']],
    ] as const) {
      expect(await codesOf(client, 'addNote', { applicationId, text: 'x' })).toEqual(codes);
    }
    expect(await problemsOf(reviewer, 'addNote', { applicationId, text: '' })).toEqual(['REQUIRED text']);
    expect(await problemsOf(reviewer, 'addNote', { applicationId, text: 'x'.repeat(8_001) })).toEqual(['INVALID text']);
    const many = Array.from({ length: 21 }, () => encodeId('staff', randomIds.next()));
    expect(await problemsOf(reviewer, 'addNote', { applicationId, text: 'x', mentionIds: many })).toEqual([
      'LIMIT_REACHED mentionIds',
    ]);
  }, 60_000);
});
