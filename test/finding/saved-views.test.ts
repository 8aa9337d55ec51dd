import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { codesOf, listAt, numberAt, Story } from '../journeys/story.js';
import { idsFound } from './finding-desk.js';

const fields = 'savedView { id name filter search sort isShared version owner { name } }';

describe('saved views', () => {
  let story: Story;
  let intake: PortalClient;
  let reviewer: PortalClient;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    intake = await story.staff('INTAKE');
    reviewer = await story.staff('REVIEWER');
    applicationId = await story.submitted(await story.partner('Vic View', 'Viewing Utilities'));
  }, 60_000);
  afterAll(() => story.close());

  const create = async (client: PortalClient, input: Fields): Promise<string> =>
    textAt(await client.must('createSavedView', input, 'savedView { id }'), 'savedView', 'id');
  const names = async (client: PortalClient, args = ''): Promise<readonly string[]> =>
    listAt(await client.ask(`{ savedViews${args} { nodes { name } } }`), 'savedViews', 'nodes').map((view) =>
      textAt(view, 'name'),
    );
  const eventsOf = async (viewId: string): Promise<readonly string[]> => {
    const { rows } = await sql<{ event: string }>`select event from audit_record
      where subject_id = ${decodeId('savedview', viewId)} order by sequence`.execute(story.desk.database.kysely());
    return rows.map(({ event }) => event);
  };

  it('hold a question that finds the same when it is asked again', async () => {
    const asked = {
      filter: {
        statuses: ['SUBMITTED'],
        queues: ['intake'],
        isAssigned: false,
        submittedFrom: '2020-01-01T00:00:00.000Z',
        programId: story.programId,
      },
      search: 'viewing',
      sort: 'DUE_FIRST',
    };
    const made = await intake.must('createSavedView', { name: '  New here ', ...asked }, fields);
    expect(made).toMatchObject({ savedView: { name: 'New here', ...asked, isShared: false, version: 1 } });
    const { filter, search, sort } = valueAt(made, 'savedView') as Fields;
    expect(await idsFound(intake, { filter, search, sort })).toEqual([applicationId]);
  });

  it('are seen by who made them, and by all staff once they are shared, by nobody else', async () => {
    const viewId = await create(intake, { name: 'Mine' });
    const see = async (client: PortalClient) =>
      valueAt(await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id: viewId }), 'node') !== null;
    expect(await see(intake)).toBe(true);
    expect(await see(reviewer)).toBe(false);
    await intake.must('updateSavedView', { viewId, isShared: true });
    expect(await see(reviewer)).toBe(true);
    expect(await names(reviewer)).toEqual(['Mine']);
    expect(await names(reviewer, '(own: true)')).toEqual([]);
    const partner = await story.signInAgain('vic.view@partner.example.org');
    expect([await see(partner), await names(partner)]).toEqual([false, []]);
    expect([await see(story.desk.stranger), await names(story.desk.stranger)]).toEqual([false, []]);
  });

  it('are changed and removed by who made them alone, and every change is on record', async () => {
    const viewId = await create(intake, { name: 'Changing', filter: { isOverdue: true }, search: 'rail' });
    const hidden = await codesOf(reviewer, 'updateSavedView', { viewId, name: 'Taken' });
    expect(hidden).toEqual(['NOT_FOUND']);
    const changed = await intake.must(
      'updateSavedView',
      { viewId, filter: null, search: null, sort: 'UPDATED_LAST', isShared: true, expectedVersion: 1 },
      fields,
    );
    expect(changed).toMatchObject({
      savedView: { name: 'Changing', filter: {}, search: null, sort: 'UPDATED_LAST', isShared: true, version: 2 },
    });
    expect(await codesOf(reviewer, 'updateSavedView', { viewId, name: 'Taken' })).toEqual(['FORBIDDEN']);
    expect(await codesOf(reviewer, 'removeSavedView', { viewId })).toEqual(['FORBIDDEN']);
    expect(await codesOf(intake, 'updateSavedView', { viewId, name: 'x', expectedVersion: 1 })).toEqual(['CONFLICT']);
    expect(await intake.must('removeSavedView', { viewId }, 'viewId')).toMatchObject({ viewId });
    expect(await names(intake)).not.toContain('Changing');
    expect(await codesOf(intake, 'removeSavedView', { viewId })).toEqual(['NOT_FOUND']);
    expect(await eventsOf(viewId)).toEqual(['saved_view.created', 'saved_view.changed', 'saved_view.removed']);
  });

  it.each([
    ['without a name', { name: ' ' }, ['REQUIRED'], ['name']],
    ['with a name of several lines', { name: 'a\nb' }, ['INVALID'], ['name']],
    ['with too long a name', { name: 'x'.repeat(101) }, ['INVALID'], ['name']],
    ['with an id of another kind', { name: 'x', filter: { programId: 'staff_x' } }, ['INVALID_ID'], ['filter']],
    [
      'with too much to choose from',
      { name: 'x', filter: { queues: Array(51).fill('q') } },
      ['LIMIT_REACHED'],
      ['filter'],
    ],
    ['with nothing to search for', { name: 'x', search: '?' }, ['INVALID'], ['search']],
    ['under a name twice', { name: 'New here' }, ['ALREADY_EXISTS'], []],
  ])('are not made %s', async (_what, input, codes, path) => {
    const { errors } = await intake.command('createSavedView', input);
    expect(errors.map(({ code }) => code)).toEqual(codes);
    expect(errors[0]?.path.slice(0, path.length)).toEqual(path);
  });

  it('are at most a hundred a person', async () => {
    const manager = await story.staff('PROGRAM_MANAGER');
    for (let made = 0; made < 100; made += 1) await create(manager, { name: `View ${made}` });
    expect(await codesOf(manager, 'createSavedView', { name: 'One more' })).toEqual(['LIMIT_REACHED']);
    expect(numberAt(await manager.ask('{ savedViews(own: true) { totalCount } }'), 'savedViews', 'totalCount')).toBe(
      100,
    );
    expect(await create(reviewer, { name: 'One more' })).toMatch(/^savedview_/);
  });

  it('are for people of staff: not for partners, and not for machines', async () => {
    const partner = await story.signInAgain('vic.view@partner.example.org');
    expect(await codesOf(partner, 'createSavedView', { name: 'x' })).toEqual(['FORBIDDEN']);
    const machine = await story.provisioner();
    expect(await codesOf(machine, 'createSavedView', { name: 'x' })).toEqual(['FORBIDDEN']);
    expect(await codesOf(story.desk.stranger, 'createSavedView', { name: 'x' })).toEqual(['UNAUTHENTICATED']);
  });
});
