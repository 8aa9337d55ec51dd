import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { registerOrganization } from '../../src/demo/applying.js';
import { tokenIn } from '../../src/demo/people.js';
import { type PlainCommand, plainCommands } from '../../src/lifecycle/permissions.js';
import { newToken } from '../../src/platform/secrets.js';
import { importTestList } from '../screening/importing.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';
import { assemble, type Cast, type Player } from './cast.js';
import { verdictOf } from './mutations.js';
import { environment, type PlainCase, plainCases, Things } from './plain-cases.js';

/** Every mutation of a command that has no statuses, by everybody, over HTTP. */
describe('the table of plain commands, against the running portal', () => {
  let desk: TestPortal;
  let cast: Cast;
  let things: Things;
  const tried = new Set<PlainCommand>();

  beforeAll(async () => {
    desk = await openTestPortal({ environment });
    cast = await assemble(desk);
    things = new Things(desk, cast);
    await importTestList(desk, [{ id: 'somebody', kind: 'ORGANIZATION', name: 'Somebody Else' }]);
  }, 120_000);
  afterAll(() => desk.close());

  /** What the portal does by itself, which is screening, happens when it happens. */
  async function lengthOfAudit(): Promise<number> {
    const found = await sql<{ length: number }>`
      select count(*)::int as length from audit_record where actor_kind <> 'SYSTEM'`.execute(desk.database.kysely());
    return Number(found.rows[0]?.length);
  }

  it.each(plainCases.map((one) => [one.command, one.mutation, one] as const))('%s: %s', async (_c, _m, one) => {
    const wrong: string[] = [];
    const expected = new Map(cast.players.map((player) => [player, expectedOf(player, one)]));

    const untouched = await one.input(things);
    const before = await lengthOfAudit();
    for (const [player, expectation] of expected) {
      if (expectation === 'accepted') continue;
      const verdict = await verdictOf(player.client, one.mutation, untouched);
      if (verdict !== expectation) wrong.push(`${player.name} gets ${verdict} instead of ${expectation}`);
    }
    if ((await lengthOfAudit()) !== before) wrong.push('a refused command is on record');

    for (const [player, expectation] of expected) {
      if (expectation !== 'accepted') continue;
      const input = await one.input(things);
      const already = await lengthOfAudit();
      const verdict = await verdictOf(player.client, one.mutation, input);
      if (verdict !== 'accepted') wrong.push(`${player.name} gets ${verdict} instead of being accepted`);
      else if ((await lengthOfAudit()) <= already) wrong.push(`what ${player.name} did is not on record`);
    }
    expect(wrong).toEqual([]);
    tried.add(one.command);
  });

  it('acceptInvitation: acceptInvitation', async () => {
    const third = await desk.person('Theo Third');
    const organizationId = await registerOrganization(third, 'Third Works', 'NL-3');
    const wrong: string[] = [];
    for (const player of cast.players) {
      let token = newToken();
      if (player.kind === 'PERSON') {
        const email = await things.addressOf(player);
        await third.must('inviteMember', { organizationId, email, role: 'VIEWER' });
        token = tokenIn(await desk.mail.next(email, /Third Works/));
      }
      const verdict = await verdictOf(player.client, 'acceptInvitation', { token });
      const expected = expectedOf(player, { command: 'acceptInvitation', seenBy: () => true, forPeople: true });
      if (verdict !== expected) wrong.push(`${player.name} gets ${verdict} instead of ${expected}`);
    }
    expect(wrong).toEqual([]);
    tried.add('acceptInvitation');
  });

  it('readAuditLog: auditLog', async () => {
    const wrong: string[] = [];
    for (const player of cast.players) {
      const { data, errors } = await player.client.request('{ auditLog(first: 1) { nodes { id } } }');
      const verdict = data?.auditLog ? 'accepted' : `error ${String(errors[0]?.extensions?.code)}`;
      const expected = expectedOf(player, { command: 'readAuditLog', seenBy: () => true });
      if (verdict !== expected) wrong.push(`${player.name} gets ${verdict} instead of ${expected}`);
    }
    expect(wrong).toEqual([]);
    tried.add('readAuditLog');
  });

  it('readReports: reports, and reports as files', async () => {
    const wrong: string[] = [];
    for (const player of cast.players) {
      const { data, errors } = await player.client.request('{ reports { backlog { open } } }');
      const file = await player.client.file('/reports/backlog.csv');
      await file.arrayBuffer();
      const verdict = data?.reports ? 'accepted' : `error ${String(errors[0]?.extensions?.code)}`;
      const expected = expectedOf(player, { command: 'readReports', seenBy: () => true });
      if (verdict !== expected) wrong.push(`${player.name} gets ${verdict} instead of ${expected}`);
      const status = { accepted: 200, 'error UNAUTHENTICATED': 401 }[expected] ?? 403;
      if (file.status !== status) wrong.push(`${player.name} gets ${file.status} for a file instead of ${status}`);
    }
    expect(wrong).toEqual([]);
    tried.add('readReports');
  });

  it('leaves out no command', () => {
    expect([...tried].sort()).toEqual(Object.keys(plainCommands).sort());
  });
});

/** What is to come of a command, by the table and by who sees what. */
function expectedOf(
  player: Player,
  { command, seenBy, forPeople, refused }: Pick<PlainCase, 'command' | 'seenBy' | 'forPeople' | 'refused'>,
) {
  if (player.kind === 'STRANGER') return 'error UNAUTHENTICATED';
  if (forPeople && player.kind === 'MACHINE') return 'error FORBIDDEN';
  if (!seenBy(player)) return 'NOT_FOUND';
  const by: readonly string[] = plainCommands[command].by;
  const allowed = by.includes('ANYONE_SIGNED_IN')
    ? player.kind === 'PERSON'
    : player.roles.some((role) => by.includes(role));
  return allowed ? (refused?.(player) ?? 'accepted') : 'error FORBIDDEN';
}
