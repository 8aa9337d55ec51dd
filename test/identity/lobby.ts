import { randomBytes } from 'node:crypto';
import { type ExecutionResult, graphql } from 'graphql';
import { CompiledQuery, sql } from 'kysely';
import { buildSchema } from 'type-graphql';
import type { Request } from '../../src/api/request.js';
import type { CommandContext } from '../../src/doorway/command.js';
import { Doorway } from '../../src/doorway/doorway.js';
import { AccountResolver } from '../../src/identity/account.resolver.js';
import type { AccountMail, Addressee, LinkLetter } from '../../src/identity/account-mail.js';
import { Accounts } from '../../src/identity/accounts.js';
import { readCredential } from '../../src/identity/actor.js';
import { Actors } from '../../src/identity/actors.js';
import { ApiKeyResolver } from '../../src/identity/api-key.resolver.js';
import { Passwords } from '../../src/identity/passwords.js';
import { RateLimits } from '../../src/identity/rate-limits.js';
import { SignInLibrary } from '../../src/identity/sign-in-library.js';
import { Staff } from '../../src/identity/staff.js';
import { StaffResolver } from '../../src/identity/staff.resolver.js';
import { type Actor, anonymous } from '../../src/lifecycle/actor.js';
import type { PartnerRole, StaffRole } from '../../src/lifecycle/roles.js';
import { Refusal } from '../../src/platform/errors.js';
import { randomIds } from '../../src/platform/ids.js';
import { openTestDatabase } from '../support/database.js';
import { nobodyListens, readingFor } from '../support/reading.js';

export const goodPassword = 'correct horse battery staple';
const publicUrl = 'https://portal.example';

interface Letter extends Addressee {
  readonly kind: keyof AccountMail;
  readonly token?: string;
  readonly link?: string;
}

/** A clock that tests move. */
export class TestClock {
  #now = new Date('2026-06-15T08:00:00.000Z');
  now = (): Date => this.#now;
  pass(amount: { readonly hours?: number; readonly minutes?: number; readonly seconds?: number }): void {
    const seconds = (amount.hours ?? 0) * 3600 + (amount.minutes ?? 0) * 60 + (amount.seconds ?? 0);
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
  }
}

