import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { uploadDocument } from '../../src/demo/applying.js';
import { type Fields, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, type IdKind, randomIds } from '../../src/platform/ids.js';
import { listAt, look, type Partner, Story } from '../journeys/story.js';
import { changesNothing, complaint, refused } from './bad-input-desk.js';

/** Every command that names an object which belongs to one organization: where its id goes, and what else it takes. */
const commands: readonly (readonly [command: string, kind: IdKind, place: string, others: Fields])[] = [
  ['saveDraft', 'application', 'applicationId', { answers: { seats: 1 } }],
  ['acceptTerms', 'application', 'applicationId', { termsId: encodeId('terms', randomIds.next()) }],
  ['submitApplication', 'application', 'applicationId', {}],
  ['withdrawApplication', 'application', 'applicationId', {}],
  ['startReview', 'application', 'applicationId', {}],
  ['advanceStage', 'application', 'applicationId', {}],
  ['assignApplication', 'application', 'applicationId', {}],
  ['returnForCorrection', 'application', 'applicationId', { reason: 'No.' }],
  ['returnWithoutAction', 'application', 'applicationId', { reason: 'No.' }],
  ['requestInformation', 'application', 'applicationId', { questions: [{ text: 'Why?' }] }],
  [
    'respondToInformationRequest',
    'application',
    'applicationId',
    { informationRequestId: encodeId('inforequest', randomIds.next()), answers: [{ question: 1, text: 'Because.' }] },
  ],
  ['giveRecommendation', 'application', 'applicationId', { kind: 'REFUSE', comment: 'No.' }],
  ['declareRecusal', 'application', 'applicationId', { reason: 'No.' }],
  ['proposeDecision', 'application', 'applicationId', { outcome: 'REFUSE', reasons: ['No.'] }],
  ['countersignDecision', 'application', 'applicationId', { decisionId: encodeId('decision', randomIds.next()) }],
  [
    'declineToCountersign',
    'application',
    'applicationId',
    { decisionId: encodeId('decision', randomIds.next()), reason: 'No.' },
  ],
  [
    'answerIntentToRefuse',
    'application',
    'applicationId',
    { intentId: encodeId('intent', randomIds.next()), response: 'No.' },
  ],
  ['acceptIntentToRefuse', 'application', 'applicationId', { intentId: encodeId('intent', randomIds.next()) }],
  [
    'rescindIntentToRefuse',
    'application',
    'applicationId',
    { intentId: encodeId('intent', randomIds.next()), reason: 'No.' },
  ],
  ['appealDecision', 'application', 'applicationId', { grounds: 'No.' }],
  [
    'requestDocumentUpload',
    'application',
    'applicationId',
    {
      requirementKey: 'supporting-evidence',
      fileName: 'a.txt',
      mediaType: 'text/plain',
      size: 1,
      sha256: '0'.repeat(64),
    },
  ],
  ['completeDocumentUpload', 'document', 'documentId', {}],
  ['removeDocument', 'document', 'documentId', {}],
  ['acknowledgeProvisioning', 'grant', 'grantId', {}],
  ['acknowledgeDeprovisioning', 'grant', 'grantId', {}],
  ['suspendGrant', 'grant', 'grantId', { reason: 'No.' }],
  ['reinstateGrant', 'grant', 'grantId', { reason: 'No.' }],
  ['revokeGrant', 'grant', 'grantId', { reason: 'No.' }],
  ['surrenderGrant', 'grant', 'grantId', {}],
  ['addNamedUser', 'grant', 'grantId', { displayName: 'X', email: 'x@example.org', exportStatus: 'UNRESTRICTED' }],
  ['inviteMember', 'organization', 'organizationId', { email: 'x@example.org', role: 'OWNER' }],
  [
    'changeMemberRole',
    'organization',
    'organizationId',
    { personId: encodeId('person', randomIds.next()), role: 'OWNER' },
  ],
  ['removeMember', 'organization', 'organizationId', { personId: encodeId('person', randomIds.next()) }],
  ['startApplication', 'organization', 'organizationId', { programId: encodeId('program', randomIds.next()) }],
  ['createApiKey', 'organization', 'organizationId', { name: 'A key', scopes: ['READ'] }],
  ['createWebhookEndpoint', 'organization', 'organizationId', { url: 'https://hooks.example.org/' }],
  ['removeNamedUser', 'nameduser', 'namedUserId', {}],
  ['attestNamedUserStatus', 'nameduser', 'namedUserId', { exportStatus: 'FOREIGN' }],
  ['startRenewal', 'application', 'applicationId', {}],
  [
    'attestRecertification',
    'recertification',
    'recertificationId',
    { isStillUsed: true, usersReviewed: true, statement: 'As before.' },
  ],
  ['confirmRecertification', 'recertification', 'recertificationId', {}],
  ['declineRecertification', 'recertification', 'recertificationId', { reason: 'No.' }],
  ['revokeInvitation', 'invitation', 'invitationId', {}],
  ['revokeApiKey', 'apikey', 'apiKeyId', {}],
  ['updateWebhookEndpoint', 'endpoint', 'endpointId', { enabled: false }],
  ['rotateWebhookSecret', 'endpoint', 'endpointId', {}],
  ['removeWebhookEndpoint', 'endpoint', 'endpointId', {}],
  ['pingWebhookEndpoint', 'endpoint', 'endpointId', {}],
  ['replayWebhookDelivery', 'delivery', 'deliveryId', {}],
];

