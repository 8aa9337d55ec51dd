import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import {
  type ApplicationCommand,
  type ApplicationStatus,
  allApplicationStatuses,
  applicationRule,
} from '../../src/lifecycle/application.js';
import type { Role } from '../../src/lifecycle/roles.js';
import { decodeId } from '../../src/platform/ids.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';
import { assemble, type Cast, type Player } from './cast.js';
import { copyApplication } from './copies.js';
import {
  applicationMutations,
  besideTheApplication,
  type GivenCommand,
  givenCommands,
  verdictOf,
} from './mutations.js';
import {
  idsOf,
  type OtherIds,
  type Situation,
  type SituationName,
  situationNames,
  situationsOf,
} from './situations.js';

/**
 * Of those who are refused, everybody is tried in each place on a server; on the embedded database, which runs the same
 * code one statement at a time, every fifth, others in each place.
 */
const oneIn = process.env.TEST_DATABASE_URL === undefined ? 5 : 1;

/** Those to whom the organization is what it is to the owner of another one. */
const lookAlikes = ['key of another organization', 'person without roles'];

/**
 * Every command, in every situation, by everybody: over HTTP, with real sessions and keys. What the table allows is
 * done and recorded, what it does not is refused and leaves no trace, and a viewer is shown a command exactly when it
 * would be accepted.
 */
