import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { look, minute, type Partner, Story } from '../journeys/story.js';
import { idsFound, multiply, refusalOf } from './finding-desk.js';

const { workflow } = sampleProgram.version;
const [screening, review, decision] = workflow.stages;
const scored = {
  ...workflow,
  stages: [
    screening,
    { ...review, criteria: [{ key: 'safeguards', title: 'Safeguards', weight: 1, scale: 10 }] },
    decision,
  ],
};

describe('applications are found by what staff think of them', () => {
  let story: Story;
  let tide: Partner;
  let peak: Partner;
  let intake: PortalClient;
  let first: PortalClient;
  let second: PortalClient;
  let ofTide: string;
  let ofPeak: string;
  let elsewhere: string;

  beforeAll(async () => {
    story = await Story.open();
    await story.takeOnEverybody();
    const manager = await story.staff('PROGRAM_MANAGER');
    await manager.must('publishProgramWorkflow', { programId: story.programId, workflow: scored });
    tide = await story.partner('Tilda Tide', 'Tidewater Utilities');
    peak = await story.partner('Pablo Peak', 'Peak Power');
    [intake, first, second] = [
      await story.staff('INTAKE'),
      await story.staff('REVIEWER', 1),
      await story.staff('REVIEWER', 2),
    ];
    ofTide = await story.inTechnicalReview(tide);
    ofPeak = await story.inTechnicalReview(peak);
    const other = encodeId('program', await story.desk.program({ code: 'another', productCode: 'anemone-2' }));
    elsewhere = await story.submittedTo(tide, other);
    for (const key of ['of-note', 'to-watch'])
      await manager.must('createFlagDefinition', { key, label: key, colour: 'RED', description: 'See why.' });
  }, 180_000);
  afterAll(() => story.close());

  const found = (client: PortalClient, filter: Fields, rest: Fields = {}) => idsFound(client, { filter, ...rest });
  const rated = (client: PortalClient, applicationId: string, score: number) =>
    client.must('giveRecommendation', {
      applicationId,
      kind: 'APPROVE',
      comment: 'Sound.',
      scores: [{ criterion: 'safeguards', score }],
    });

  it('by the product of the program, also by partners', async () => {
    expect(await found(intake, { productCodes: ['anemone-2'] })).toEqual([elsewhere]);
    expect(await found(intake, { productCodes: ['mythos-5'] })).toEqual([ofPeak, ofTide]);
    expect(await found(intake, { productCodes: ['anemone-2', 'mythos-5'] })).toEqual([elsewhere, ofPeak, ofTide]);
    expect(await found(tide.owner, { productCodes: ['mythos-5'] })).toEqual([ofTide]);
    expect(await found(intake, { productCodes: ['nothing"'] })).toEqual([]);
  });

  it('by flags that are up on them or on their organization, not by those that were lowered or have expired', async () => {
    const soon = new Date(story.desk.clock.now().getTime() + 10 * minute).toISOString();
    const raise = async (input: Fields) =>
      valueAt(await first.must('raiseFlag', { reason: 'A hunch.', ...input }, 'flag { id }'), 'flag', 'id');
    await raise({ applicationId: ofTide, flag: 'of-note' });
    await raise({ organizationId: tide.organizationId, flag: 'to-watch' });
    const lowered = await raise({ applicationId: ofPeak, flag: 'to-watch' });
    await raise({ applicationId: ofPeak, flag: 'of-note', expiresAt: soon });
    expect(await found(intake, { flags: ['of-note'] })).toEqual([ofPeak, ofTide]);
    expect(await found(intake, { flags: ['to-watch'] })).toEqual([elsewhere, ofPeak, ofTide]);
    await first.must('lowerFlag', { flagId: lowered, reason: 'It was nothing.' });
    expect(await found(intake, { flags: ['to-watch'] })).toEqual([elsewhere, ofTide]);
    expect(await found(intake, { flags: ['to-watch'], productCodes: ['mythos-5'] })).toEqual([ofTide]);
    expect(await found(intake, { flags: ['to-watch'] }, { search: 'tidewater', sort: 'CREATED_FIRST' })).toEqual([
      ofTide,
      elsewhere,
    ]);
    expect(await found(intake, { flags: ['nowhere'] })).toEqual([]);
    expect(await found(tide.owner, { flags: ['of-note'] })).toEqual([]);
    story.desk.clock.advance(10 * minute);
    expect(await found(intake, { flags: ['of-note'] })).toEqual([ofTide]);
  });

  it('by how risky their organization is', async () => {
    const rate = { organizationId: peak.organizationId, rating: 'HIGH', reason: 'Sanctioned neighbours.' };
    await first.must('setOrganizationRisk', rate);
    expect(await found(intake, { risks: ['HIGH'] })).toEqual([ofPeak]);
    expect(await found(intake, { risks: ['UNRATED'] })).toEqual([elsewhere, ofTide]);
    expect(await found(intake, { risks: ['HIGH', 'UNRATED'], countries: ['NL'] })).toEqual([elsewhere, ofPeak, ofTide]);
    for (const risks of [['HIGH'], ['UNRATED'], ['LOW', 'MEDIUM', 'HIGH', 'UNRATED']])
      expect(await found(peak.owner, { risks })).toEqual([]);
  });

  it('by their score, and nobody who must not see it yet finds out by a filter', async () => {
    await rated(first, ofTide, 8);
    await rated(first, ofPeak, 3);
    const all = { scoreFrom: 0 };
    const auditor = await story.staff('AUDITOR');
    for (const client of [first, auditor]) {
      expect(await found(client, { scoreFrom: 80 })).toEqual([ofTide]);
      expect(await found(client, { scoreFrom: 80.1 })).toEqual([]);
      expect(await found(client, { scoreBelow: 80 })).toEqual([ofPeak]);
      expect(await found(client, { scoreFrom: 30, scoreBelow: 80 })).toEqual([ofPeak]);
      expect(await found(client, all)).toEqual([ofPeak, ofTide]);
    }
    expect(await look(first, ofTide, 'score')).toEqual({ score: 80 });

    // The stage is blind, and the second reviewer has not recommended.
    for (const filter of [all, { scoreFrom: 80 }, { scoreBelow: 80 }])
      expect([filter, await found(second, filter)]).toEqual([filter, []]);
    expect(await look(second, ofTide, 'score')).toEqual({ score: null });
    for (const client of [tide.owner, story.desk.stranger]) expect(await found(client, all)).toEqual([]);
    expect(await look(tide.owner, ofTide, 'score')).toEqual({ score: null });

    await rated(second, ofTide, 7);
    expect(await found(second, all)).toEqual([ofTide]);
    expect(await look(second, ofTide, 'score')).toEqual({ score: 75 });
    expect(await found(first, { scoreFrom: 75, scoreBelow: 76 })).toEqual([ofTide]);
    // Once the stage is over, everybody knows.
    await first.must('advanceStage', { applicationId: ofTide });
    expect(await found(await story.staff('REVIEWER', 3), all)).toEqual([ofTide]);
  });

  it('by a saved view, too', async () => {
    const filter = {
      flags: ['to-watch'],
      productCodes: ['mythos-5'],
      risks: ['UNRATED'],
      scoreFrom: 12.5,
      scoreBelow: 100,
    };
    const made = await first.must('createSavedView', { name: 'All of it', filter }, 'savedView { filter }');
    expect(valueAt(made, 'savedView', 'filter')).toEqual(filter);
    expect(await found(first, valueAt(made, 'savedView', 'filter') as Fields)).toEqual([ofTide]);
    const { errors } = await first.command('createSavedView', { name: 'Wrong', filter: { scoreFrom: 101 } });
    expect(errors).toMatchObject([{ code: 'INVALID', path: ['filter', 'scoreFrom'] }]);
  });

  it('the same whether these are few or many', async () => {
    await multiply(story.desk, ofTide, 600);
    const database = story.desk.database.kysely();
    const filters: Fields[] = [{ flags: ['of-note'] }, { flags: ['to-watch'] }, { scoreFrom: 70 }];
    const ask = () => Promise.all(filters.map((filter) => found(first, filter, { first: 50 })));
    const before = await ask();
    expect(before[0]).toEqual([ofTide]);
    const organizationId = decodeId('organization', tide.organizationId);
    await sql`insert into flag (id, definition_id, organization_id, application_id, reason, rule_key, raised_at, lowered_at)
      select gen_random_uuid(), d.id, ${organizationId}, a.id, 'x', 'x', now(), null
      from application as a, flag_definition as d where d.key = 'of-note' and a.reference like 'B-%'`.execute(database);
    await sql`insert into recommendation (id, application_id, revision, stage_key, reviewer_id, role, kind, comment, conditions,
        recommended_at, scores, score)
      select gen_random_uuid(), a.id, a.revision, 'technical-review', a.created_by, 'REVIEWER', 'APPROVE', 'x', '[]', now(),
        '[{}]', 90 from application as a where a.reference like 'B-%'`.execute(database);
    const [flagged, watched, good] = await ask();
    expect(flagged).toHaveLength(50);
    expect(watched).toEqual(before[1]);
    expect(good).toHaveLength(50);
    const every = await sql<{
      id: string;
    }>`select id from application where reference like 'B-%' or id = ${decodeId('application', ofTide)}
      order by id desc limit 50`.execute(database);
    expect(flagged).toEqual(every.rows.map(({ id }) => encodeId('application', id)));
  });

  it.each([
    [{ flags: Array(51).fill('x') }, 'LIMIT_REACHED', ['filter', 'flags']],
    [{ productCodes: ['x'.repeat(101)] }, 'INVALID', ['filter', 'productCodes', '0']],
    [{ scoreFrom: -1 }, 'INVALID', ['filter', 'scoreFrom']],
    [{ scoreBelow: 101 }, 'INVALID', ['filter', 'scoreBelow']],
  ])('not by %j, which is refused with where it is wrong', async (filter, code, path) => {
    expect(await refusalOf(first, { filter })).toEqual([[code, path]]);
  });
});
