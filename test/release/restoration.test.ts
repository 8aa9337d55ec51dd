import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { restoreNext } from '../../src/grants/restoring.commands.js';
import { decodeId } from '../../src/platform/ids.js';
import { codesOf, day, eventually, listAt, lookAtGrant } from '../journeys/story.js';
import { bySystem } from '../support/portal.js';
import { Rollout } from '../waves/rollout.js';

const reason = 'The letter of 26 June permits it again.';

describe('a restoration', () => {
  let rollout: Rollout;
  /** The oldest grant first; the last of them is out of scope of what is permitted again. */
  let grants: readonly { readonly id: string; readonly organizationId: string }[];
  let letter: string;

  beforeAll(async () => {
    rollout = await Rollout.open();
    const made = [];
    for (const sector of ['ENERGY', 'ENERGY', 'ENERGY', 'ENERGY', 'DAMS']) made.push(await rollout.active(sector));
    grants = made;
    await rollout.second.must('suspendGrant', { grantId: idOf(3), reason: 'Misuse.' });
    const terms = { products: ['mythos-5'] };
    await inForce({ kind: 'HALT', terms });
    await eventually(async () => expect(await statuses()).toEqual(grants.map(() => 'SUSPENDED')));
    letter = await inForce({
      kind: 'AUTHORIZE',
      terms: { ...terms, sectors: ['ENERGY'], conditions: ['Own assets only.'] },
    });
  }, 120_000);
  afterAll(() => rollout.close());

  const idOf = (place: number) => String(grants[place]?.id);
  async function inForce(more: object): Promise<string> {
    const directiveId = await rollout.recorded(more);
    await rollout.second.must('putDirectiveInForce', { directiveId });
    return directiveId;
  }
  async function statuses(client = rollout.planner): Promise<readonly string[]> {
    const seen = await Promise.all(grants.map(({ id }) => lookAtGrant(client, id, 'status')));
    return seen.map((one) => textAt(one, 'status'));
  }
  async function planned(more: object = {}): Promise<string> {
    const opensAt = rollout.story.desk.clock.now().toISOString();
    const input = { productId: rollout.productId, reason, batches: [{ opensAt }], ...more };
    return textAt(await rollout.planner.must('planRestoration', input, 'restoration { id }'), 'restoration', 'id');
  }
  async function restorations(fields: string, client = rollout.planner): Promise<readonly unknown[]> {
    return listAt(await client.ask(`{ restorations(productCode: "mythos-5") { ${fields} } }`), 'restorations');
  }

  it('is planned with sense, by program managers, and restores nothing before another confirms it', async () => {
    const opensAt = rollout.story.desk.clock.now().toISOString();
    for (const [more, code] of [
      [{ batches: [] }, 'REQUIRED'],
      [{ batches: [{ opensAt }, { opensAt }] }, 'INVALID'],
      [{ batches: [{ opensAt, capacitySeats: 0 }] }, 'INVALID'],
      [{ ordering: 'PRIORITY' }, 'INVALID'],
      [{ reason: ' ' }, 'REQUIRED'],
    ] as const) {
      const input = { productId: rollout.productId, reason, batches: [{ opensAt }], ...more };
      expect([more, await codesOf(rollout.planner, 'planRestoration', input)]).toEqual([more, [code]]);
    }
    const restorationId = await planned();
    expect(await codesOf(rollout.planner, 'confirmRestoration', { restorationId })).toEqual(['FOUR_EYES']);
    expect(await codesOf(rollout.decider, 'confirmRestoration', { restorationId })).toEqual(['FORBIDDEN']);
    await rollout.planner.must('stopRestoration', { restorationId, reason: 'To be planned anew.' });
    expect(await codesOf(rollout.second, 'confirmRestoration', { restorationId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await restorations('status')).toEqual([{ status: 'WITHDRAWN' }]);
    expect(await rollout.owner.ask('{ restorations(productCode: "mythos-5") { id } }')).toEqual({ restorations: null });
    expect(await statuses()).toEqual(grants.map(() => 'SUSPENDED'));
  });

  it('lets in those in scope in its order, as many as a batch has room for, and lifts what the release had shut only', async () => {
    const now = rollout.story.desk.clock.now().getTime();
    const restorationId = await planned({
      ordering: 'PRIORITY',
      priorityIds: [grants[3]?.organizationId, grants[1]?.organizationId],
      batches: [
        { opensAt: new Date(now).toISOString(), capacityOrganizations: 2 },
        { opensAt: new Date(now + day).toISOString() },
      ],
    });
    await rollout.second.must('confirmRestoration', { restorationId });
    expect(await codesOf(rollout.second, 'confirmRestoration', { restorationId: await planned() })).toEqual([
      'ALREADY_EXISTS',
    ]);
    const asItIs = ['SUSPENDED', 'ACTIVE', 'SUSPENDED', 'SUSPENDED', 'SUSPENDED'];
    await eventually(async () => expect(await statuses()).toEqual(asItIs));
    // The fourth grant, which staff suspended besides, was restored first and stays suspended by them.
    const causes = 'suspensions { cause liftedAt } permittedBy conditions';
    expect(await lookAtGrant(rollout.planner, idOf(3), causes)).toMatchObject({
      suspensions: expect.arrayContaining([
        { cause: 'STAFF', liftedAt: null },
        { cause: 'RELEASE', liftedAt: expect.any(String) },
      ]),
      permittedBy: [letter],
      conditions: ['Own assets only.'],
    });
    expect(await lookAtGrant(rollout.planner, idOf(1), 'isUsable statusReason permittedBy')).toEqual({
      ...{ isUsable: true, statusReason: reason, permittedBy: [letter] },
    });
    expect(valueAt((await restorations('status batches { restored }'))[1], 'batches')).toEqual([
      { restored: 2 },
      { restored: 0 },
    ]);
  });

  it('goes on where it stopped, restores nothing twice, and is over when its last batch is', async () => {
    const [, restoration] = await restorations('id');
    const restorationId = decodeId('restoration', textAt(restoration, 'id'));
    rollout.story.pass(day);
    // Two processes at once, as after a crash that was none.
    const { doorway } = rollout.story.desk.portal;
    await Promise.all([1, 2, 3].map(() => doorway.execute(restoreNext, { restorationId }, bySystem)));
    await rollout.story.run('grants.restore');
    const manager = await rollout.story.staff('PROGRAM_MANAGER', 3);
    await eventually(async () => expect((await restorations('status', manager))[1]).toEqual({ status: 'COMPLETED' }));
    expect(await statuses(manager)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE', 'SUSPENDED', 'SUSPENDED']);
    const found = await sql<{ event: string; count: number }>`select event, count(*)::integer as count from audit_record
      where event in ('grant.restored', 'grant.reinstated', 'grant.suspension_lifted', 'restoration.completed')
      group by event order by event`.execute(rollout.story.desk.database.kysely());
    expect(found.rows.map(({ event, count }) => `${event} ${count}`)).toEqual([
      'grant.reinstated 3',
      'grant.restored 4',
      'grant.suspension_lifted 1',
      'restoration.completed 1',
    ]);
    const restored = await restorations('grants(first: 10) { totalCount } batches { restored }', manager);
    expect(restored[1]).toEqual({ grants: { totalCount: 4 }, batches: [{ restored: 2 }, { restored: 2 }] });
    await expect(
      doorway.execute(restoreNext, { restorationId }, { ...bySystem, actor: { kind: 'ANONYMOUS' } }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