/** The part of the portal that people pass before they are anybody: accounts, staff, keys, and their API. */
export async function openLobby() {
  const database = await openTestDatabase();
  const clock = new TestClock();
  const ids = randomIds;
  const letters: Letter[] = [];
  const mail = recordingMail(letters);
  const jobs = { insertion: async () => CompiledQuery.raw('select 1') };
  const actors = new Actors(database);
  const committed = (events: readonly string[]) => actors.forgetAfter(events);
  const doorway = new Doorway({ database, jobs, clock, ids, sealingKey: randomBytes(32), committed });
  const library = new SignInLibrary({ ids, publicUrl, secret: randomBytes(32) });
  const passwords = new Passwords();
  const limits = new RateLimits(database, clock);
  const parts = { database, doorway, clock, library, passwords, limits, actors, mail, publicUrl };
  const accounts = new Accounts({ ...parts, answerAfterMs: 0 });
  const staff = new Staff({ doorway, library, passwords, mail });
  const resolvers = new Map<unknown, object>([
    [AccountResolver, new AccountResolver(accounts)],
    [StaffResolver, new StaffResolver(staff)],
    [ApiKeyResolver, new ApiKeyResolver(doorway)],
  ]);
  const schema = await buildSchema({
    resolvers: [AccountResolver, StaffResolver, ApiKeyResolver],
    container: { get: (wanted) => resolvers.get(wanted) },
    validate: false,
    skipCheck: true,
  });

  const rows = async <Row>(text: string): Promise<Row[]> => {
    const found = await sql<Row>`${sql.raw(text)}`.execute(database.kysely());
    // It may have changed who somebody is, past the portal.
    actors.forget();
    return found.rows;
  };

  const lobby = {
    database,
    clock,
    letters,
    doorway,
    library,
    limits,
    parts,
    accounts,
    staff,
    schema,
    rows,
    by,

    async count(from: string): Promise<number> {
      const [row] = await rows<{ count: number }>(`select count(*)::integer as count from ${from}`);
      return row?.count ?? 0;
    },

    /** The newest letter of a kind, to an address. */
    letter(kind: keyof AccountMail, email: string): Letter {
      const letter = letters.findLast((sent) => sent.kind === kind && sent.email === email);
      if (!letter) throw new Error(`No ${kind} was sent to ${email}.`);
      return letter;
    },

    tokenFrom(kind: 'verifyAddress' | 'resetPassword', email: string): string {
      return lobby.letter(kind, email).token ?? '';
    },

    /** Signs up and follows the link. */
    async register(email: string, password = goodPassword): Promise<void> {
      await accounts.signUp({ name: 'Ann Example', email, password }, by());
      await accounts.verifyEmail(lobby.tokenFrom('verifyAddress', email), by());
    },

    signIn: (email: string, password = goodPassword, ipAddress: string | null = '192.0.2.1') =>
      accounts.signIn({ email, password, ipAddress, userAgent: 'test' }),

    async registered(email: string): Promise<{ token: string; actor: Actor }> {
      await lobby.register(email);
      const { token } = await lobby.signIn(email);
      return { token, actor: await lobby.actor(token) };
    },

    actor: (secret: string) =>
      actors.of(readCredential({ authorization: `Bearer ${secret}`, cookie: null }), clock.now()),

    /** A member of staff who has changed the one-time password, signed in. */
    async employed(email: string, roles: readonly StaffRole[]) {
      const added = await staff.add({ email, name: 'Stef Staff', roles }, by({ kind: 'SYSTEM', name: 'test' }));
      const first = await lobby.signIn(email, added.oneTimePassword ?? '');
      const change = { currentPassword: added.oneTimePassword ?? '', newPassword: goodPassword };
      await accounts.changePassword(change, first.token, by(await lobby.actor(first.token)));
      return { staffId: added.staffId, token: first.token, actor: await lobby.actor(first.token) };
    },

    /** An organization with these members, by the ids of people. */
    async organization(members: Readonly<Record<string, PartnerRole>>): Promise<string> {
      const organizationId = ids.next();
      const now = clock.now();
      const [founder] = Object.keys(members);
      await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by,
          created_at, updated_at) values (${organizationId}, 'Harbour Shield', 'NL', 'ENERGY', 'https://harbour.example',
          ${organizationId}, ${founder}, ${now}, ${now})`.execute(database.kysely());
      for (const [personId, role] of Object.entries(members)) {
        await sql`insert into membership (id, organization_id, user_id, role, created_at, updated_at)
          values (${ids.next()}, ${organizationId}, ${personId}, ${role}, ${now}, ${now})`.execute(database.kysely());
      }
      actors.forget();
      return organizationId;
    },

    /** Asks the API, with a session's token or an API key. */
    async ask(source: string, variableValues: Record<string, unknown> = {}, secret: string | null = null) {
      const actor = secret === null ? anonymous : await lobby.actor(secret);
      const cookies: (string | null)[] = [];
      const request: Request = {
        actor,
        reading: readingFor(database, actor, clock.now()),
        command: by(actor),
        changes: nobodyListens,
        arrivals: nobodyListens,
        userAgent: null,
        sessionToken: actor.kind === 'PERSON' ? secret : null,
        setSessionCookie: (token) => cookies.push(token),
      };
      const answered = await graphql({ schema, source, variableValues, contextValue: request });
      return { data: plain(answered.data), code: codeOf(answered), cookies };
    },

    close: () => database.close(),
  };
  return lobby;
}

export type Lobby = Awaited<ReturnType<typeof openLobby>>;

/** The circumstances of a command. */
export function by(actor: Actor = anonymous, ipAddress: string | null = null): CommandContext {
  return { actor, requestId: 'test', ipAddress, idempotencyKey: null };
}

/** The code of the refusal that this work ends in, and the path it names. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return [error.code, ...(error.problems[0]?.path ?? [])].join(' ');
    throw error;
  }
  return 'accepted';
}

function codeOf({ errors }: ExecutionResult): string | null {
  const [error] = errors ?? [];
  if (!error) return null;
  if (error.originalError instanceof Refusal) return error.originalError.code;
  throw error;
}

function plain(data: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(data ?? {}));
}

function recordingMail(letters: Letter[]): AccountMail {
  const keep = (kind: keyof AccountMail) => async (_em: unknown, letter: Addressee | LinkLetter) => {
    letters.push({ kind, ...letter });
  };
  return {
    verifyAddress: keep('verifyAddress'),
    addressAlreadyKnown: keep('addressAlreadyKnown'),
    resetPassword: keep('resetPassword'),
    passwordChanged: keep('passwordChanged'),
    addedToStaff: keep('addedToStaff'),
  };
}
