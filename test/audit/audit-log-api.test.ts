import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tokenIn } from '../../src/demo/people.js';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { listAt, numberAt, type Partner, Story } from '../journeys/story.js';

const everyField = `id sequence at command event version audience actorKind actorId actorRole actorName organizationId
  applicationId subjectId payload requestId previousHash hash`;

describe('the audit log in the API', () => {
  let story: Story;
  let partner: Partner;
  let other: Partner;
  let auditor: PortalClient;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Olga Owner', 'Tidewater Utilities');
    other = await story.partner('Otto Other', 'Harbour Shield');
    applicationId = await story.inScreening(partner);
    auditor = await story.staff('AUDITOR');
  });
  afterAll(() => story.close());

  async function log(client: PortalClient, filter: Fields | null, fields: string, page: Fields = { first: 100 }) {
    const query = `query ($filter: AuditLogFilterInput, $first: Int, $after: String) {
      auditLog(filter: $filter, first: $first, after: $after) { nodes { ${fields} } totalCount pageInfo { hasNextPage endCursor } } }`;
    return valueAt(await client.ask(query, { filter, ...page }), 'auditLog');
  }

  async function codeFor(client: PortalClient, filter: Fields = {}): Promise<unknown> {
    const query = 'query ($filter: AuditLogFilterInput) { auditLog(filter: $filter) { nodes { id } } }';
    return (await client.request(query, { filter })).errors[0]?.extensions?.code;
  }

  it('tells an auditor who did what to what, with the hashes that chain it, latest first', async () => {
    const records = listAt(await log(auditor, null, everyField), 'nodes');
    const sequences = records.map((record) => numberAt(record, 'sequence'));
    expect(sequences).toEqual([...sequences].sort((one, next) => next - one));
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_none, place) => sequences.length - place));
    const hashes = new Map(records.map((record) => [numberAt(record, 'sequence'), textAt(record, 'hash')]));
    for (const record of records) {
      const before = hashes.get(numberAt(record, 'sequence') - 1) ?? '0'.repeat(64);
      expect(textAt(record, 'previousHash')).toBe(before);
    }
    const started = records.find((record) => valueAt(record, 'event') === 'application.review_started');
    expect(started).toMatchObject({
      id: expect.stringMatching(/^event_/),
      command: 'application.startReview',
      version: 1,
      audience: 'PARTNER',
      actorKind: 'PERSON',
      actorId: expect.stringMatching(/^person_/),
      actorRole: 'INTAKE',
      actorName: expect.stringMatching(/^Staff intake/),
      organizationId: partner.organizationId,
      applicationId,
      subjectId: applicationId,
      payload: { applicationId, status: 'IN_REVIEW' },
    });
    const published = records.find((record) => valueAt(record, 'event') === 'program.published');
    expect(published).toMatchObject({
      actorKind: 'SYSTEM',
      actorId: null,
      actorRole: 'test',
      actorName: 'test',
      organizationId: null,
      applicationId: null,
      subjectId: story.programId,
    });
  });

  it('is read page by page', async () => {
    const first = await log(auditor, null, 'sequence', { first: 5 });
    const after = textAt(first, 'pageInfo', 'endCursor');
    const next = await log(auditor, null, 'sequence', { first: 5, after });
    const lastOfFirst = numberAt(first, 'nodes', 4, 'sequence');
    expect(numberAt(next, 'nodes', 0, 'sequence')).toBe(lastOfFirst - 1);
    expect(valueAt(first, 'pageInfo', 'hasNextPage')).toBe(true);
  });

  it('is narrowed by organization, application, actor, event and time', async () => {
    const count = async (filter: Fields) => numberAt(await log(auditor, filter, 'id'), 'totalCount');
    const all = await count({});
    const ofOther = await log(auditor, { organizationId: other.organizationId }, 'event organizationId');
    expect(listAt(ofOther, 'nodes')).toEqual([{ event: 'organization.created', organizationId: other.organizationId }]);
    const ofApplication = listAt(await log(auditor, { applicationId }, 'event applicationId'), 'nodes');
    expect(new Set(ofApplication.map((record) => valueAt(record, 'applicationId')))).toEqual(new Set([applicationId]));

    const [started] = listAt(await log(auditor, { event: 'application.review_started' }, 'event at actorId'), 'nodes');
    const actorId = textAt(started, 'actorId');
    const byIntake = listAt(await log(auditor, { actorId }, 'actorRole event'), 'nodes');
    expect(byIntake.map((record) => valueAt(record, 'event'))).toContain('application.review_started');
    expect(byIntake.map((record) => valueAt(record, 'actorRole'))).not.toContain('OWNER');

    const at = textAt(started, 'at');
    const [before, since] = [await count({ to: at }), await count({ from: at })];
    expect(before).toBeGreaterThan(0);
    expect(since).toBeGreaterThan(0);
    expect(before + since).toBe(all);
  });

  it('is open to administrators and to machines of the operator that may read, as to auditors', async () => {
    const admin = await story.staff('ADMIN');
    expect(await codeFor(admin)).toBeUndefined();
    const created = await admin.must('createApiKey', { name: 'SIEM', scopes: ['READ'] }, 'key apiKey { id }');
    const machine = story.desk.stranger.as(textAt(created, 'key'));
    expect(await codeFor(machine)).toBeUndefined();
    expect(valueAt(await log(machine, { event: 'api_key.created' }, 'subjectId'), 'nodes')).toEqual([
      { subjectId: textAt(created, 'apiKey', 'id') },
    ]);
  });

  it('is forbidden to other staff and to partners, and asks strangers to sign in', async () => {
    for (const role of ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'] as const) {
      expect(await codeFor(await story.staff(role))).toBe('FORBIDDEN');
    }
    expect(await codeFor(partner.owner)).toBe('FORBIDDEN');
    expect(await codeFor(await story.provisioner())).toBe('FORBIDDEN');
    expect(await codeFor(story.desk.stranger)).toBe('UNAUTHENTICATED');
  });

  it('refuses filters that can match nothing by mistake, and says why', async () => {
    for (const [filter, code] of [
      [{ organizationId: applicationId }, 'INVALID_ID'],
      [{ applicationId: '' }, 'INVALID_ID'],
      [{ actorId: partner.organizationId }, 'INVALID_ID'],
      [{ event: 'application.exploded' }, 'INVALID'],
      [{ from: '2026-06-26T00:00:00Z', to: '2026-06-15T00:00:00Z' }, 'INVALID'],
    ] as const) {
      expect(await codeFor(auditor, filter)).toBe(code);
    }
    const unknown = { organizationId: encodeId('organization', '01a20cba-1fca-733e-af11-319d4779b514') };
    expect(valueAt(await log(auditor, unknown, 'id'), 'nodes')).toEqual([]);
  });

  it('gives a record by its id to those who may read the log, and nothing to others', async () => {
    const id = textAt(await log(auditor, { event: 'application.review_started' }, 'id'), 'nodes', 0, 'id');
    const query = 'query ($id: ID!) { node(id: $id) { id ... on AuditRecord { event } } }';
    expect(await auditor.ask(query, { id })).toEqual({ node: { id, event: 'application.review_started' } });
    for (const client of [partner.owner, await story.staff('INTAKE'), story.desk.stranger]) {
      expect(await client.ask(query, { id })).toEqual({ node: null });
    }
  });

  it('keeps from an auditor what staff did about an organization that the auditor belongs to', async () => {
    const member = await story.staff('AUDITOR', 2);
    const email = textAt(await member.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    const { organizationId, owner } = partner;
    await owner.must('inviteMember', { organizationId, email, role: 'VIEWER' });
    await member.must('acceptInvitation', { token: tokenIn(await story.desk.mail.next(email, /invites you to join/)) });

    expect(valueAt(await log(member, { organizationId }, 'id'), 'totalCount')).toBe(0);
    const all = listAt(await log(member, null, 'organizationId event'), 'nodes');
    const concerned = new Set(all.map((record) => valueAt(record, 'organizationId')));
    expect(concerned).toEqual(new Set([other.organizationId, null]));
  });
});