describe('the table of applications, against the running portal', () => {
  let desk: TestPortal;
  let cast: Cast;
  let situations: Record<SituationName, Situation>;
  /** Of each situation, a copy that nobody has changed yet; refused commands leave it as it is. */
  const untouched = new Map<SituationName, Copy>();
  const shown = new Map<string, Promise<readonly string[]>>();
  const allowed = new Set<string>();

  interface Copy {
    readonly applicationId: string;
    readonly ids: OtherIds;
  }

  beforeAll(async () => {
    desk = await openTestPortal();
    cast = await assemble(desk);
    situations = await situationsOf(desk, cast);
  }, 120_000);
  afterAll(() => desk.close());

  async function copyOf(situation: Situation): Promise<Copy> {
    const applicationId = await copyApplication(desk.database, situation.applicationId);
    return { applicationId, ids: await idsOf(desk.database, applicationId) };
  }

  async function untouchedCopyOf(name: SituationName): Promise<Copy> {
    const copy = untouched.get(name) ?? (await copyOf(situations[name]));
    untouched.set(name, copy);
    return copy;
  }

  /** Where an application stands, and how much people did. What the portal does by itself happens when it happens. */
  async function stateOf(applicationId: string) {
    const found = await sql<{ status: string; version: number; audit: string }>`
      select status, version, (select count(*) from audit_record where actor_kind <> 'SYSTEM')::text as audit from application
      where id = ${decodeId('application', applicationId)}`.execute(desk.database.kysely());
    const [row] = found.rows;
    if (!row) throw new Error(`There is no application ${applicationId}.`);
    return { ...row, audit: Number(row.audit) };
  }

  async function commandsShownTo(player: Player, applicationId: string): Promise<readonly string[]> {
    const { data } = await player.client.request('query ($id: ID!) { application(id: $id) { availableCommands } }', {
      id: applicationId,
    });
    return (valueAt(data, 'application', 'availableCommands') as string[] | undefined) ?? [];
  }

  /** What refused commands do: nothing. What is wrong, in words. */
  async function tryRefused(command: GivenCommand, name: SituationName, expected: ReadonlyMap<Player, string>) {
    const problems: string[] = [];
    const { applicationId, ids } = await untouchedCopyOf(name);
    const before = await stateOf(applicationId);
    const attempts = [...expected].map(async ([player, refusal]) => {
      const { mutation, input } = applicationMutations[command];
      const verdict = await verdictOf(player.client, mutation, input(applicationId, ids));
      if (verdict !== refusal) problems.push(`${player.name} gets ${verdict} instead of ${refusal}`);
      const key = `${player.name} ${name}`;
      const commands = shown.get(key) ?? commandsShownTo(player, applicationId);
      shown.set(key, commands);
      if ((await commands).includes(command)) problems.push(`${player.name} is shown the command`);
    });
    await Promise.all(attempts);
    const after = await stateOf(applicationId);
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      problems.push(`something is left of a refused command: ${JSON.stringify({ before, after })}`);
      untouched.delete(name);
    }
    return problems;
  }

  /** What an accepted command does: its change, one version on unless nothing changes, and on record. What is wrong, in words. */
  async function tryAccepted(player: Player, command: GivenCommand, name: SituationName) {
    const problems: string[] = [];
    const { applicationId } = await copyOf(situations[name]);
    if (command === 'acceptTerms') await forgetAcceptance(applicationId);
    if (command === 'release') await putInHand(player, applicationId);
    if (command === 'leaveUnanswered') await askSomething(applicationId);
    if (command.endsWith('Reopening')) await endGrants(applicationId);
    if (command === 'confirmReopening' || command === 'declineReopening') await haveReopeningProposed(applicationId);
    const ids = await idsOf(desk.database, applicationId);
    if (!(await commandsShownTo(player, applicationId)).includes(command)) problems.push('is not shown the command');

    const before = await stateOf(applicationId);
    const { mutation, input } = applicationMutations[command];
    const verdict = await verdictOf(player.client, mutation, input(applicationId, ids));
    if (verdict !== 'accepted') return [...problems, `gets ${verdict} instead of being accepted`];
    const after = await stateOf(applicationId);
    const isBeside = besideTheApplication.includes(command);
    if (!isBeside && after.version <= before.version) problems.push('leaves the version as it was');
    if (isBeside && after.version !== before.version) problems.push('makes it another version');
    if (after.audit <= before.audit) problems.push('is not on record');
    const { to } = applicationRule(command);
    const mayBecome = to === null ? [before.status] : typeof to === 'string' ? [to] : to;
    if (!mayBecome.some((status) => status === after.status)) problems.push(`makes it ${after.status}`);
    // A recusal is from the organization, which all copies share.
    if (command === 'recuse') await sql`delete from recusal`.execute(desk.database.kysely());
    for (const role of player.roles) allowed.add(`${role} ${command} ${before.status}`);
    return problems;
  }

  /** Only who has an application in hand can give it back. */
  async function putInHand({ client }: Player, applicationId: string): Promise<void> {
    const found = await client.ask('{ viewer { person { id } } }');
    const personId = decodeId('person', textAt(found, 'viewer', 'person', 'id'));
    await sql`update application set assignee_id = (select id from staff_member where user_id = ${personId})
      where id = ${decodeId('application', applicationId)}`.execute(desk.database.kysely());
  }

  /** Only what waits for an answer can be left unanswered. */
  async function askSomething(applicationId: string): Promise<void> {
    await sql`insert into message (id, application_id, organization_id, side, author_id, text, document_ids, sent_at)
      select gen_random_uuid(), id, organization_id, 'PARTNER', created_by, 'Hello?', '{}', now() from application
      where id = ${decodeId('application', applicationId)}`.execute(desk.database.kysely());
  }

  /** What was approved is reopened only when its grant has ended. */
  async function endGrants(applicationId: string): Promise<void> {
    await sql`update access_grant set status = 'REVOKED' where application_id = ${decodeId('application', applicationId)}`.execute(
      desk.database.kysely(),
    );
  }

  /** By somebody who takes no part otherwise. */
  async function haveReopeningProposed(applicationId: string): Promise<void> {
    await sql`insert into reopening (id, application_id, from_status, reason, internal_reason, status, proposed_by, proposed_at)
      select gen_random_uuid(), id, status, 'A mistake.', 'A mistake.', 'PROPOSED', created_by, now() from application
      where id = ${decodeId('application', applicationId)}`.execute(desk.database.kysely());
  }

  async function forgetAcceptance(applicationId: string): Promise<void> {
    await sql`delete from terms_acceptance where application_id = ${decodeId('application', applicationId)}`.execute(
      desk.database.kysely(),
    );
  }

  describe.each(givenCommands)('%s', (command) => {
    it.each(situationNames)('%s', async (name) => {
      const players = cast.players.filter((player) => !lookAlikes.includes(player.name));
      const expected = new Map(players.map((player) => [player, expectedOf(player, command, situations[name])]));
      const turn = givenCommands.indexOf(command) + situationNames.indexOf(name);
      const refused = new Map(
        [...expected].filter(([, verdict], place) => verdict !== 'accepted' && (place + turn) % oneIn === 0),
      );
      const wrong = await tryRefused(command, name, refused);
      for (const player of players.filter((other) => expected.get(other) === 'accepted')) {
        const problems = await tryAccepted(player, command, name);
        wrong.push(...problems.map((problem) => `${player.name} ${problem}`));
      }
      expect(wrong).toEqual([]);
    });
  });

  it('leaves out no status, and was used in every cell', () => {
    expect(new Set(Object.values(situations).map(({ status }) => status))).toEqual(new Set(allApplicationStatuses));
    const cells = givenCommands.flatMap((command) => {
      const { by, from } = applicationRule(command);
      return by
        .flatMap((role) => from.map((status) => ({ role, status, cell: `${role} ${command} ${status}` })))
        .filter(({ role, status }) => command !== 'claim' || mayClaim(role, status))
        .map(({ cell }) => cell);
    });
    expect(cells.filter((cell) => !allowed.has(cell))).toEqual([]);
  });
});

