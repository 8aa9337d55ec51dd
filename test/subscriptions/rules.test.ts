import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-sse';
import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { type Partner, Story } from '../journeys/story.js';
import { type Asking, Listener } from '../support/listener.js';
import { openTestPortal } from '../support/portal.js';

const changed = 'subscription Changes($id: ID!) { applicationChanged(id: $id) { application { status } } }';

describe('the address of streams', () => {
  let story: Story;
  let partner: Partner;
  let id: string;
  const open: Listener[] = [];

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Ada Stream', 'Stream Works');
    id = await story.submitted(partner);
  }, 60_000);
  afterEach(() => {
    for (const listener of open.splice(0)) listener.close();
  });
  afterAll(() => story.close());

  async function ask(client: PortalClient, query: string, asking: Asking = {}): Promise<Listener> {
    const listener = await Listener.open(client, query, { id }, asking);
    open.push(listener);
    return listener;
  }

  async function refusal(query: string, asking: Asking = {}, client = partner.owner): Promise<unknown> {
    const listener = await ask(client, query, asking);
    return [listener.status, (await listener.errors())[0]?.extensions.code];
  }

  it('is understood by the client of graphql-sse, which hears of changes and takes its leave', async () => {
    const client = createClient({ url: `${story.desk.url}/graphql/stream`, headers: partner.owner.authorization });
    const connected = new Promise((resolve) => {
      const stop = client.subscribe(
        { query: changed, variables: { id } },
        {
          next: (result) => {
            stop();
            resolve(result);
          },
          error: resolve,
          complete: () => {},
        },
        {
          connected: () =>
            void story.staff('INTAKE').then((intake) => intake.must('startReview', { applicationId: id })),
        },
      );
    });
    expect(await connected).toEqual({ data: { applicationChanged: { application: { status: 'IN_REVIEW' } } } });
  }, 30_000);

  it('answers requests of browsers’ own EventSource, which say all in the address', async () => {
    const listener = await ask(partner.owner, changed, { method: 'GET' });
    expect([listener.status, listener.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const broken = { method: 'GET', headers: {} } as const;
    expect(await refusal('subscription {', broken)).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
  });

  it('refuses a page of another origin that makes a browser send its cookie, however it asks', async () => {
    const cookie = 'sallyport_session=abc';
    const foreign = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const method of ['GET', 'POST'] as const) {
      expect(await refusal(changed, { method, headers: foreign }, story.desk.stranger)).toEqual([403, 'FORBIDDEN']);
    }
  });

  it('answers nothing but subscriptions, and nothing but events', async () => {
    expect(await refusal('query { viewer { person { id } } }')).toEqual([400, 'BAD_REQUEST']);
    expect(await refusal('mutation { signOut { done } }'.replace('done', 'errors { code }'))).toEqual([
      400,
      'BAD_REQUEST',
    ]);
    expect(await refusal(changed, { headers: { accept: 'application/json' } })).toEqual([406, 'BAD_REQUEST']);
    expect(await refusal(changed, { body: { variables: {} } })).toEqual([400, 'BAD_REQUEST']);
  });

  it('holds subscriptions to the limits of queries, and checks them before anything is sent', async () => {
    const aliases = Array.from({ length: 51 }, (_none, number) => `a${number}: status`).join(' ');
    const large = `subscription ($id: ID!) { applicationChanged(id: $id) { application { ${aliases} } } }`;
    expect(await refusal(large)).toEqual([400, 'QUERY_TOO_COMPLEX']);
    const unknown = 'subscription ($id: ID!) { applicationChanged(id: $id) { application { colour } } }';
    expect(await refusal(unknown)).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    const page =
      'subscription ($id: ID!) { applicationChanged(id: $id) { application { timeline(first: 1000) { nodes { id } } } } }';
    expect(await refusal(page)).toEqual([400, 'INVALID']);
    const other = 'subscription { applicationChanged(id: "person_01") { application { id } } }';
    expect(await refusal(other)).toEqual([400, 'INVALID_ID']);
  });

  it('opens nothing for a request that has no body to read', async () => {
    const address = `${story.desk.url}/graphql/stream?${new URLSearchParams({ query: changed })}`;
    const headers = { accept: 'text/event-stream', ...partner.owner.authorization };
    const answer = await fetch(address, { method: 'HEAD', headers });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  it('is where /graphql sends subscriptions', async () => {
    const { errors } = await partner.owner.request(changed, { id });
    expect(errors[0]?.message).toBe('Subscriptions are answered at /graphql/stream, as server-sent events.');
  });

  it('carries twenty streams of one person, and as many of another', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(partner.owner, changed)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const oneMore = await ask(partner.owner, changed);
    expect([oneMore.status, oneMore.headers['retry-after']]).toEqual([429, '30']);
    expect(valueAt(await oneMore.errors(), 0, 'message')).toMatch(/20 streams open/);
    expect((await ask(await story.staff('REVIEWER'), changed)).status).toBe(200);
  });
});

describe('where documents are trusted', () => {
  let folder: string;
  const documentId = `sha256:${createHash('sha256').update(changed).digest('hex')}`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-trusted-'));
    writeFileSync(join(folder, 'changes.graphql'), changed);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('a stream is opened by the id of a subscription on the list', async () => {
    const story = await Story.open({ environment: { TRUSTED_DOCUMENTS: folder } });
    try {
      const partner = await story.partner('Bea Stream', 'Trusted Works');
      const variables = { id: await story.submitted(partner) };
      const known = await Listener.open(partner.owner, '', {}, { body: { documentId, variables } });
      expect(known.status).toBe(200);
      known.close();
      const unknown = await Listener.open(partner.owner, '', {}, { body: { documentId: `${documentId}0`, variables } });
      expect((await unknown.errors())[0]?.extensions.code).toBe('PERSISTED_DOCUMENT_NOT_FOUND');
    } finally {
      await story.close();
    }
  }, 60_000);

  it('and by no other text, where nothing else is answered', async () => {
    const environment = { TRUSTED_DOCUMENTS: folder, TRUSTED_DOCUMENTS_ONLY: 'true' };
    const desk = await openTestPortal({ environment });
    try {
      const other = await Listener.open(desk.stranger, `${changed} `, {});
      expect([other.status, (await other.errors())[0]?.extensions.code]).toEqual([403, 'DOCUMENT_NOT_TRUSTED']);
      const listed = await Listener.open(desk.stranger, '', {}, { body: { documentId } });
      expect([listed.status, (await listed.errors())[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    } finally {
      await desk.close();
    }
  }, 60_000);
});