/** Every field of a query that takes the id of such an object. */
const queries = [
  ['application', 'application(id: $id) { id reference answers timeline { nodes { data } } }'],
  ['grant', 'grant(id: $id) { id conditions }'],
  ['organization', 'organization(id: $id) { id legalName members { person { name } } }'],
  ['application', 'node(id: $id) { id ... on Application { reference } }'],
  ['document', 'node(id: $id) { id ... on Document { downloadUrl } }'],
  ['grant', 'node(id: $id) { id ... on Grant { conditions } }'],
  ['nameduser', 'node(id: $id) { id ... on NamedUser { email } }'],
  ['recertification', 'node(id: $id) { id ... on Recertification { statement } }'],
  ['organization', 'node(id: $id) { id ... on Organization { legalName } }'],
  ['person', 'node(id: $id) { id ... on Person { name email } }'],
  ['staff', 'node(id: $id) { id ... on StaffMember { roles } }'],
  ['apikey', 'node(id: $id) { id ... on ApiKey { name } }'],
] as const;

describe('an id that is not one of yours', () => {
  let story: Story;
  let stranger: Partner;
  /** One object of each kind that belongs to somebody else. */
  let foreign: Partial<Record<IdKind, string>>;

  beforeAll(async () => {
    story = await Story.open({
      portal: { resolveHost: async () => [{ address: '93.184.215.14', family: 4 }], webhookRetries: [] },
    });
    const holder = await story.partner('Holly Holder', 'Holder Utilities');
    stranger = await story.partner('Sam Stranger', 'Stranger Utilities');
    const { owner, organizationId } = holder;
    const endpoint = await owner.must(
      'createWebhookEndpoint',
      { organizationId, url: 'https://hooks.example.org/' },
      'webhookEndpoint { id }',
    );
    const grantId = await story.granted(holder);
    const grant = await owner.ask('query ($id: ID!) { grant(id: $id) { applicationId } }', { id: grantId });
    const invited = await owner.must(
      'inviteMember',
      { organizationId, email: 'colleague@example.org', role: 'VIEWER' },
      'invitation { id }',
    );
    const key = await owner.must(
      'createApiKey',
      { organizationId, name: 'Machine', scopes: ['READ'] },
      'apiKey { id }',
    );
    const named = await owner.must(
      'addNamedUser',
      { grantId, displayName: 'Una User', email: 'una@example.org', exportStatus: 'UNRESTRICTED' },
      'namedUser { id }',
    );
    const applicationId = textAt(grant, 'grant', 'applicationId');
    const seen = await look(owner, applicationId, 'documents { id } createdBy { id }');
    const staff = await (await story.staff('ADMIN')).ask('{ staff { id } }');
    const deliveries = await owner.ask(
      'query ($id: ID!) { webhookEndpoints(organizationId: $id) { deliveries(first: 1) { nodes { id } } } }',
      { id: organizationId },
    );
    foreign = {
      application: applicationId,
      grant: grantId,
      nameduser: textAt(named, 'namedUser', 'id'),
      recertification: await recertificationOf(grantId),
      document: textAt(seen, 'documents', 0, 'id'),
      person: textAt(seen, 'createdBy', 'id'),
      organization: organizationId,
      invitation: textAt(invited, 'invitation', 'id'),
      apikey: textAt(key, 'apiKey', 'id'),
      staff: textAt(staff, 'staff', 0, 'id'),
      endpoint: textAt(endpoint, 'webhookEndpoint', 'id'),
      delivery: textAt(listAt(deliveries, 'webhookEndpoints'), 0, 'deliveries', 'nodes', 0, 'id'),
    };
  });
  afterAll(() => story.close());

  /** One that waits for its partner; otherwise the portal opens them by itself. */
  async function recertificationOf(grantId: string): Promise<string> {
    const made = await sql<{
      id: string;
    }>`insert into recertification (id, grant_id, organization_id, status, opened_at, due_at)
      select gen_random_uuid(), id, organization_id, 'DUE', now(), now() + interval '30 days' from access_grant
      where id = ${decodeId('grant', grantId)} returning id`.execute(story.desk.database.kysely());
    return encodeId('recertification', made.rows[0]?.id ?? '');
  }

  const foreignId = (kind: IdKind): string => foreign[kind] ?? '';
  const unknownId = (kind: IdKind): string => encodeId(kind, randomIds.next());

  describe.each(commands)('given to %s', (command, kind, place, others) => {
    const give = (id: string) => refused(story.desk, stranger.owner, command, { ...others, [place]: id });

    it('is not found, in the very words for an id that is nowhere', async () => {
      const absent = await give(unknownId(kind));
      expect(absent).toEqual([complaint('NOT_FOUND', place, /^There is no [\w ]+ with this id\.$/i)]);
      expect(await give(foreignId(kind))).toEqual(absent);
    });

    it('is said to be of another kind, or no id at all', async () => {
      expect(await give(unknownId(kind === 'terms' ? 'grant' : 'terms'))).toEqual([
        complaint('INVALID_ID', place, new RegExp(`^This id names a terms, and an? ${kind} id is wanted here\\.$`)),
      ]);
      // createApiKey takes an empty id for none.
      const empty = command === 'createApiKey' ? [] : [''];
      for (const garbage of [
        ...empty,
        'x',
        `${kind}_`,
        `${kind}_8zzzzzzzzzzzzzzzzzzzzzzzzz`,
        '../../etc/passwd',
        '0'.repeat(9999),
      ]) {
        expect(await give(garbage)).toEqual([complaint('INVALID_ID', place, /is not an id\. Ids here look like/)]);
      }
    });
  });

  describe.each(queries)('of kind %s, asked for by %s', (kind, field) => {
    const ask = (id: string) => stranger.owner.request(`query ($id: ID!) { ${field} }`, { id });

    it('finds nothing, as an id that is nowhere does', async () => {
      const absent = await ask(unknownId(kind));
      expect({ ...absent, headers: null }).toEqual({
        status: 200,
        headers: null,
        data: { [field.split('(')[0] ?? '']: null },
        errors: [],
      });
      expect({ ...(await ask(foreignId(kind))), headers: null }).toEqual({ ...absent, headers: null });
    });

    it('is refused when it is no id', async () => {
      const { status, data, errors } = await ask('nonsense');
      expect([status, data]).toEqual([200, { [field.split('(')[0] ?? '']: null }]);
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_ID', path: ['id'] } }]);
    });
  });

  it('narrows lists to nothing', async () => {
    const asked = await stranger.owner.ask(
      `query ($id: ID!) { applications(filter: { organizationId: $id }) { totalCount }
        grants(filter: { organizationId: $id }) { totalCount } webhookEndpoints(organizationId: $id) { id } }`,
      { id: foreignId('organization') },
    );
    expect(asked).toEqual({ applications: { totalCount: 0 }, grants: { totalCount: 0 }, webhookEndpoints: [] });
  });

  it('is no id when it is empty, rather than none', async () => {
    for (const list of ['applications', 'grants']) {
      const { errors } = await stranger.owner.request(`{ ${list}(filter: { organizationId: "" }) { totalCount } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_ID', path: ['filter', 'organizationId'] } }]);
    }
  });

  it('of another organization’s document opens nothing by a link of one’s own', async () => {
    const applicationId = await story.draft(stranger);
    const own = await uploadDocument(stranger.owner, applicationId, 'supporting-evidence', {
      fileName: 'own.pdf',
      bytes: Buffer.from('%PDF-1.4\n%%EOF\n'),
    });
    const seen = await look(stranger.owner, applicationId, 'documents { downloadUrl }');
    const link = textAt(seen, 'documents', 0, 'downloadUrl');
    expect((await fetch(link)).status).toBe(200);
    const forged = await fetch(link.replace(own, foreignId('document')));
    expect(forged.status).toBe(404);
    expect(await forged.json()).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  });

  it('does not count when a stranger uses it without signing in', async () => {
    const complaints = await changesNothing(story.desk, () =>
      story.desk.stranger.command('saveDraft', { applicationId: foreignId('application'), answers: {} }).then(
        () => 'accepted',
        (error: unknown) => valueAt(error, 'code'),
      ),
    );
    expect(complaints).toBe('UNAUTHENTICATED');
  });
});
