import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute, parse } from 'graphql';
import { sql } from 'kysely';
import { type Eyes, type Projection, type Read, sight, type Viewer } from '../../../src/api/eyes.js';
import { ApplicationResolver } from '../../../src/applications/application.resolver.js';
import { applicationReads } from '../../../src/applications/application-lists.queries.js';
import { completeDraft, registerOrganization, startApplication } from '../../../src/demo/applying.js';
import { type PortalClient, valueAt } from '../../../src/demo/portal-client.js';
import type { Actor } from '../../../src/lifecycle/actor.js';
import { createExecutor, TextAnswer } from '../../../src/platform/graphql/executor.js';
import { decodeId, encodeId } from '../../../src/platform/ids.js';
import { FieldArguments } from '../../../src/platform/reading/arguments.js';
import { defaultFieldResolver } from '../../../src/platform/reading/default-resolver.js';
import { column } from '../../../src/platform/reading/projection.js';
import { Reader } from '../../../src/platform/reading/reader.js';
import { Readings } from '../../../src/platform/reading/readings.js';
import { programReads } from '../../../src/programs/program.queries.js';
import { ProgramResolver } from '../../../src/programs/program.resolver.js';
import { buildPortalSchema } from '../../../src/schema.js';
import { openTestPortal, type TestPortal } from '../../support/portal.js';

interface Context {
  readonly reading: Reader<Eyes, Viewer>;
}

const fields = `id reference status createdAt dueAt version answers
  organization { id legalName members { role person { name } } }
  program { name code } documents { id fileName size sha256 completedAt }
  timeline(first: 3) { totalCount nodes { id type occurredAt actor } pageInfo { hasNextPage endCursor } }`;

