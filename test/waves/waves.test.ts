import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { drawnNumber } from '../../src/waves/place.commands.js';
import { codesOf, day, eventually, listAt, lookAtGrant } from '../journeys/story.js';
import { Rollout } from './rollout.js';

/** How many approvals come at one moment; the embedded database takes them one after the other anyway. */
const atOnce = process.env.TEST_DATABASE_URL === undefined ? 20 : 100;

describe('the waves of a product', () => {
  let rollout: Rollout;
  let first: string;

  beforeAll(async () => {
    rollout = await Rollout.open();
  }, 120_000);
  afterAll(() => rollout.close());

  const isOpen = (waveId: string) =>
    eventually(async () => expect(await rollout.waves('id status')).toContainEqual({ id: waveId, status: 'OPEN' }));
  const place = async (grantId: string, fields = 'place { status position wave { name } }') =>
    lookAtGrant(rollout.planner, grantId, `status ${fields}`);

  it('do not exist until two people agree on one: until then grants need no place', async () => {
    const waveId = await rollout.planned({ name: 'First', capacityOrganizations: 10 });
    expect(await rollout.waves('name', rollout.owner)).toEqual([]);
    expect(await rollout.approved(await rollout.proposed())).toMatchObject({ status: 'PENDING_PROVISIONING' });
    expect(await codesOf(rollout.planner, 'confirmWave', { waveId })).toEqual(['FOUR_EYES']);
    await rollout.second.must('confirmWave', { waveId });
    await isOpen(waveId);
    first = waveId;
    expect(await rollout.waves('name number capacityOrganizations plannedBy { id } seed', rollout.owner)).toEqual([
      { name: 'First', number: 1, capacityOrganizations: null, plannedBy: null, seed: null },
    ]);
  });

  it('are planned with sense', async () => {
    const opensAt = rollout.story.desk.clock.now().toISOString();
    const { organizationId } = await rollout.proposed();
    for (const [more, code] of [
      [{ closesAt: opensAt }, 'INVALID'],
      [{ capacitySeats: 0 }, 'INVALID'],
      [{ countries: ['Holland'] }, 'INVALID'],
      [{ name: ' ' }, 'REQUIRED'],
      [{ ordering: 'PRIORITY' }, 'INVALID'],
      [{ priorityIds: [organizationId] }, 'INVALID'],
      [{ organizationIds: [organizationId.replace(/.{4}$/, '0000')] }, 'NOT_FOUND'],
    ] as const) {
      const input = { productId: rollout.productId, name: 'A wave', opensAt, ...more };
      expect([more, await codesOf(rollout.planner, 'planWave', input)]).toEqual([more, [code]]);
    }
    expect(await codesOf(rollout.decider, 'planWave', { productId: rollout.productId, name: 'Mine', opensAt })).toEqual(
      ['FORBIDDEN'],
    );
  });

  it(`never let in more than they have places for: of ${atOnce} approvals at once, ten find one`, async () => {
    const all = await Promise.all(Array.from({ length: atOnce }, () => rollout.proposed()));
    const grants = await Promise.all(all.map((one) => rollout.approved(one)));
    const statuses = grants.map(({ status }) => status);
    expect(statuses.filter((status) => status === 'PENDING_PROVISIONING')).toHaveLength(10);
    expect(statuses.filter((status) => status === 'WAITLISTED')).toHaveLength(atOnce - 10);
    expect(await rollout.waves('organizationsInside seatsInside')).toEqual([
      { organizationsInside: 10, seatsInside: 120 },
    ]);
    const waiting = grants.filter(({ status }) => status === 'WAITLISTED');
    const seen = await Promise.all(waiting.map(({ id }) => place(id)));
    expect(seen.map((one) => Number(valueAt(one, 'place', 'position'))).sort((a, b) => a - b)).toEqual(
      waiting.map((_one, position) => position + 1),
    );
    const machine = await rollout.story.provisioner();
    expect(await codesOf(machine, 'acknowledgeProvisioning', { grantId: waiting[0]?.id })).toEqual(['NOT_ALLOWED_NOW']);
  }, 120_000);

  it('give a place that is freed to the next who waits, once', async () => {
    const grants = await listOf('WAITLISTED', 'id place { position }');
    const next = grants.find((one) => valueAt(one, 'place', 'position') === 1);
    const inside = listAt(
      await rollout.planner.ask(
        '{ grants(filter: { statuses: [PENDING_PROVISIONING] }) { nodes { id place { status } } } }',
      ),
      'grants',
      'nodes',
    ).filter((one) => valueAt(one, 'place') !== null);
    const reason = 'Not needed any more.';
    await rollout.planner.must('revokeGrant', { grantId: textAt(inside[0], 'id'), reason });
    await eventually(async () =>
      expect(await place(textAt(next, 'id'))).toEqual({
        status: 'PENDING_PROVISIONING',
        place: { status: 'HELD', position: null, wave: { name: 'First' } },
      }),
    );
    await Promise.all([rollout.story.run('waves.turn'), rollout.story.run('waves.turn')]);
    expect(await listOf('WAITLISTED', 'id')).toHaveLength(atOnce - 11);
    expect(await rollout.logged('grant.place_given')).toBe(1);
    const { history } = { ...(await lookAtGrant(rollout.planner, textAt(next, 'id'), 'history { type status }')) };
    expect(history).toEqual([
      { type: 'grant.created', status: 'WAITLISTED' },
      { type: 'grant.place_given', status: 'PENDING_PROVISIONING' },
    ]);
    // Whoever stops waiting makes no room inside, and the others move up.
    const second = grants.find((one) => valueAt(one, 'place', 'position') === 3);
    await rollout.planner.must('revokeGrant', { grantId: textAt(second, 'id'), reason });
    const fourth = grants.find((one) => valueAt(one, 'place', 'position') === 4);
    expect(await place(textAt(fourth, 'id'))).toMatchObject({ place: { position: 2 } });
  });

  it('give none once they are closed, which takes one person', async () => {
    await rollout.planner.must('closeWave', { waveId: first, reason: 'Enough for now.' });
    const held = listAt(
      await rollout.planner.ask(
        '{ grants(filter: { statuses: [PENDING_PROVISIONING] }) { nodes { id place { status } } } }',
      ),
      'grants',
      'nodes',
    ).find((one) => valueAt(one, 'place') !== null);
    const before = await listOf('WAITLISTED', 'id');
    await rollout.planner.must('revokeGrant', { grantId: textAt(held, 'id'), reason: 'Not needed.' });
    await rollout.story.run('waves.turn');
    expect((await rollout.approved(await rollout.proposed())).status).toBe('WAITLISTED');
    expect(await listOf('WAITLISTED', 'id')).toHaveLength(before.length + 1);
    expect(await codesOf(rollout.planner, 'closeWave', { waveId: first, reason: 'Again.' })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
  });

  it('let in by a draw those who wait when they open, so that anybody can draw again', async () => {
    const waiting = await listOf('WAITLISTED', 'id');
    const waveId = await rollout.wave({ name: 'Drawn', capacityOrganizations: 3, ordering: 'DRAW' });
    await isOpen(waveId);
    await eventually(async () => expect(await rollout.logged('grant.place_given')).toBe(4));
    const [, drawn] = await rollout.waves('seed');
    const ids = waiting.map((one) => decodeId('grant', textAt(one, 'id')));
    const lowest = [...ids].sort(
      (a, b) => drawnNumber(textAt(drawn, 'seed'), a) - drawnNumber(textAt(drawn, 'seed'), b),
    );
    const still = (await listOf('WAITLISTED', 'id')).map((one) => decodeId('grant', textAt(one, 'id')));
    expect(ids.filter((id) => !still.includes(id)).sort()).toEqual(lowest.slice(0, 3).sort());
    await rollout.planner.must('closeWave', { waveId, reason: 'Full.' });
  });

  it('open and close at their times, for those whom they are for, those first who are put first', async () => {
    const favoured = await rollout.proposed('ENERGY');
    const others = [await rollout.proposed('ENERGY'), await rollout.proposed('DAMS')] as const;
    const [ahead, behind, outside] = [
      await rollout.approved(others[0]),
      await rollout.approved(favoured),
      await rollout.approved(others[1]),
    ];
    const now = rollout.story.desk.clock.now().getTime();
    const waveId = await rollout.wave({
      ...{ name: 'Energy first', capacitySeats: 12, sectors: ['ENERGY'] },
      ...{ ordering: 'PRIORITY', priorityIds: [favoured.organizationId] },
      opensAt: new Date(now + day / 2).toISOString(),
      closesAt: new Date(now + day).toISOString(),
    });
    await rollout.story.run('waves.turn');
    expect(await place(behind.id)).toMatchObject({ status: 'WAITLISTED' });
    rollout.story.pass(day / 2);
    await rollout.story.run('waves.turn');
    const manager = await rollout.story.staff('PROGRAM_MANAGER', 3);
    const seen = (id: string) => lookAtGrant(manager, id, 'status');
    await eventually(async () => expect(await seen(behind.id)).toEqual({ status: 'PENDING_PROVISIONING' }));
    expect([await seen(ahead.id), await seen(outside.id)]).toEqual([
      { status: 'WAITLISTED' },
      { status: 'WAITLISTED' },
    ]);
    rollout.story.pass(day / 2);
    await rollout.story.run('waves.turn');
    const later = await rollout.story.staff('PROGRAM_MANAGER', 4);
    await eventually(async () =>
      expect(await rollout.waves('id status', later)).toContainEqual({ id: waveId, status: 'CLOSED' }),
    );
  });

  async function listOf(status: string, fields: string): Promise<readonly unknown[]> {
    const found = await rollout.planner.ask(
      `{ grants(filter: { statuses: [${status}], productCode: "mythos-5" }, first: 100) { nodes { ${fields} } } }`,
    );
    return listAt(found, 'grants', 'nodes');
  }
});
