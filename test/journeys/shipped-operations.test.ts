import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Eyes, sight, type Viewer } from '../../src/api/eyes.js';
import { applicationReads, readQueueSummaries } from '../../src/applications/application-lists.queries.js';
import { completeDraft } from '../../src/demo/applying.js';
import type { Fields } from '../../src/demo/portal-client.js';
import { grantReads } from '../../src/grants/grant.queries.js';
import { knownOfViewer } from '../../src/identity/viewer.queries.js';
import type { Actor } from '../../src/lifecycle/actor.js';
import { createExecutor } from '../../src/platform/graphql/executor.js';
import { KnownOperations } from '../../src/platform/graphql/known-operations.js';
import { readTrustedFolder } from '../../src/platform/graphql/trusted-folder.js';
import { projectFolder } from '../../src/platform/project-folder.js';
import { Reader } from '../../src/platform/reading/reader.js';
import { Readings } from '../../src/platform/reading/readings.js';
import { buildPortalSchema } from '../../src/schema.js';
import { addressOf, openTestPortal } from '../support/portal.js';
import { Story } from './story.js';

const folder = join(projectFolder, 'operations');
const schema = buildPortalSchema();
const shipped = readTrustedFolder(folder, schema);

const someGrant = 'grant_01m86bkds2ez9tvm1ywxcxst6b';
const ina: Actor = {
  kind: 'PERSON',
  personId: '0197d0a2-0000-7000-8000-000000000001',
  name: 'Ina Intake',
  email: 'ina@operator.example.org',
  staffId: '0197d0a2-0000-7000-8000-000000000002',
  staffRoles: ['INTAKE'],
  mustChangePassword: false,
  memberships: [],
};

function post(url: string, body: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('the operations that come with the portal', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open({ environment: { TRUSTED_DOCUMENTS: folder } });
  });
  afterAll(() => story.close());

  /** Asks for an operation by its id, as a script does. */
  async function ask(token: string, name: string, variables: Fields = {}): Promise<Fields> {
    const documentId = shipped.find((one) => one.name === name)?.id;
    const response = await post(story.desk.url, { documentId, variables }, { authorization: `Bearer ${token}` });
    const { data, errors } = (await response.json()) as { data: Fields; errors?: unknown };
    expect(errors).toBeUndefined();
    return data;
  }

  it('take an application from its partner to the second stage, by nothing but their ids', async () => {
    const partner = await story.partner('Olga Owner', 'Tidewater Utilities');
    const olga = await story.session(partner.email);
    await story.staff('INTAKE');
    const ina = await story.session('staff1@operator.example.org');

    const applicationId = await story.draft(partner);
    const own = await ask(olga, 'OwnApplications', { first: 1 });
    expect(own).toMatchObject({ applications: { nodes: [{ id: applicationId, status: 'DRAFT' }] } });
    const input = { applicationId };
    expect(await ask(olga, 'SubmitApplication', { input })).toMatchObject({
      submitApplication: { application: null, errors: expect.arrayContaining([expect.anything()]) },
    });
    await completeDraft(partner.owner, applicationId);
    expect(await ask(olga, 'SubmitApplication', { input })).toMatchObject({
      submitApplication: { application: { status: 'SUBMITTED' }, errors: [] },
    });

    expect(await ask(ina, 'Viewer')).toMatchObject({ viewer: { kind: 'PERSON', staffRoles: ['INTAKE'] } });
    expect(await ask(ina, 'Queues')).toMatchObject({ queues: [{ name: 'intake', waiting: 1 }] });
    expect(await ask(ina, 'Queue', { name: 'intake' })).toMatchObject({
      queue: { nodes: [{ id: applicationId, organization: { legalName: 'Tidewater Utilities' } }] },
    });
    await (await story.staff('INTAKE')).must('startReview', input);
    expect(await ask(ina, 'AdvanceStage', { input })).toMatchObject({
      advanceStage: { application: { status: 'IN_REVIEW' }, errors: [] },
    });
    expect(await ask(ina, 'ApplicationDetail', { id: applicationId })).toMatchObject({
      application: { id: applicationId, status: 'IN_REVIEW', organization: { legalName: 'Tidewater Utilities' } },
    });
  });

  it('say of a grant whether it can be used', async () => {
    const partner = await story.partner('Gina Granted', 'Granted Works');
    const id = await story.granted(partner);
    const token = await story.session(addressOf('Gina Granted'));
    expect(await ask(token, 'GrantCheck', { id })).toMatchObject({
      grant: { id, status: 'PENDING_PROVISIONING', isUsable: false },
    });
  });

  it('can be the only ones that are answered, and then there is no page to type others into', async () => {
    const desk = await openTestPortal({ environment: { TRUSTED_DOCUMENTS: folder, TRUSTED_DOCUMENTS_ONLY: 'true' } });
    try {
      const documentId = shipped.find((one) => one.name === 'Viewer')?.id;
      const [trusted, other, page] = await Promise.all([
        post(desk.url, { documentId }),
        post(desk.url, { query: '{ viewer { kind } }' }),
        fetch(`${desk.url}/`),
      ]);
      expect(await trusted.json()).toMatchObject({ data: { viewer: { kind: 'ANONYMOUS' } } });
      expect([other.status, page.headers.get('content-type')]).toEqual([403, 'application/json; charset=utf-8']);
    } finally {
      await desk.close();
    }
  });

  it('are answered without the GraphQL server from their first request on, where the database says it all', async () => {
    const executor = createExecutor<Viewer, Eyes, Viewer>({
      schema,
      reads: { ...applicationReads, ...grantReads },
      plain: { viewer: knownOfViewer, queues: (viewer) => readQueueSummaries(story.desk.database, viewer) },
      readerOf: (viewer) => new Reader(new Readings(story.desk.database, sight), viewer),
    });
    const known = new KnownOperations(executor, (formatted) => formatted, shipped);
    const viewer: Viewer = { actor: ina, now: story.desk.clock.now() };
    const answers = {
      Viewer: {},
      Queues: {},
      Queue: { name: 'intake' },
      OwnApplications: {},
      GrantCheck: { id: someGrant },
    };
    for (const [name, variables] of Object.entries(answers)) {
      const query = shipped.find((one) => one.name === name)?.source ?? '';
      const answer = await known.answer({ query, operationName: null, variables }, async () => viewer);
      expect([name, answer?.text]).toEqual([name, expect.stringMatching(/^\{"data":\{"/)]);
    }
  });
});
