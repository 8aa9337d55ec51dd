import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import {
  allHitCommands,
  allHitStatuses,
  type HitCommand,
  type HitStatus,
  hitRule,
} from '../../src/lifecycle/screening.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { importTestList } from '../screening/importing.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';
import { assemble, type Cast, type Player } from './cast.js';
import { verdictOf } from './mutations.js';

/** Whether somebody, who is none of the cast, has proposed a judgement. */
const situations = allHitStatuses.flatMap((status) => [false, true].map((isProposed) => [status, isProposed] as const));

/** The same for screening hits as for applications and grants: everybody, every command, wherever a hit may stand. */
describe('the table of screening hits, against the running portal', () => {
  let desk: TestPortal;
  let cast: Cast;
  let original: string;
  let proposer: string;
  let adjudicationId: string;
  const allowed = new Set<string>();

  beforeAll(async () => {
    desk = await openTestPortal();
    cast = await assemble(desk);
    await importTestList(desk, [{ id: 'entry', kind: 'ORGANIZATION', name: 'Tidewater Utilities' }]);
    const handler = await desk.staff('INTAKE');
    await handler.must('screenOrganization', { organizationId: cast.organizationId });
    const hits = await handler.ask('{ screeningHits { nodes { id } } }');
    original = textAt(hits, 'screeningHits', 'nodes', 0, 'id');
    proposer = textAt(await handler.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
  }, 120_000);
  afterAll(() => desk.close());

  /** Puts the hit where it is wanted, straight in the database. */
  async function place(status: HitStatus, isProposed: boolean): Promise<void> {
    const hit = decodeId('screeninghit', original);
    const id = randomIds.next();
    adjudicationId = encodeId('adjudication', id);
    const database = desk.database.kysely();
    await sql`update screening_adjudication set status = 'LAPSED', decided_by = null where hit_id = ${hit}`.execute(
      database,
    );
    await sql`update screening_hit set status = ${status} where id = ${hit}`.execute(database);
    if (!isProposed) return;
    await sql`insert into screening_adjudication (id, hit_id, match_id, verdict, reason, status, proposed_by, proposed_at)
      select ${id}, ${hit}, m.id, 'INCONCLUSIVE', 'Unclear.', 'PROPOSED', ${decodeId('person', proposer)}, now()
      from screening_match as m where m.hit_id = ${hit} limit 1`.execute(database);
  }

  const inputs: Readonly<Record<HitCommand, () => object>> = {
    proposeAdjudication: () => ({ verdict: 'TRUE_MATCH', reason: 'The same address.' }),
    confirmAdjudication: () => ({ adjudicationId }),
    declineAdjudication: () => ({ adjudicationId, reason: 'Look again.' }),
  };

  async function stateOf() {
    const found = await sql<{ status: HitStatus; version: number; audit: number }>`
      select status, version, (select count(*)::int from audit_record where actor_kind = 'PERSON') as audit
      from screening_hit where id = ${decodeId('screeninghit', original)}`.execute(desk.database.kysely());
    const [row] = found.rows;
    if (!row) throw new Error('The hit is gone.');
    return row;
  }

  async function commandsShownTo({ client }: Player): Promise<readonly string[]> {
    const { data } = await client.request('query ($id: ID!) { screeningHit(id: $id) { availableCommands } }', {
      id: original,
    });
    return (valueAt(data, 'screeningHit', 'availableCommands') as string[] | undefined) ?? [];
  }

  describe.each(allHitCommands)('%s', (command) => {
    it.each(situations)('%s, proposed: %s', async (status, isProposed) => {
      const wrong: string[] = [];
      for (const player of cast.players) {
        await place(status, isProposed);
        const before = await stateOf();
        const isShown = (await commandsShownTo(player)).includes(command);
        const expected = expectedOf(player, command, status, isProposed);
        const verdict = await verdictOf(player.client, command, { hitId: original, ...inputs[command]() });
        const after = await stateOf();
        if (verdict !== expected) wrong.push(`${player.name} gets ${verdict} instead of ${expected}`);
        if (isShown !== (expected === 'accepted'))
          wrong.push(`${player.name} is ${isShown ? '' : 'not '}shown the command`);
        if (expected === 'accepted') {
          for (const role of player.roles) allowed.add(`${role} ${command} ${status}`);
          if (after.version !== before.version + 1) wrong.push(`${player.name} does not make it one version later`);
          if (after.audit !== before.audit + 1) wrong.push(`what ${player.name} did is not on record once`);
          const mayBecome = hitRule(command).to ?? [before.status];
          if (!mayBecome.includes(after.status)) wrong.push(`${player.name} makes it ${after.status}`);
        } else if (JSON.stringify(after) !== JSON.stringify(before)) wrong.push(`${player.name} leaves something`);
      }
      expect(wrong).toEqual([]);
    });
  });

  it('was used in every cell', () => {
    const cells = allHitCommands.flatMap((command) => {
      const { by, from } = hitRule(command);
      return by.flatMap((role) => from.map((status) => `${role} ${command} ${status}`));
    });
    expect(cells.filter((cell) => !allowed.has(cell))).toEqual([]);
  });
});

/** What is to come of a command, by the table and by who sees what. */
function expectedOf(player: Player, command: HitCommand, status: HitStatus, isProposed: boolean): string {
  if (player.kind === 'STRANGER') return 'error UNAUTHENTICATED';
  // For members there are no hits, whatever else they are.
  if (!player.seesSubmitted || player.belongsToOrganization) return 'NOT_FOUND';
  const { by, from } = hitRule(command);
  if (!by.some((role) => player.roles.includes(role))) return 'error FORBIDDEN';
  if (!from.includes(status)) return 'NOT_ALLOWED_NOW';
  if (command === 'proposeAdjudication') return isProposed ? 'ALREADY_EXISTS' : 'accepted';
  return isProposed ? 'accepted' : 'NOT_ALLOWED_NOW';
}
