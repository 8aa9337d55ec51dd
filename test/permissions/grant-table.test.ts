import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { valueAt } from '../../src/demo/portal-client.js';
import { expireGrant, suspendGrant } from '../../src/grants/grant.commands.js';
import { allGrantCommands, allGrantStatuses, type GrantCommand, grantRule } from '../../src/lifecycle/grant.js';
import { decodeId } from '../../src/platform/ids.js';
import { bySystem, openTestPortal, type TestPortal } from '../support/portal.js';
import { assemble, type Cast, type Player } from './cast.js';
import { copyGrant } from './copies.js';
import {
  endTheTimeOf,
  type GrantSituation,
  type GrantSituationName,
  grantSituationNames,
  grantSituationsOf,
} from './grant-situations.js';
import { grantMutations, verdictOf } from './mutations.js';

const mutations = Object.entries(grantMutations);

/** The same for grants as for applications: everybody, every command, wherever a grant may stand. */
describe('the table of grants, against the running portal', () => {
  let desk: TestPortal;
  let cast: Cast;
  let situations: Record<GrantSituationName, GrantSituation>;
  const untouched = new Map<GrantSituationName, string>();
  const shown = new Map<string, Promise<readonly string[]>>();
  const allowed = new Set<string>();

  beforeAll(async () => {
    desk = await openTestPortal();
    cast = await assemble(desk);
    situations = await grantSituationsOf(desk, cast);
  }, 120_000);
  afterAll(() => desk.close());

  const copyOf = (name: GrantSituationName) => copyGrant(desk.database.kysely(), situations[name].grantId);

  async function untouchedCopyOf(name: GrantSituationName): Promise<string> {
    const grantId = untouched.get(name) ?? (await copyOf(name));
    untouched.set(name, grantId);
    return grantId;
  }

  async function stateOf(grantId: string) {
    const found = await sql<{ status: string; version: number; audit: string }>`
      select status, version, (select count(*) from audit_record where actor_kind <> 'SYSTEM')::text as audit from access_grant
      where id = ${decodeId('grant', grantId)}`.execute(desk.database.kysely());
    const [row] = found.rows;
    if (!row) throw new Error(`There is no grant ${grantId}.`);
    return { ...row, audit: Number(row.audit) };
  }

  async function commandsShownTo(player: Player, grantId: string): Promise<readonly string[]> {
    const { data } = await player.client.request('query ($id: ID!) { grant(id: $id) { availableCommands } }', {
      id: grantId,
    });
    return (valueAt(data, 'grant', 'availableCommands') as string[] | undefined) ?? [];
  }

  async function tryRefused(
    command: keyof typeof grantMutations,
    name: GrantSituationName,
    expected: ReadonlyMap<Player, string>,
  ) {
    const problems: string[] = [];
    const grantId = await untouchedCopyOf(name);
    const before = await stateOf(grantId);
    const { mutation, input } = grantMutations[command];
    const attempts = [...expected].map(async ([player, refusal]) => {
      const verdict = await verdictOf(player.client, mutation, { grantId, ...input });
      if (verdict !== refusal) problems.push(`${player.name} gets ${verdict} instead of ${refusal}`);
      const key = `${player.name} ${name}`;
      const commands = shown.get(key) ?? commandsShownTo(player, grantId);
      shown.set(key, commands);
      if ((await commands).includes(command)) problems.push(`${player.name} is shown the command`);
    });
    await Promise.all(attempts);
    const after = await stateOf(grantId);
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      problems.push(`something is left of a refused command: ${JSON.stringify({ before, after })}`);
      untouched.delete(name);
    }
    return problems;
  }

  async function tryAccepted(player: Player, command: keyof typeof grantMutations, name: GrantSituationName) {
    const problems: string[] = [];
    const grantId = await copyOf(name);
    if (!(await commandsShownTo(player, grantId)).includes(command)) problems.push('is not shown the command');
    const before = await stateOf(grantId);
    const { mutation, input } = grantMutations[command];
    const verdict = await verdictOf(player.client, mutation, { grantId, ...input });
    if (verdict !== 'accepted') return [...problems, `gets ${verdict} instead of being accepted`];
    const after = await stateOf(grantId);
    if (after.version !== before.version + 1) problems.push('does not make it one version later');
    if (after.audit !== before.audit + 1) problems.push('is not on record once');
    const { to } = grantRule(command);
    const mayBecome = to === null ? [before.status] : typeof to === 'string' ? [to] : to;
    if (!mayBecome.some((status) => status === after.status)) problems.push(`makes it ${after.status}`);
    for (const role of player.roles) allowed.add(`${role} ${command} ${before.status}`);
    return problems;
  }

  describe.each(Object.keys(grantMutations) as (keyof typeof grantMutations)[])('%s', (command) => {
    it.each(grantSituationNames)('%s', async (name) => {
      const expected = new Map(cast.players.map((player) => [player, expectedOf(player, command, situations[name])]));
      const refused = new Map([...expected].filter(([, verdict]) => verdict !== 'accepted'));
      const wrong = await tryRefused(command, name, refused);
      for (const player of cast.players.filter((other) => !refused.has(other))) {
        const problems = await tryAccepted(player, command, name);
        wrong.push(...problems.map((problem) => `${player.name} ${problem}`));
      }
      expect(wrong).toEqual([]);
    });
  });

  it('has no mutation by which anybody could say that time has passed', async () => {
    const found = await cast
      .player('ADMIN')
      .client.ask('{ __schema { mutationType { fields { name description } } } }');
    const fields = valueAt(found, '__schema', 'mutationType', 'fields') as { name: string }[];
    expect(fields.map(({ name }) => name).filter((name) => /expire/i.test(name))).toEqual([]);
    expect(fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(mutations.map(([, { mutation }]) => mutation)),
    );
    expect(allGrantCommands.filter((command) => !(command in grantMutations))).toEqual([
      'letIn',
      'givePlace',
      'restore',
      'expire',
      'noteExpiring',
    ]);
  });

  it.each(grantSituationNames)('lets the portal end a grant whose time is over, or not: %s', async (name) => {
    const running = await copyOf(name);
    await expect(expire(running)).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });

    const ended = await copyOf(name);
    await endTheTimeOf(desk.database, ended);
    const { from } = grantRule('expire');
    const { status } = situations[name];
    // The portal's own clockwork may have been there first; what counts is where the grant stands then.
    await expire(ended).catch(() => null);
    expect(await stateOf(ended)).toMatchObject({ status: from.includes(status) ? 'EXPIRED' : status });
  });

  it.each(grantSituationNames)('lets the portal suspend what is in force, and nothing else: %s', async (name) => {
    const grantId = await copyOf(name);
    const input = { grantId: decodeId('grant', grantId), cause: 'TERMS', reason: 'Not accepted.' } as const;
    const suspended = await desk.portal.doorway.execute(suspendGrant, input, bySystem).then(
      () => true,
      () => false,
    );
    const { status } = situations[name];
    expect(suspended).toBe(grantRule('suspend').from.includes(status));
    if (suspended) allowed.add(`SYSTEM suspend ${status}`);
  });

  function expire(grantId: string) {
    return desk.portal.doorway.execute(expireGrant, { grantId: decodeId('grant', grantId) }, bySystem);
  }

  it('leaves out no status, and was used in every cell', () => {
    expect(new Set(Object.values(situations).map(({ status }) => status))).toEqual(new Set(allGrantStatuses));
    const cells = (Object.keys(grantMutations) as GrantCommand[]).flatMap((command) => {
      const { by, from } = grantRule(command);
      return by.flatMap((role) => from.map((status) => `${role} ${command} ${status}`));
    });
    expect(cells.filter((cell) => !allowed.has(cell))).toEqual([]);
  });
});

/** What is to come of a command, by the table and by who sees what. */
function expectedOf(player: Player, command: keyof typeof grantMutations, situation: GrantSituation): string {
  if (player.kind === 'STRANGER') return 'error UNAUTHENTICATED';
  if (!player.belongsToOrganization && !player.seesGrants) return 'NOT_FOUND';
  const { by, from } = grantRule(command);
  if (!by.some((role) => player.roles.includes(role))) return 'error FORBIDDEN';
  if (!from.includes(situation.status)) return 'NOT_ALLOWED_NOW';
  const byStaff = command === 'suspend' || command === 'reinstate' || command === 'revoke';
  if (player.belongsToOrganization && byStaff) return 'FOUR_EYES';
  return situation.refused[command] ?? 'accepted';
}
