import { sql } from 'kysely';
import { type Fields, type PortalClient, PortalRefusal, valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import type { Player } from '../permissions/cast.js';
import { besideTheApplication } from '../permissions/mutations.js';
import { idsOf } from '../permissions/situations.js';
import type { TestPortal } from '../support/portal.js';
import { brokenRules } from './invariants.js';
import { allIdeas, type Idea, type Move, requestOf } from './moves.js';
import { leaksIn, tellTales, unsignedDecisions } from './secrets.js';
import { everythingOf } from './whole-view.js';

export interface PlayParts {
  readonly desk: TestPortal;
  readonly players: readonly Player[];
  readonly applicationId: string;
  /** The queries for everything about an application. */
  readonly queries: readonly string[];
  readonly staffNames: readonly string[];
  /** Commands that were accepted in any play. */
  readonly accepted: Set<string>;
}

/** Where everything stands: what a refused command must leave as it was. */
interface State {
  readonly version: number;
  readonly status: string;
  readonly grant: string | null;
  readonly grantVersion: number | null;
  /** The records of what people and machines did; the portal's own clockwork goes on meanwhile. */
  readonly records: number;
}

/** Commands that are accepted again when all is as they would have it, which changes nothing and is not on record. */
const mayChangeNothing = new Set([
  'acceptTerms',
  'saveAnswers',
  'moveToQueue',
  // An amendment or a renewal that is under way is answered again.
  'startAmendment',
  'startRenewal',
  // Where nobody waits for an answer, nothing is left unanswered.
  'leaveUnanswered',
]);

/** One random play about one application. */
export class Play {
  readonly story: string[] = [];
  readonly #parts: PlayParts;
  #mark = 0;

  constructor(parts: PlayParts) {
    this.#parts = parts;
  }

  /** Plays until something is wrong; answers what. */
  async perform(script: readonly Move[]): Promise<string[]> {
    const { clock } = this.#parts.desk;
    let passed = 0;
    try {
      for (const move of script) {
        clock.advance(move.minutes * 60_000);
        passed += move.minutes * 60_000;
        const problems = await this.#make(move);
        if (problems.length > 0) return problems;
      }
      return await this.#looks();
    } finally {
      clock.advance(-passed);
    }
  }

  async #make(move: Move): Promise<string[]> {
    const { applicationId, desk, players, accepted } = this.#parts;
    const player = chosen(move.wild ? players : players.filter(isActive), move.player);
    const before = await this.#state();
    const grantId = encodeId('grant', before.grant ?? randomIds.next());
    const available = await this.#availableTo(player, before.grant === null ? null : grantId);
    const isShown = !move.wild && available.length > 0;
    const idea = chosen(isShown ? available : allIdeas, move.choice);
    this.#mark += 1;
    const ids = await idsOf(desk.database, applicationId);
    const about = { applicationId, grantId, ids };
    const { mutation, input } = requestOf(idea, about, move.verdict, `mark-${this.#mark}-${applicationId}`);
    const key = randomIds.next();
    const answer = await give(player.client, mutation, input, key);
    this.story.push(`After ${move.minutes} minutes, ${player.name}: ${mutation}: ${answer.verdict}.`);
    const isAccepted = answer.verdict === 'accepted';
    if (isAccepted) accepted.add(idea.command);

    const problems: string[] = [];
    if (player.belongsToOrganization) problems.push(...tellTales(answer.said));
    const wasShown = available.some(({ on, command }) => on === idea.on && command === idea.command);
    // Documents can be removed until there is none left to name.
    const namesNone = idea.command === 'removeDocument' && answer.verdict === 'NOT_FOUND';
    if (wasShown !== isAccepted && !namesNone)
      problems.push(wasShown ? 'It was shown as available.' : 'It was not shown.');
    const after = await this.#state();
    if (!isAccepted && !same(after, before)) problems.push(`A refused command left a trace: ${differ(before, after)}`);
    if (isAccepted) problems.push(...(await this.#recordProblems(idea, before, after)));
    if (isAccepted && move.again) problems.push(...(await this.#repeat(player, { mutation, input, key }, answer)));
    problems.push(...(await brokenRules(desk.database, applicationId, desk.clock.now())));
    if (isAccepted) problems.push(...(await this.#looks()));
    return problems;
  }

  /** One request, one command: everything on record about it says so, and there is something. */
  async #recordProblems({ on, command }: Idea, before: State, after: State): Promise<string[]> {
    const { database } = this.#parts.desk;
    if (mayChangeNothing.has(command) && same(after, before)) return [];
    const found = await sql<{ requests: number; commands: number }>`select count(distinct request_id)::int as requests,
      count(distinct command)::int as commands from (
        select request_id, command from audit_record where actor_kind <> 'SYSTEM' order by sequence desc
        limit ${after.records - before.records}) as last`.execute(database.kysely());
    const [row] = found.rows;
    const problems: string[] = [];
    if (after.records <= before.records) problems.push(`${command} is not on record.`);
    else if (row?.requests !== 1 || row.commands !== 1)
      problems.push(`${command} is on record as ${JSON.stringify(row)}.`);
    const isBeside = besideTheApplication.some((one) => one === command);
    if (on === 'application' && !isBeside && after.version <= before.version) problems.push('The version stayed.');
    if (isBeside && after.version !== before.version) problems.push('The version changed.');
    return problems;
  }

  /** The same key again: the same answer, and nothing more. With another request: refused. */
  async #repeat(
    { client }: Player,
    { mutation, input, key }: { mutation: string; input: Fields; key: string },
    first: Answer,
  ): Promise<string[]> {
    const problems: string[] = [];
    const before = await this.#state();
    const second = await give(client, mutation, input, key);
    if (!same(second, first)) problems.push(`The repetition was answered otherwise: ${differ(first, second)}`);
    const { applicationId } = this.#parts;
    const other = await give(client, 'withdrawApplication', { applicationId, reason: 'Another request.' }, key);
    if (other.verdict !== 'IDEMPOTENCY_KEY_REUSED') problems.push(`A used key was answered ${other.verdict}.`);
    const after = await this.#state();
    if (!same(after, before)) problems.push(`A repetition changed something: ${differ(before, after)}`);
    return problems;
  }

  /** One after the other looks at all that there is: whoever belongs to the organization, its machine included. */
  async #looks(): Promise<string[]> {
    const { desk, applicationId, players, queries, staffNames } = this.#parts;
    const onlookers = players.filter(({ belongsToOrganization }) => belongsToOrganization);
    const onlooker = chosen(onlookers, this.#mark);
    const answer = await everythingOf(onlooker.client, queries, applicationId);
    const secrets = [...staffNames, ...(await unsignedDecisions(desk.database, applicationId))];
    return leaksIn(answer, secrets).map((leak) => `To ${onlooker.name}: ${leak}`);
  }

  async #availableTo({ client }: Player, grantId: string | null): Promise<Idea[]> {
    const { applicationId } = this.#parts;
    const ofGrant = grantId === null ? '' : 'grant(id: $grant) { availableCommands }';
    const query = `query ($id: ID!${grantId === null ? '' : ', $grant: ID!'}) {
      application(id: $id) { availableCommands } ${ofGrant} }`;
    const { data } = await client.request(query, { id: applicationId, grant: grantId });
    const shown = (on: string) => (valueAt(data, on, 'availableCommands') as string[] | undefined) ?? [];
    return allIdeas.filter(({ on, command }) => shown(on).includes(command));
  }

  async #state(): Promise<State> {
    const found = await sql<State>`select a.version, a.status, g.id as grant, g.version as "grantVersion",
      (select count(*)::int from audit_record where actor_kind <> 'SYSTEM') as records
      from application a left join access_grant g on g.application_id = a.id
      where a.id = ${decodeId('application', this.#parts.applicationId)}`.execute(this.#parts.desk.database.kysely());
    const [row] = found.rows;
    if (!row) throw new Error('The application is gone.');
    return row;
  }
}

interface Answer {
  readonly verdict: string;
  /** What the caller was told about why not. */
  readonly said: string;
  readonly payload: Fields;
}

async function give(client: PortalClient, mutation: string, input: Fields, key: string): Promise<Answer> {
  try {
    const { errors, payload } = await client.command(mutation, input, whatOf(mutation, input), {
      'idempotency-key': key,
    });
    const verdict = errors.length === 0 ? 'accepted' : errors.map(({ code }) => code).join(' ');
    return { verdict, payload, said: errors.map(({ message }) => message).join(' ') };
  } catch (error) {
    if (error instanceof PortalRefusal) return { verdict: `error ${error.code}`, payload: {}, said: error.message };
    throw error;
  }
}

/** Does this player ever give a command? */
function isActive({ roles }: Player): boolean {
  return roles.some((role) => role !== 'VIEWER' && role !== 'AUDITOR');
}

/** What to ask of the object that a command answers with. */
function whatOf(mutation: string, input: Fields): string {
  if (mutation.endsWith('Document') || mutation === 'requestDocumentUpload') return 'document { id status }';
  if (mutation === 'addNote') return 'note { id text version }';
  return `${'grantId' in input ? 'grant' : 'application'} { id status version availableCommands }`;
}

function chosen<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % items.length];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function differ(one: unknown, other: unknown): string {
  return `${JSON.stringify(one)} before, ${JSON.stringify(other)} after`;
}
