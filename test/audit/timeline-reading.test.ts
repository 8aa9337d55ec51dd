import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OperationDefinitionNode, parse } from 'graphql';
import { sql } from 'kysely';
import { type Eyes, sight, type Viewer } from '../../src/api/eyes.js';
import { applicationReads } from '../../src/applications/application-lists.queries.js';
import type { Actor } from '../../src/lifecycle/actor.js';
import type { Database } from '../../src/platform/database/database.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { beginMonths } from '../../src/platform/months.js';
import { Readings } from '../../src/platform/reading/readings.js';
import { askedField } from '../../src/platform/reading/selection.js';
import { buildPortalSchema } from '../../src/schema.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type PlanNode, planOf } from '../support/plans.js';
import { monthsOf, writeRecords } from './log-keeper.js';

const reviewer: Actor = {
  kind: 'PERSON',
  personId: randomIds.next(),
  name: 'Rita Reviewer',
  email: 'rita@operator.example',
  staffId: randomIds.next(),
  staffRoles: ['REVIEWER'],
  mustChangePassword: false,
  memberships: [],
};

describe('the timelines of applications, beside a log of many months', () => {
  let database: TestDatabase;
  let applications: readonly string[];

  beforeAll(async () => {
    database = await openTestDatabase();
    applications = await fill(database);
  });
  afterAll(() => database.close());

  /** How PostgreSQL runs the statement that the portal composes for a query. */
  async function planFor(query: string, read: keyof typeof applicationReads, variables: Record<string, unknown>) {
    const ran: { text: string; values: readonly unknown[] }[] = [];
    const noting: Database = {
      ...database,
      answer: (statement, values) => {
        ran.push({ text: statement.text, values });
        return database.answer(statement, values);
      },
    };
    const schema = buildPortalSchema();
    const operation = parse(query).definitions[0] as OperationDefinitionNode;
    const field = operation.selectionSet.selections[0];
    const type = schema.getQueryType();
    if (field?.kind !== 'Field' || !type) throw new Error('This is no query of one field.');
    const asked = askedField({ schema, fragments: {}, variables }, type, [field]);
    const viewer = { actor: reviewer, now: new Date() };
    const answer = await new Readings<Eyes, Viewer>(noting, sight).text(applicationReads[read], viewer, asked);
    const [statement] = ran;
    if (!statement) throw new Error('Nothing was asked of the database.');
    return {
      answer: JSON.parse(String(answer)),
      nodes: await planOf(database.kysely(), statement.text, statement.values),
    };
  }

  function expectByIndexAlone(nodes: readonly PlanNode[], rows: number): void {
    expect(nodes.map((node) => node['Node Type']).filter((type) => /Sort|Append|Bitmap/.test(type))).toEqual([]);
    const [read, ...others] = nodes.filter((node) => node['Relation Name']?.match(/^(timeline_event|audit_record)/));
    expect(others).toEqual([]);
    expect(read).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': 'timeline_event_application_index' });
    expect(read?.['Actual Rows']).toBeLessThanOrEqual(rows);
  }

  it('give the latest events of one by one index, without sorting, and stop there', async () => {
    expect((await monthsOf(database.kysely(), 'audit_record')).length).toBe(24);
    const query = 'query ($id: ID!) { application(id: $id) { timeline(first: 10) { nodes { id type occurredAt } } } }';
    const { answer, nodes } = await planFor(query, 'application', {
      id: encodeId('application', String(applications[7])),
    });
    expect(answer.timeline.nodes).toHaveLength(10);
    expect(answer.timeline.nodes[0].occurredAt).toBe('2031-12-02T00:00:00.000Z');
    expectByIndexAlone(nodes, 11);
  });

  it('give the latest event of each of a queue likewise', async () => {
    const query =
      'query ($name: String!) { queue(name: $name, first: 50) { nodes { timeline(first: 1) { nodes { type } } } } }';
    const { answer, nodes } = await planFor(query, 'queue', { name: 'screening' });
    expect(answer.nodes).toHaveLength(50);
    expectByIndexAlone(nodes, 2);
  });
});

/** 100 applications in a queue, each with an event in each of 24 months. @returns their ids */
async function fill(database: TestDatabase): Promise<readonly string[]> {
  const kysely = database.kysely();
  const [personId, programId, termsId, versionId] = [1, 2, 3, 4].map(() => randomIds.next());
  await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
    values (${personId}, 'Olga', 'olga@partner.example', true, now(), now())`.execute(kysely);
  await sql`insert into product (id, code, name, stated_status, created_at, updated_at)
    values (${randomIds.next()}, 'p-1', 'P 1', 'LIMITED', now(), now())`.execute(kysely);
  await sql`insert into program (id, code, name, summary, product_code, status, created_at, updated_at)
    values (${programId}, 'p', 'P', 'x', 'p-1', 'OPEN', now(), now())`.execute(kysely);
  await sql`insert into terms_version (id, program_id, label, body, body_sha256, published_at)
    values (${termsId}, ${programId}, '1', 'x', ${'a'.repeat(64)}, now())`.execute(kysely);
  await sql`insert into program_version (id, program_id, number, questionnaire, document_requirements, workflow, terms_version_id, grant_months, published_at)
    values (${versionId}, ${programId}, 1, '{}', '[]', '{}', ${termsId}, 12, now())`.execute(kysely);
  const made = Array.from({ length: 100 }, () => ({ id: randomIds.next(), organization_id: randomIds.next() }));
  const rows = sql`jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as r (id uuid, organization_id uuid)`;
  await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
    select organization_id, 'O', 'NL', 'ENERGY', 'https://o.example', id::text, ${personId}, now(), now() from ${rows}`.execute(
    kysely,
  );
  await sql`insert into application (id, reference, organization_id, program_id, program_version_id, status, queue, due_at, submitted_at, answers,
      revision, created_by, created_at, updated_at)
    select id, id::text, organization_id, ${programId}, ${versionId}, 'IN_REVIEW', 'screening', now(), now(), '{}', 1, ${personId}, now(), now()
    from ${rows}`.execute(kysely);
  for (let month = 0; month < 24; month += 1) {
    const day = new Date(Date.UTC(2030, month, 2));
    await beginMonths(kysely, day);
    const at = day.toISOString();
    await writeRecords(
      kysely,
      made.map(({ id, organization_id }) => ({ at, applicationId: id, organizationId: organization_id })),
    );
  }
  for (const table of ['application', 'timeline_event', 'audit_record'])
    await sql`analyze ${sql.table(table)}`.execute(kysely);
  return made.map(({ id }) => id);
}
