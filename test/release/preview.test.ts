import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { codesOf, eventually, listAt } from '../journeys/story.js';
import { Rollout } from '../waves/rollout.js';

const lists = ['suspended', 'permittedAgain', 'conditionsAdded', 'organizationsIn', 'organizationsOut'] as const;
const asked = `query ($id: ID!) { directivePreview(id: $id) { products { code before after }
  ${lists.map((list) => `${list}(first: 100) { totalCount nodes { id } }`).join(' ')} } }`;
type Foreseen = Readonly<Record<(typeof lists)[number], readonly string[]>>;

describe('the preview of a directive', () => {
  let rollout: Rollout;
  const grants: Record<'one' | 'two' | 'three', { id: string; organizationId: string }> = {
    one: { id: '', organizationId: '' },
    two: { id: '', organizationId: '' },
    three: { id: '', organizationId: '' },
  };

  beforeAll(async () => {
    rollout = await Rollout.open();
    grants.one = await rollout.active('ENERGY');
    grants.two = await rollout.active('ENERGY');
    grants.three = await rollout.active('DAMS');
  }, 120_000);
  afterAll(() => rollout.close());

  async function foreseen(directiveId: string): Promise<Foreseen> {
    const found = await rollout.planner.ask(asked, { id: directiveId });
    const ids = lists.map((list) => {
      const nodes = listAt(found, 'directivePreview', list, 'nodes').map((node) => textAt(node, 'id'));
      expect(valueAt(found, 'directivePreview', list, 'totalCount')).toBe(nodes.length);
      return [list, nodes.sort()];
    });
    return Object.fromEntries(ids) as Foreseen;
  }

  /** Of which grants the log tells that something happened to them, so many records from its beginning on. */
  async function loggedAfter(sequence: number, ...events: readonly string[]): Promise<readonly string[]> {
    const found = await sql<{ id: string }>`select subject_id as id from audit_record
      where sequence > ${sequence} and event = any(${[...events]}::text[])`.execute(database());
    return found.rows.map(({ id }) => encodeId('grant', id)).sort();
  }
  const database = () => rollout.story.desk.database.kysely();
  async function end(): Promise<number> {
    const found = await sql<{ end: string }>`select sequence::text as end from audit_head`.execute(database());
    return Number(found.rows[0]?.end);
  }

  /** Puts it in force, and sees that exactly that happens which was foreseen. */
  async function comesTrue(directiveId: string): Promise<Foreseen> {
    const before = await foreseen(directiveId);
    const start = await end();
    await rollout.second.must('putDirectiveInForce', { directiveId });
    await eventually(async () => {
      expect(await loggedAfter(start, 'grant.suspended', 'grant.suspension_added')).toEqual(before.suspended);
      expect(await loggedAfter(start, 'grant.conditions_added')).toEqual(before.conditionsAdded);
    });
    const restored: string[] = [];
    for (const { id } of Object.values(grants)) {
      const input = { grantId: id, cause: 'RELEASE', reason: 'Permitted again.' };
      if ((await codesOf(rollout.second, 'reinstateGrant', input)).length === 0) restored.push(id);
    }
    expect(restored.sort()).toEqual(before.permittedAgain);
    expect(
      await rollout.planner.ask('query ($id: ID!) { directivePreview(id: $id) { at } }', { id: directiveId }),
    ).toEqual({
      directivePreview: null,
    });
    return before;
  }
  const only = (...of: readonly { readonly id: string }[]) => of.map(({ id }) => id).sort();
  const mythos = { products: ['mythos-5'] };

  it('tells whom a permission leaves out, and who gets conditions by it', async () => {
    const { one, two, three } = grants;
    const terms = { ...mythos, sectors: ['ENERGY'], conditions: ['Own assets only.'] };
    const told = await comesTrue(await rollout.recorded({ kind: 'AUTHORIZE', terms }));
    expect(told).toMatchObject({ suspended: only(three), permittedAgain: [], conditionsAdded: only(one, two) });
    expect(told.organizationsOut).toContain(three.organizationId);
    expect(told.organizationsIn).toEqual([]);
  });

  let halt: string;
  it('tells whom a halt hits', async () => {
    halt = await rollout.recorded({ kind: 'HALT', terms: mythos });
    const told = await comesTrue(halt);
    expect(told).toMatchObject({ suspended: only(grants.one, grants.two), permittedAgain: [], conditionsAdded: [] });
    expect(told.organizationsOut).toEqual([grants.one.organizationId, grants.two.organizationId].sort());
  });

  let letter: string;
  it('tells to whom a letter permits the product again, by the names that are matched', async () => {
    const { three } = grants;
    letter = await rollout.recorded({
      kind: 'AUTHORIZE',
      terms: mythos,
      entries: [{ name: 'Three Ltd', effect: 'PERMITS' }],
    });
    expect(await foreseen(letter)).toMatchObject({ permittedAgain: [], organizationsIn: [] });
    await rollout.matched(letter, [three.organizationId]);
    const told = await comesTrue(letter);
    expect(told).toMatchObject({ suspended: [], permittedAgain: only(three), organizationsIn: [three.organizationId] });
  });

  it('tells what an amendment changes', async () => {
    const { one, two, three } = grants;
    const terms = { ...mythos, sectors: ['ENERGY'], conditions: ['Report monthly.'] };
    const told = await comesTrue(await rollout.recorded({ kind: 'AMEND', changesId: letter, terms }));
    expect(told).toMatchObject({ suspended: only(three), permittedAgain: only(one, two) });
    expect(told.organizationsOut).toEqual([three.organizationId]);
  });

  it('tells whom a designation shuts out, and what is so when a directive is taken back', async () => {
    const { one } = grants;
    const nothing = { products: [] };
    const entries = [{ name: 'One Ltd', effect: 'EXCLUDES' }];
    const shuts = await rollout.recorded({ kind: 'DESIGNATE', terms: nothing, entries });
    await rollout.matched(shuts, [one.organizationId]);
    expect(await comesTrue(shuts)).toMatchObject({ suspended: only(one), organizationsOut: [one.organizationId] });
    const told = await comesTrue(await rollout.recorded({ kind: 'RESCIND', changesId: shuts }));
    expect(told).toMatchObject({ suspended: [], permittedAgain: only(one), organizationsIn: [one.organizationId] });
  });

  it('is nothing for partners', async () => {
    const id = await rollout.recorded({ kind: 'HALT', terms: mythos });
    const query = 'query ($id: ID!) { directivePreview(id: $id) { at } }';
    expect(await rollout.owner.ask(query, { id })).toEqual({ directivePreview: null });
    expect(await rollout.planner.ask(query, { id })).toMatchObject({ directivePreview: { at: expect.any(String) } });
  });
});
