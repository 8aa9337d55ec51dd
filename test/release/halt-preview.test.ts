import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { eventually, listAt } from '../journeys/story.js';
import { Rollout } from '../waves/rollout.js';

const asked = `query ($input: OrderEmergencyHaltInput!) { emergencyHaltPreview(input: $input) { products { code before after }
  suspended(first: 100) { totalCount nodes { id } } permittedAgain(first: 1) { totalCount }
  conditionsAdded(first: 1) { totalCount } organizationsOut(first: 100) { nodes { id } } organizationsIn(first: 1) { totalCount } } }`;

describe('the preview of an emergency halt', () => {
  let rollout: Rollout;
  let authorityId: string;
  let inScope: { readonly id: string; readonly organizationId: string };

  beforeAll(async () => {
    rollout = await Rollout.open();
    inScope = await rollout.active('ENERGY');
    const outOfScope = await rollout.active('DAMS');
    // One that waits for its provisioning, and one that staff have suspended.
    await rollout.approved(await rollout.proposed('ENERGY'));
    const { id: suspended } = await rollout.active('ENERGY');
    await rollout.planner.must('suspendGrant', { grantId: suspended, reason: 'An audit of the operator.' });
    const terms = { products: ['mythos-5'], sectors: ['ENERGY'] };
    const directiveId = await rollout.recorded({ kind: 'AUTHORIZE', terms });
    await rollout.second.must('putDirectiveInForce', { directiveId });
    await eventually(async () => expect(await suspendedSince(0)).toContain(outOfScope.id));
    authorityId = textAt(listAt(await rollout.planner.ask('{ authorities { id } }'), 'authorities')[0], 'id');
  }, 120_000);
  afterAll(() => rollout.close());

  const database = () => rollout.story.desk.database.kysely();
  /** Which grants the log tells were suspended, from one record on. */
  async function suspendedSince(sequence: number): Promise<readonly string[]> {
    const found = await sql<{ id: string }>`select subject_id as id from audit_record
      where sequence > ${sequence} and event in ('grant.suspended', 'grant.suspension_added')`.execute(database());
    return found.rows.map(({ id }) => encodeId('grant', id)).sort();
  }
  async function end(): Promise<number> {
    const found = await sql<{ end: string }>`select sequence::text as end from audit_head`.execute(database());
    return Number(found.rows[0]?.end);
  }
  function halt(more: object = {}) {
    const now = rollout.story.desk.clock.now().toISOString();
    const times = { issuedAt: now, receivedAt: now, effectiveAt: now };
    return { authorityId, reference: 'H-1', summary: 'Nobody may.', ...times, products: ['mythos-5'], ...more };
  }
  async function codesOf(client: PortalClient, input: object) {
    const query = 'query ($input: OrderEmergencyHaltInput!) { emergencyHaltPreview(input: $input) { at } }';
    const { errors } = await client.request(query, { input });
    return errors.map(({ extensions }) => extensions?.code);
  }

  it('is for those who may order one, and refused as the order would be', async () => {
    const { story } = rollout;
    for (const client of [rollout.owner, await story.staff('AUDITOR'), rollout.decider, await story.provisioner()])
      expect(await codesOf(client, halt())).toEqual(['FORBIDDEN']);
    expect(await codesOf(story.desk.stranger, halt())).toEqual(['UNAUTHENTICATED']);
    const later = new Date(story.desk.clock.now().getTime() + 60_000).toISOString();
    for (const [more, code] of [
      [{ effectiveAt: later }, 'INVALID'],
      [{ products: ['no-such'] }, 'NOT_FOUND'],
      [{ products: [] }, 'INVALID'],
      [{ reference: 'L-1' }, 'ALREADY_EXISTS'],
      [{ letterSha256: 'x' }, 'INVALID'],
    ] as const)
      expect([more, await codesOf(rollout.planner, halt(more))]).toEqual([more, [code]]);
    expect(await codesOf(await story.staff('ADMIN'), halt())).toEqual([]);
  });

  it('lists what the halt then hits, and records nothing', async () => {
    const start = await end();
    const input = halt({ foreignPersons: 'NONE_PERMITTED', operatorStaff: 'EXCLUDED' });
    const seen = valueAt(await rollout.planner.ask(asked, { input }), 'emergencyHaltPreview');
    expect(await end()).toBe(start);
    expect(await rollout.planner.ask('{ directives { nodes { reference } } }')).toEqual({
      directives: { nodes: [{ reference: 'L-1' }] },
    });
    expect(seen).toMatchObject({
      products: [{ code: 'mythos-5', before: 'LIMITED', after: 'HALTED' }],
      suspended: { totalCount: 2 },
      permittedAgain: { totalCount: 0 },
      conditionsAdded: { totalCount: 0 },
      organizationsIn: { totalCount: 0 },
    });
    const listed = listAt(seen, 'suspended', 'nodes').map((node) => textAt(node, 'id'));
    expect(listed).toContain(inScope.id);
    expect(listAt(seen, 'organizationsOut', 'nodes')).toContainEqual({ id: inScope.organizationId });

    const made = await rollout.planner.must(
      'orderEmergencyHalt',
      input,
      'directive { id terms { foreignPersons operatorStaff } }',
    );
    expect(valueAt(made, 'directive', 'terms')).toEqual({
      foreignPersons: 'NONE_PERMITTED',
      operatorStaff: 'EXCLUDED',
    });
    await eventually(async () => expect(await suspendedSince(start)).toEqual(listed.sort()));
    await rollout.story.run('release.apply');
    expect(await suspendedSince(start)).toEqual(listed);
    // What is halted already is hit by no further halt.
    const again = await rollout.planner.ask(asked, { input: halt({ reference: 'H-2' }) });
    expect(again).toMatchObject({ emergencyHaltPreview: { suspended: { totalCount: 0 } } });
  });
});