/** Queries that are nothing but reads, in every way that documents are written. */
const queries: readonly (readonly [string, string, Record<string, unknown>?])[] = [
  ['plain', `{ applications(first: 2) { nodes { ${fields} } } }`],
  [
    'with edges and all of a page',
    `{ applications { totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  ],
  [
    'backwards',
    `{ applications(last: 2) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  ],
  [
    'with aliases',
    `{ mine: applications(first: 1) { list: nodes { key: id name: reference reference: status o: organization { legalName: country } } } }`,
  ],
  [
    'with __typename everywhere',
    `{ applications { __typename nodes { __typename organization { __typename } timeline(first: 1) { __typename nodes { __typename } } } pageInfo { __typename } edges { __typename } } }`,
  ],
  [
    'with fragments',
    `query { applications { nodes { ...a ... on Application { status } ... on Node { id } } } } fragment a on Application { reference organization { ...o } } fragment o on Organization { id sector }`,
  ],
  [
    'of several roots',
    `{ a: applications(first: 1) { nodes { id } } b: applications(last: 1) { nodes { id } } programs { nodes { name } } }`,
  ],
  [
    'with skip and include',
    `query ($no: Boolean!, $yes: Boolean!) { applications { nodes { id @skip(if: $no) reference @include(if: $yes) status @skip(if: $yes) } } }`,
    { no: false, yes: true },
  ],
  [
    'with the same, the other way round',
    `query ($no: Boolean!, $yes: Boolean!) { applications { nodes { id @skip(if: $no) reference @include(if: $yes) status @skip(if: $yes) } } }`,
    { no: true, yes: false },
  ],
  [
    'with a filter',
    `query ($f: ApplicationFilterInput) { applications(filter: $f) { totalCount } }`,
    { f: { statuses: ['SUBMITTED', 'DRAFT'] } },
  ],
  ['with the filter left out', `query ($f: ApplicationFilterInput) { applications(filter: $f) { totalCount } }`],
  [
    'with fields asked twice',
    `{ applications { nodes { organization { id } organization { legalName } } nodes { reference } } }`,
  ],
];

describe('a query of nothing but reads', () => {
  let desk: TestPortal;
  let olga: PortalClient;
  let rita: PortalClient;
  let actors: Record<'olga' | 'rita', Actor>;

  beforeAll(async () => {
    desk = await openTestPortal();
    const programId = encodeId('program', await desk.program());
    olga = await desk.person('Olga Owner');
    rita = await desk.person('Rita Rival');
    const people: Partial<typeof actors> = {};
    for (const [name, client] of Object.entries({ olga, rita })) {
      const organizationId = await registerOrganization(client, `${name}’s utilities`, `NL-${name}`);
      const applicationId = await startApplication(client, organizationId, programId);
      await completeDraft(client, applicationId);
      await client.must('saveDraft', {
        applicationId,
        answers: { note: '~mark:application:0190-x 2026-01-01 00:00:00+00 "\\u00e9' },
      });
      people[name as 'olga' | 'rita'] = await actorOf(client);
    }
    actors = people as typeof actors;
  });
  afterAll(() => desk.close());

  async function actorOf(client: PortalClient): Promise<Actor> {
    const { viewer } = (await client.ask(
      '{ viewer { person { id name email } memberships { organizationId role } } }',
    )) as {
      viewer: {
        person: { id: string; name: string; email: string };
        memberships: { organizationId: string; role: 'OWNER' }[];
      };
    };
    return {
      kind: 'PERSON',
      personId: decodeId('person', viewer.person.id),
      name: viewer.person.name,
      email: viewer.person.email,
      staffId: null,
      staffRoles: [],
      mustChangePassword: false,
      memberships: viewer.memberships.map(({ organizationId, role }) => ({
        organizationId: decodeId('organization', organizationId),
        role,
      })),
    };
  }

  function portal() {
    const readings = new Readings<Eyes, Viewer>(desk.database, sight);
    const resolver = new ApplicationResolver(desk.database);
    return { readings, resolver };
  }

  it.each(queries)(
    '%s is passed on as text, and says what graphql-js would have said',
    async (_title, query, variables = {}) => {
      const { readings, resolver } = portal();
      const schema = buildPortalSchema((wanted) =>
        wanted === ProgramResolver ? new ProgramResolver(desk.portal.doorway) : resolver,
      );
      const executor = createExecutor<Context, Eyes, Viewer>({
        schema,
        fieldResolver: defaultFieldResolver,
        reads: { ...applicationReads, ...programReads },
        plain: {},
        readerOf: ({ reading }) => reading,
      });
      const document = parse(query);
      const [operation] = document.definitions;
      if (operation?.kind !== 'OperationDefinition') throw new Error('There is no operation.');
      const context = { reading: new Reader(readings, { actor: actors.olga, now: desk.clock.now() }) };
      const passed = await executor.execute({ document, operation, variables, operationName: null, context });
      if (!(passed.data instanceof TextAnswer)) throw new Error('It was not passed on.');
      const executed = await execute({
        schema,
        document,
        variableValues: variables,
        contextValue: context,
        fieldResolver: defaultFieldResolver,
      });
      expect(executed.errors).toBeUndefined();
      expect(JSON.parse(passed.data.text)).toEqual(JSON.parse(JSON.stringify(executed.data)));
    },
  );

  it('composed for one partner shows the next one only what is theirs', async () => {
    const query = '{ applications { nodes { organization { legalName } } totalCount } }';
    const seen = async (client: PortalClient) => valueAt(await client.ask(query), 'applications');
    expect(await seen(olga)).toEqual({ totalCount: 1, nodes: [{ organization: { legalName: 'olga’s utilities' } }] });
    expect(await seen(rita)).toEqual({ totalCount: 1, nodes: [{ organization: { legalName: 'rita’s utilities' } }] });
    expect(await seen(desk.stranger)).toEqual({ totalCount: 0, nodes: [] });
    const auditor = await desk.staff('AUDITOR');
    expect(await seen(auditor)).toEqual({ totalCount: 0, nodes: [] });
    expect(await seen(olga)).toEqual({ totalCount: 1, nodes: [{ organization: { legalName: 'olga’s utilities' } }] });
  });

  it('says what people wrote to the letter, even where it looks like something of ours', async () => {
    const found = await olga.ask('{ applications { nodes { answers } } }');
    expect(valueAt(found, 'applications', 'nodes', 0, 'answers', 'note')).toBe(
      '~mark:application:0190-x 2026-01-01 00:00:00+00 "\\u00e9',
    );
  });

  it('cannot be composed of a value of the request', async () => {
    const projection: Projection = {
      type: 'Organization',
      table: 'organization',
      visible: () => sql`legal_name = ${'Olga’s'}`,
      fields: { id: column('id') },
    };
    const read: Read = { kind: 'list', of: () => projection, where: () => sql`true` };
    const { readings } = portal();
    const object = { args: FieldArguments.none, type: 'Organization', form: 'any' as const, selection: { fields: [] } };
    const field = { name: 'x', key: 'x', ...object };
    const asked = { variables: {}, place: null, variable: () => undefined, name: '', select: () => field };
    await expect(readings.value(read, { actor: actors.olga, now: new Date() }, asked)).rejects.toThrow(
      'A statement that is kept must hold no value of a request',
    );
  });
});
