import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode, parse } from 'graphql';
import { sql } from 'kysely';
import { type Eyes, sight, type Viewer } from '../../../src/api/eyes.js';
import { applicationReads } from '../../../src/applications/application-lists.queries.js';
import { grantReads } from '../../../src/grants/grant.queries.js';
import { machineWithKey, peopleInSessions } from '../../../src/identity/actor.js';
import type { Actor } from '../../../src/lifecycle/actor.js';
import type { StaffRole } from '../../../src/lifecycle/roles.js';
import type { Answering } from '../../../src/platform/database/database.js';
import type { NamedStatement } from '../../../src/platform/database/named-statement.js';
import { encodeId } from '../../../src/platform/ids.js';
import { Readings } from '../../../src/platform/reading/readings.js';
import { askedField } from '../../../src/platform/reading/selection.js';
import { buildPortalSchema } from '../../../src/schema.js';
import { type PlanNode, planOf } from '../../support/plans.js';
import { openTestPortal, type TestPortal } from '../../support/portal.js';

interface Asked {
  readonly statement: NamedStatement;
  readonly values: readonly unknown[];
}

/** The tables that grow for ever; others hold as many rows as there are programs, terms or colleagues. */
const growing =
  /^(application|application_revision|access_grant|audit_record|auth_session|auth_user|clock_interval)|^(decision|document|due_date_extension|information_|membership|organization|recommendation|recusal)/;

const person = {
  kind: 'PERSON',
  personId: '01900000-0000-7000-8000-000000000001',
  name: 'Ann Example',
  email: 'ann@example.org',
  staffId: null,
  staffRoles: [],
  mustChangePassword: false,
} as const;
const organizationId = '01900000-0000-7000-8000-000000000002';
const partner: Actor = { ...person, memberships: [{ organizationId, role: 'OWNER' }] };
const staffRoles: StaffRole[] = ['REVIEWER'];
const staff: Actor = { ...person, staffId: '01900000-0000-7000-8000-000000000003', staffRoles, memberships: [] };

const id = '01900000-0000-7000-8000-000000000004';
const variables: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'application-detail.graphql': { id: encodeId('application', id) },
  'grant-check.graphql': { id: encodeId('grant', id) },
  'own-applications.graphql': {},
  'queue.graphql': { name: 'intake', first: 50 },
};

/**
 * Whatever the sizes of tables are: with whole scans and sorts made dear, PostgreSQL takes them only where there is no
 * index that would do.
 */
describe('what people ask most', () => {
  let desk: TestPortal;
  let schema: GraphQLSchema;
  const reads = { ...applicationReads, ...grantReads };

  beforeAll(async () => {
    desk = await openTestPortal();
    schema = buildPortalSchema(() => ({}));
  });
  afterAll(() => desk.close());

  async function explained({ statement, values }: Asked): Promise<readonly PlanNode[]> {
    const settings = ['enable_seqscan', 'enable_sort'];
    return desk.database
      .kysely()
      .connection()
      .execute(async (connection) => {
        for (const setting of settings) await sql.raw(`set ${setting} = off`).execute(connection);
        const nodes = await planOf(connection, statement.text, values);
        for (const setting of settings) await sql.raw(`reset ${setting}`).execute(connection);
        return nodes;
      });
  }

  function statementsOf(file: string, actor: Actor): Promise<readonly Asked[]> {
    return statementsFor(readFileSync(`operations/${file}`, 'utf8'), variables[file] ?? {}, actor);
  }

  async function statementsFor(
    text: string,
    given: Readonly<Record<string, unknown>>,
    actor: Actor,
  ): Promise<readonly Asked[]> {
    const asked: Asked[] = [];
    const watched = {
      ...desk.database,
      answer: async (statement: NamedStatement, values: readonly unknown[]) => {
        asked.push({ statement, values });
        return null;
      },
    };
    const readings = new Readings<Eyes, Viewer>(watched, sight);
    const query = schema.getQueryType();
    const [operation] = parse(text).definitions;
    if (operation?.kind !== 'OperationDefinition' || !query) throw new Error('There is no operation.');
    const coerced = variablesOf(operation, given);
    for (const node of operation.selectionSet.selections) {
      const read = node.kind === 'Field' ? Object.entries(reads).find(([name]) => name === node.name.value)?.[1] : null;
      if (!read || node.kind !== 'Field') throw new Error('Something is asked for that is not read.');
      const source = { schema, fragments: {}, variables: coerced };
      await readings.value(read, { actor, now: new Date() }, askedField(source, query, [node]));
    }
    return asked;
  }

  function variablesOf(operation: OperationDefinitionNode, given: Readonly<Record<string, unknown>>) {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
    if (!coerced) throw new Error('These variables do not fit.');
    return coerced;
  }

  const cases = Object.keys(variables).flatMap((file): [string, string, Actor][] => [
    [file, 'a partner', partner],
    [file, 'staff', staff],
  ]);

  it.each(cases)('%s is answered to %s by one statement without a whole scan', async (file, _who, actor) => {
    const asked = await statementsOf(file, actor);
    expect(asked).toHaveLength(1);
    for (const one of asked) {
      const scans = (await explained(one)).filter(isWholeScan).map((node) => node['Relation Name']);
      expect(scans).toEqual([]);
    }
  });

  it.each([
    ['queue.graphql', 'staff', staff],
    ['own-applications.graphql', 'a partner', partner],
    ['own-applications.graphql', 'staff', staff],
  ] as [string, string, Actor][])('%s comes to %s in the order of an index, unsorted', async (file, _who, actor) => {
    const [asked] = await statementsOf(file, actor);
    const nodes = asked ? await explained(asked) : [];
    expect(nodes.length).toBeGreaterThan(0);
    expect(nodes.filter((node) => node['Node Type'].includes('Sort'))).toEqual([]);
  });

  it.each([
    ['flags', '{ flags: ["x"] }', 'flag_raised_once'],
    ['risk', '{ risks: [HIGH] }', 'organization_risk_index'],
    ['sector', '{ sectors: [DAMS] }', 'organization_sector_index'],
    ['score', '{ scoreFrom: 60, scoreBelow: 80 }', 'recommendation_score_index'],
    ['product', '{ productCodes: ["mythos-5"] }', 'application_pkey'],
  ])('applications are found by %s in one statement, by an index', async (_what, filter, index) => {
    const [asked, ...others] = await statementsFor(`{ applications(filter: ${filter}) { nodes { id } } }`, {}, staff);
    expect(others).toEqual([]);
    const nodes = asked ? await explained(asked) : [];
    expect(nodes.map((node) => node['Index Name'])).toContain(index);
    expect(nodes.filter(isWholeScan)).toEqual([]);
  });

  it.each([
    ['session', (database: Answering, hash: string) => peopleInSessions(database, [hash, hash], new Date())],
    ['key', (database: Answering, hash: string) => machineWithKey(database, hash, new Date())],
  ])('who holds a %s is found by indexes', async (_kind, find) => {
    const asked: Asked[] = [];
    const database = {
      answer: async (statement: NamedStatement, values: readonly unknown[]) => {
        asked.push({ statement, values });
        return null;
      },
    };
    await find(database, 'f'.repeat(64));
    expect(asked).toHaveLength(1);
    for (const one of asked) expect((await explained(one)).filter(isWholeScan)).toEqual([]);
  });
});

/** A scan of all rows of a table that grows. */
function isWholeScan(node: PlanNode): boolean {
  return node['Node Type'] === 'Seq Scan' && growing.test(node['Relation Name'] ?? '');
}
