import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { codesOf, listAt, type Partner, Story } from '../journeys/story.js';
import { copyRows } from '../support/copied-rows.js';
import { countStatements, idsFound, multiply } from './finding-desk.js';

const many = 1_500;

describe('lists of applications', () => {
  let story: Story;
  let partner: Partner;
  let other: Partner;
  let intake: PortalClient;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Mona Many', 'Manifold Utilities');
    other = await story.partner('Olga Other', 'Other Works');
    intake = await story.staff('INTAKE');
    // Nothing is gathered about words before a test says so.
    await sql`alter table application_text set (autovacuum_enabled = false)`.execute(story.desk.database.kysely());
    applicationId = await story.submitted(partner);
    await multiply(story.desk, applicationId, many);
    await story.submitted(other);
  }, 180_000);
  afterAll(() => story.close());

  const page = `query ($sort: ApplicationSort, $search: String, $first: Int, $after: String, $last: Int, $before: String) {
    applications(sort: $sort, search: $search, first: $first, after: $after, last: $last, before: $before) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

  async function pages(args: Record<string, unknown>, most: number): Promise<readonly string[]> {
    const found: string[] = [];
    let after: string | null = null;
    for (let turned = 0; turned < most; turned += 1) {
      const answer: unknown = await intake.ask(page, { ...args, first: 37, after });
      found.push(...listAt(answer, 'applications', 'nodes').map((node) => textAt(node, 'id')));
      if (valueAt(answer, 'applications', 'pageInfo', 'hasNextPage') !== true) break;
      after = textAt(answer, 'applications', 'pageInfo', 'endCursor');
    }
    return found;
  }

  async function isCommon(words: string): Promise<boolean | undefined> {
    const query = sql<{ is: boolean }>`select search_is_common(${words}) as is`;
    return (await query.execute(story.desk.database.kysely())).rows[0]?.is;
  }

  async function wholeOrder(order: string): Promise<readonly string[]> {
    const query = `select id from application where submitted_at is not null order by ${order}`;
    const { rows } = await sql<{ id: string }>`${sql.raw(query)}`.execute(story.desk.database.kysely());
    return rows.map(({ id }) => encodeId('application', id));
  }

  it.each([
    ['CREATED_LAST', 'id desc'],
    ['CREATED_FIRST', 'id'],
    ['SUBMITTED_LAST', 'submitted_at desc, id desc'],
    ['SUBMITTED_FIRST', 'submitted_at, id'],
    ['UPDATED_LAST', 'updated_at desc, id desc'],
    ['UPDATED_FIRST', 'updated_at, id'],
    ['REFERENCE', 'reference'],
    ['REFERENCE_BACKWARD', 'reference desc'],
  ])('come page by page in the order %s, each application once', async (sort, order) => {
    expect(await pages({ sort }, 100)).toEqual(await wholeOrder(order));
  });

  it('hold in the order of due times what waits for staff, and nothing else', async () => {
    const first = await idsFound(intake, { sort: 'DUE_FIRST' });
    expect(first).toHaveLength(2);
    expect(await idsFound(intake, { sort: 'DUE_LAST' })).toEqual([...first].reverse());
    expect(first[0]).toBe(applicationId);
  });

  it('are as they were before PostgreSQL knew which words are common', async () => {
    const searches = [
      'manifold',
      'manifold utilities',
      'other',
      'manif*',
      'b-2026-000700',
      'manifold 000700',
      'nothing',
    ];
    const ask = async () => {
      const answers: unknown[] = [];
      for (const search of searches) {
        answers.push(await intake.ask(page, { search, first: 10 }));
        answers.push(await intake.ask(page, { search, last: 10 }));
        answers.push(await pages({ search, sort: 'SUBMITTED_FIRST' }, 3));
      }
      return answers;
    };
    expect(await isCommon('manifold')).toBe(false);
    const before = await ask();
    await sql`analyze application_text`.execute(story.desk.database.kysely());
    expect(await Promise.all(['manifold', 'manif*', 'other', 'nothing'].map(isCommon))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(await ask()).toEqual(before);
    expect(before).toHaveLength(searches.length * 3);
  });

  it('go by how often several words are together, not by how common each is', async () => {
    await sql`update application_text as t set staff_words = staff_words || array_to_tsvector(
        case when n % 2 = 0 then '{heads}'::text[] else '{tails}' end || case when n % 3 = 0 then '{rolling,stones}'::text[] else '{}' end)
      from (select application_id, row_number() over (order by application_id) as n from application_text) as numbered
      where t.application_id = numbered.application_id`.execute(story.desk.database.kysely());
    await sql`analyze application_text`.execute(story.desk.database.kysely());
    const searches = ['heads', 'tails', 'heads tails', 'rolling stones', 'stone* heads tails'];
    expect(await Promise.all(searches.map(isCommon))).toEqual([true, true, false, true, false]);
    const found = await Promise.all(searches.map((search) => idsFound(intake, { search, first: 10 })));
    expect(found.map((ids) => ids.length)).toEqual([10, 10, 0, 10, 0]);
  });

  it('of some organizations are the same whether these are few or many', async () => {
    const filter = { countries: ['NL'], sectors: ['WATER_AND_WASTEWATER'] };
    const before = await idsFound(intake, { filter, sort: 'SUBMITTED_LAST', first: 50 });
    expect(before).toHaveLength(50);
    expect(await idsFound(intake, { filter: { ...filter, countries: ['US'] } })).toEqual([]);
    await copyRows('organization', {
      columns: { id: sql`gen_random_uuid()`, registration_number: sql`r.registration_number || n` },
      beside: sql`generate_series(1, 400) as n`,
      where: sql`true`,
    }).execute(story.desk.database.kysely());
    expect(await idsFound(intake, { filter, sort: 'SUBMITTED_LAST', first: 50 })).toEqual(before);
    expect(await idsFound(intake, { filter, search: 'other' })).toEqual(await idsFound(intake, { search: 'other' }));
  });

  it('and everything about finding are answered by one or two statements, however much there is', async () => {
    const statements = countStatements(story.desk);
    const lists = [
      'applications(search: "manifold", first: 100) { totalCount nodes { id organization { legalName } } pageInfo { endCursor } }',
      'applications(filter: { sectors: [WATER_AND_WASTEWATER], countries: ["NL"], isAssigned: false }, sort: DUE_FIRST) { totalCount nodes { id } }',
      'applications(filter: { submittedFrom: "2020-01-01T00:00:00Z" }, sort: UPDATED_LAST, first: 1) { nodes { id timeline { nodes { id } } } }',
      'applications(filter: { flags: ["none"], risks: [HIGH] }, first: 100) { totalCount nodes { id } }',
      'applications(filter: { scoreFrom: 50 }, first: 100) { totalCount nodes { id score } }',
      'applications(filter: { productCodes: ["mythos-5"] }, first: 100) { totalCount nodes { id score } }',
      'queues { name waiting overdue unassigned oldestDueAt }',
      'queue(name: "intake") { totalCount nodes { id } }',
      'myWork(alsoForMyRoles: true) { totalCount nodes { id } }',
      'recentlyViewed { nodes { id } }',
      'savedViews { nodes { id owner { name } } }',
    ];
    for (const list of lists) {
      statements.since();
      await intake.ask(`{ ${list} }`);
      const counted = statements.since();
      expect([list, counted === 1 || counted === 2]).toEqual([list, true]);
    }
  });

  it('of queues say the same whether graphql-js is asked or not', async () => {
    const fields = '{ of: __typename name waiting overdue unassigned oldestDueAt }';
    const passedOn = await intake.ask(`{ queues ${fields} }`);
    const executed = await intake.ask(`{ queues @include(if: true) ${fields} }`);

    expect(passedOn).toEqual(executed);
    expect(listAt(passedOn, 'queues').map((queue) => textAt(queue, 'name'))).toContain('intake');
  });

  it('of work show what is assigned, and with it what waits for one’s roles, due first first', async () => {
    const ask = async (client: PortalClient, also: boolean) =>
      listAt(
        await client.ask('query ($also: Boolean) { myWork(alsoForMyRoles: $also) { nodes { id } } }', { also }),
        'myWork',
        'nodes',
      ).map((node) => textAt(node, 'id'));
    const reviewer = await story.staff('REVIEWER');
    expect(await ask(intake, false)).toEqual([]);
    expect(await ask(intake, true)).toHaveLength(2);
    expect(await ask(reviewer, true)).toEqual([]);
    await intake.must('startReview', { applicationId });
    await intake.must('advanceStage', { applicationId });
    expect(await ask(reviewer, true)).toEqual([applicationId]);
    expect(await ask(intake, true)).not.toContain(applicationId);
    await (await story.staff('REVIEWER', 2)).must('declareRecusal', { applicationId, reason: 'A friend runs it.' });
    expect(await ask(await story.staff('REVIEWER', 2), true)).toEqual([]);
    expect(await ask(partner.owner, true)).toEqual([]);
    expect(await ask(await story.staff('AUDITOR'), true)).toEqual([]);
  });

  it('of what was opened last hold the last fifty, each once', async () => {
    const open = (client: PortalClient, id: string) =>
      client.must('markApplicationViewed', { applicationId: id }, 'application { id }');
    const recent = (client: PortalClient) =>
      idsOf(client, 'recentlyViewed(first: 100) { nodes { id } }', 'recentlyViewed');
    const some = await idsFound(intake, { first: 60 });
    for (const id of some) await open(intake, id);
    expect(await recent(intake)).toEqual([...some].reverse().slice(0, 50));
    const [first = ''] = some;
    expect(await open(intake, first)).toMatchObject({ application: { id: first } });
    expect((await recent(intake)).slice(0, 2)).toEqual([first, some.at(-1)]);
    expect(await recent(await story.staff('REVIEWER'))).toEqual([]);
    expect(await codesOf(partner.owner, 'markApplicationViewed', { applicationId })).toEqual(['FORBIDDEN']);
    expect(await codesOf(story.desk.stranger, 'markApplicationViewed', { applicationId })).toEqual(['UNAUTHENTICATED']);
    const draft = await story.draft(await story.partner('Dan Draft', 'Draft Works'));
    expect(await codesOf(intake, 'markApplicationViewed', { applicationId: draft })).toEqual(['NOT_FOUND']);
  });

  async function idsOf(client: PortalClient, query: string, name: string): Promise<readonly string[]> {
    return listAt(await client.ask(`{ ${query} }`), name, 'nodes').map((node) => textAt(node, 'id'));
  }
});