/** Who handles an application where it stands, and so can take it in hand. */
function claimers({ name, status }: Situation): readonly Role[] {
  if (status === 'SUBMITTED' || name === 'INFORMATION_REQUESTED before the review') return ['INTAKE'];
  const isReviewed =
    name.endsWith('takes recommendations') ||
    status === 'INFORMATION_REQUESTED' ||
    name === 'IN_REVIEW and asked before';
  return isReviewed ? ['INTAKE', 'REVIEWER', 'DECIDER'] : ['DECIDER'];
}

/** In these statuses, whatever the stage, only one of the roles that the table names has something to do. */
function mayClaim(role: Role, status: ApplicationStatus): boolean {
  if (status === 'SUBMITTED') return role === 'INTAKE';
  return role === 'DECIDER' || !['DECISION_PROPOSED', 'UNDER_APPEAL'].includes(status);
}

/** What is to come of a command, by the table and by who sees what. */
function expectedOf(player: Player, command: ApplicationCommand, situation: Situation): string {
  if (player.kind === 'STRANGER') return 'error UNAUTHENTICATED';
  const isDocument = ['addDocument', 'attachDocument', 'removeDocument'].includes(command);
  // Machines are told that documents are for people, whether or not there is one.
  if (isDocument && player.kind === 'MACHINE') return 'error FORBIDDEN';
  const sees = player.belongsToOrganization || (player.seesSubmitted && situation.submitted);
  if (!sees) return 'NOT_FOUND';
  const { by, from, guards } = applicationRule(command);
  if (!by.some((role) => player.roles.includes(role))) return 'error FORBIDDEN';
  const status = (player.belongsToOrganization ? situation.statusForMembers : null) ?? situation.status;
  if (!from.includes(status)) return 'NOT_ALLOWED_NOW';
  if (guards.includes('wasSubmitted') && !situation.submitted) return 'NOT_ALLOWED_NOW';
  if (player.belongsToOrganization && guards.includes('notInvolved')) return 'FOUR_EYES';
  const isOnOneSide = player.roles.includes('OWNER') || player.roles.includes('APPLICANT');
  if (player.belongsToOrganization && guards.includes('onOneSide') && !isOnOneSide) return 'FOUR_EYES';
  if (command === 'claim' && !player.roles.some((role) => claimers(situation).includes(role))) return 'error FORBIDDEN';
  return situation.refused[command] ?? 'accepted';
}
