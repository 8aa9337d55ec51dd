import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { idsFound } from '../finding/finding-desk.js';
import { eventually, look, type Partner, Story, staffIdOf } from '../journeys/story.js';
import { everythingOf, queriesForEverything } from '../properties/whole-view.js';
import { Listener } from '../support/listener.js';
import { addressOf } from '../support/portal.js';
import { Receiver } from '../webhooks/receiver.js';

/** Words that stand in notes and nowhere else. */
const marker = 'ornithorhynchus';
const corrected = 'thylacine';

const changed =
  'subscription ($id: ID!) { applicationChanged(id: $id) { events { type data } application { version } } }';

/**
 * A note is planted, corrected and spoken of; then everything that a partner can get hold of is gathered, and must hold
 * none of it. Each gathering is shown to work: it holds what it should, and for staff the note itself.
 */
describe('a note of staff', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;
  let noteId: string;
  let reviewer: PortalClient;
  /** All who see what the partner sees: an owner, a viewer, a machine, and staff who belong to the organization. */
  const theirs: PortalClient[] = [];
  const receivers = new Map<string, Receiver>();
  const heard: string[] = [];
  let before: unknown;

  beforeAll(async () => {
    for (const name of ['partner', 'operator']) receivers.set(name, await Receiver.listening());
    const hosts = [...receivers.values()].map((receiver) => receiver.host).join(',');
    story = await Story.open({ environment: { WEBHOOK_ALLOWED_HOSTS: hosts } });
    partner = await story.partner('Paul Partner', 'Partnered Utilities');
    const { owner, organizationId } = partner;
    applicationId = await story.inTechnicalReview(partner);
    reviewer = await story.staff('REVIEWER');
    const admin = await story.staff('ADMIN');
    const viewer = await story.colleague(partner, 'Vic Viewer', 'VIEWER');
    await admin.must('addStaff', { email: addressOf('Vic Viewer'), name: 'Vic Viewer', roles: ['REVIEWER'] });
    const key = await owner.must('createApiKey', { organizationId, name: 'A machine', scopes: ['READ'] }, 'key');
    theirs.push(owner, viewer, story.desk.stranger.as(textAt(key, 'key')));
    await owner.must('createWebhookEndpoint', { organizationId, url: receivers.get('partner')?.url, description: 'x' });
    await admin.must('createWebhookEndpoint', { url: receivers.get('operator')?.url, description: 'x' });
    const streams = [await listen(owner), await listen(reviewer)];
    before = await look(owner, applicationId, 'version updatedAt');

    const mentionIds = [await staffIdOf(await story.staff('REVIEWER', 2))];
    const added = await reviewer.must('addNote', { applicationId, text: `A ${marker}.`, mentionIds }, 'note { id }');
    noteId = textAt(added, 'note', 'id');
    await reviewer.must('correctNote', { noteId, text: `A ${marker}, or a ${corrected}.` });
    await reviewer.must('sendMessage', { applicationId, text: 'All is well.' });
    for (const stream of streams) heard.push(await hearUntil(stream, 'application.message_sent'));
    for (const stream of streams) stream.close();
  }, 120_000);
  afterAll(async () => {
    await story.close();
    for (const receiver of receivers.values()) await receiver.close();
  });

  function listen(client: PortalClient): Promise<Listener> {
    return Listener.open(client, changed, { id: applicationId });
  }

  /** All that a stream tells until it tells of this event. */
  async function hearUntil(stream: Listener, type: string): Promise<string> {
    let all = '';
    while (!all.includes(`"${type}"`)) all += JSON.stringify(await stream.told('applicationChanged'));
    return all;
  }

  /** What of the note a text tells. */
  function tells(text: unknown): string[] {
    const whole = typeof text === 'string' ? text : JSON.stringify(text);
    return [marker, corrected, noteId, 'application.note_', '"Note"'].filter((secret) => whole.includes(secret));
  }

  const everything = async (client: PortalClient) =>
    everythingOf(client, await queriesForEverything(story.desk.stranger), applicationId);

  it('is in nothing that the application has to show to them, and in what it shows to staff', async () => {
    for (const client of theirs) {
      const shown = await everything(client);
      expect(JSON.stringify(shown)).toContain('All is well.');
      expect(tells(shown)).toEqual([]);
      expect(valueAt(shown, 'application', 'notes')).toMatchObject({ nodes: [], edges: [], totalCount: 0 });
    }
    expect(tells(await everything(reviewer))).toEqual(
      expect.arrayContaining([marker, corrected, noteId, 'application.note_']),
    );
  }, 60_000);

  it('does not show by when the application changed, or how often', async () => {
    expect(await look(partner.owner, applicationId, 'version updatedAt')).toEqual(before);
  });

  it('is no object that they could find by its id, or correct', async () => {
    const query = 'query ($id: ID!) { node(id: $id) { __typename id ... on Note { text versions { text } } } }';
    for (const client of theirs) expect((await client.request(query, { id: noteId })).data).toEqual({ node: null });
    expect(tells((await reviewer.request(query, { id: noteId })).data)).toContain(marker);
    const unknown = `${noteId.slice(0, -1)}${noteId.endsWith('0') ? '1' : '0'}`;
    for (const client of theirs) {
      const [real, none] = await Promise.all(
        [noteId, unknown].map((id) => client.command('correctNote', { noteId: id, text: 'Mine.' })),
      );
      expect(real?.errors.map(({ code }) => code)).toEqual(['NOT_FOUND']);
      expect(real?.errors).toEqual(none?.errors);
    }
  });

  it('is nothing by which they find the application, whole or by its beginning', async () => {
    for (const client of theirs) {
      for (const search of [marker, corrected, 'ornitho*', `partnered ${marker}`]) {
        expect(await idsFound(client, { search })).toEqual([]);
        expect(await idsFound(client, { search, filter: { organizationId: partner.organizationId } })).toEqual([]);
      }
      expect(await idsFound(client, { search: 'partnered' })).toEqual([applicationId]);
    }
    expect(await idsFound(reviewer, { search: marker })).toEqual([applicationId]);
  });

  it('is in no stream of changes to them', () => {
    const [toPartner = '', toStaff = ''] = heard;
    expect(tells(toPartner)).toEqual([]);
    expect(tells(toStaff)).toEqual(expect.arrayContaining([noteId, 'application.note_']));
  });

  it('is in no webhook to them', async () => {
    const to = (name: string) => (receivers.get(name)?.messages ?? []).map(({ body }) => body).join('\n');
    await eventually(() => {
      expect(to('partner')).toContain('application.message_sent');
      expect(to('operator')).toContain('application.note_corrected');
    });
    expect(tells(to('partner'))).toEqual([]);
    const deliveries = await partner.owner.ask(
      `query ($id: ID!) { webhookEndpoints(organizationId: $id) { deliveries(first: 100) { nodes { event } } } }`,
      { id: partner.organizationId },
    );
    expect(JSON.stringify(deliveries)).toContain('application.message_sent');
    expect(tells(deliveries)).toEqual([]);
  });

  it('is in no letter to them, nor are its words in any letter at all', async () => {
    const folder = join(story.desk.config.dataDir, 'mail');
    await story.desk.mail.next(partner.email, /a message for you/);
    await eventually(() => expect(letters().join('\n')).toContain('you are mentioned in a note'));
    const toThem = letters().filter((letter) => /^to: .*@partner\.example\.org/im.test(letter));
    expect(toThem.join('\n')).toContain('a message for you');
    expect(toThem.filter((letter) => /note/i.test(letter) || tells(letter).length > 0)).toEqual([]);
    expect(letters().filter((letter) => letter.includes(marker) || letter.includes(corrected))).toEqual([]);

    function letters(): readonly string[] {
      return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    }
  });

  it('is in no log or report that they are refused, nor in the refusal', async () => {
    const asked = [
      '{ auditLog(first: 100) { nodes { event payload } } }',
      '{ bulkOperations { nodes { id } } }',
      '{ savedViews { nodes { id } } }',
      '{ queues { name } }',
    ];
    for (const client of theirs.filter((one) => one !== theirs[1])) {
      for (const query of asked) expect(tells(await client.request(query))).toEqual([]);
      const file = await client.file('/reports/applications.csv');
      expect([file.status, tells(await file.text())]).toEqual([403, []]);
    }
  });

  it('is in nothing that is kept to be told to partners', async () => {
    const kept = await sql<{ text: string }>`
      select (select string_agg(e::text, ' ') from timeline_event e where e.audience = 'PARTNER') || ' '
        || (select string_agg(d::text, ' ') from webhook_delivery d join webhook_endpoint p on p.id = d.endpoint_id
          where p.organization_id = ${decodeId('organization', partner.organizationId)}) || ' '
        || (select string_agg((t.partner_words || t.message_words)::text, ' ') from application_text t) as text`.execute(
      story.desk.database.kysely(),
    );
    expect(kept.rows[0]?.text).toContain('message_sent');
    expect(tells(kept.rows[0]?.text)).toEqual([]);
    expect(kept.rows[0]?.text).not.toContain(decodeId('note', noteId));
  });
});
