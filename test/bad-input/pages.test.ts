import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { listAt, type Partner, Story } from '../journeys/story.js';

const opaque = (text: string) => Buffer.from(text).toString('base64url');
const writeCursor = (keys: readonly string[]) => opaque(JSON.stringify(keys));
const id = '01a20cb9-1799-720e-97c0-23ac5ceb1e0f';

/** Cursors that no list ever gave. */
const garbage = [
  ['empty', ''],
  ['no base64', '%%%'],
  ['no JSON', opaque('hello')],
  ['JSON of another kind', opaque('{"a":1}')],
  ['a list of numbers', opaque('[1]')],
  ['a list of nothing', opaque('[]')],
  ['with a key too many', writeCursor([id, id])],
  ['with a key that is no id', writeCursor(['x'])],
  ['with SQL for a key', writeCursor([`${id}'; drop table application; --`])],
  ['with NUL in a key', writeCursor(['\0'])],
  ['of the wrong kind of key', writeCursor(['2026-06-15T00:00:00Z'])],
  ['very long', 'x'.repeat(100_000)],
] as const;

describe('the arguments of a page', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Pia Page', 'Page Utilities');
    applicationId = await story.submitted(partner);
  });
  afterAll(() => story.close());

  const ask = async (args: string, variables = {}) => {
    const declared = 'after' in variables ? '($after: String)' : '';
    return partner.owner.request(`query ${declared} { applications(${args}) { nodes { id } } }`, variables);
  };

  it.each([
    ['first: -1', 'first', /from 0 to 100 items, not -1/],
    ['first: 101', 'first', /from 0 to 100 items, not 101/],
    ['last: 101', 'last', /from 0 to 100 items, not 101/],
    ['last: -1', 'last', /not -1/],
    ['first: 2147483647', 'first', /not 2147483647/],
    ['first: 1, last: 1', 'first', /`first` or `last`, not both/],
    ['before: "x"', 'before', /`before` goes with `last`/],
    ['first: 1, before: "x"', 'before', /`before` goes with `last`/],
    ['last: 1, after: "x"', 'after', /`after` goes with `first`/],
  ])('%s are refused', async (args, path, gist) => {
    const { status, data, errors } = await ask(args);
    expect([status, data]).toEqual([200, null]);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(gist),
        extensions: { code: 'INVALID', path: [path] },
      }),
    ]);
  });

  it.each(['first: 2147483648', 'first: 1.5', 'first: "ten"', 'first: true'])(
    '%s do not fit the schema',
    async (args) => {
      const { status, data, errors } = await ask(args);
      expect([status, data]).toEqual([400, null]);
      expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    },
  );

  it.each(garbage)('are refused with a cursor that is %s', async (_what, after) => {
    const notACursor = [
      expect.objectContaining({
        message: expect.stringMatching(/not a cursor of this list; pass an `endCursor` or `startCursor`/),
        extensions: { code: 'INVALID', path: ['after'] },
      }),
    ];
    const { data, errors } = await ask('first: 1, after: $after', { after });
    expect([data, errors]).toEqual([null, notACursor]);
  });

  it('are refused with the cursor of another kind of list', async () => {
    const intake = await story.staff('INTAKE');
    const queue = await intake.ask('{ queue(name: "intake", first: 1) { pageInfo { endCursor } } }');
    const after = textAt(queue, 'queue', 'pageInfo', 'endCursor');
    const { errors } = await ask('first: 1, after: $after', { after });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID', path: ['after'] } }]);

    const seen = await partner.owner.request(
      `query ($id: ID!) { application(id: $id) { timeline(first: 1, after: "${writeCursor([id])}") { nodes { type } } } }`,
      { id: applicationId },
    );
    expect(seen.errors).toMatchObject([{ extensions: { code: 'INVALID', path: ['after'] } }]);
    const numbered = writeCursor(['99999999999999999999999']);
    const far = await partner.owner.request(
      `query ($id: ID!) { application(id: $id) { timeline(first: 1, after: "${numbered}") { nodes { type } } } }`,
      { id: applicationId },
    );
    expect(far.errors).toMatchObject([{ extensions: { code: 'INVALID', path: ['after'] } }]);
    const queued = await intake.request(
      `{ queue(name: "intake", after: "${writeCursor(['yesterday', id])}") { nodes { id } } }`,
    );
    expect(queued.errors).toMatchObject([{ extensions: { code: 'INVALID', path: ['after'] } }]);
  });

  it('show nothing of others by a cursor of theirs, only a place in the order of one’s own', async () => {
    const other = await story.partner('Otto Other', 'Otto Utilities');
    await story.draft(other);
    const theirs = await other.owner.ask('{ applications(first: 1) { pageInfo { endCursor } } }');
    const after = textAt(theirs, 'applications', 'pageInfo', 'endCursor');
    const { data, errors } = await ask('first: 10, after: $after', { after });
    expect(errors).toEqual([]);
    expect(listAt(data, 'applications', 'nodes')).toEqual([{ id: applicationId }]);
  });

  it('may ask for a count or for the way on alone, on empty lists and on full ones', async () => {
    const empty = await story.partner('Ella Empty', 'Empty Utilities');
    await story.draft(await story.partner('Sue Second', 'Second Utilities'));
    const intake = await story.staff('INTAKE');
    const counts = '{ applications { totalCount } }';
    expect([await empty.owner.ask(counts), await partner.owner.ask(counts)]).toEqual([
      { applications: { totalCount: 0 } },
      { applications: { totalCount: 1 } },
    ]);
    const events = '{ organizations { totalCount pageInfo { hasPreviousPage } } }';
    expect(valueAt(await intake.ask(events), 'organizations', 'pageInfo')).toEqual({ hasPreviousPage: false });
    const timeline = await partner.owner.ask(
      'query ($id: ID!) { application(id: $id) { timeline(first: 2) { totalCount } } }',
      { id: applicationId },
    );
    expect(Number(valueAt(timeline, 'application', 'timeline', 'totalCount'))).toBeGreaterThan(5);
  });

  it('may ask for no items at all', async () => {
    expect((await ask('first: 0')).data).toEqual({ applications: { nodes: [] } });
  });
});
