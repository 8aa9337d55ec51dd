import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { requirePerson } from '../doorway/requirements.js';
import type { Actor } from '../lifecycle/actor.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { hashToken, newToken } from '../platform/secrets.js';
import { inTransaction } from '../platform/transaction.js';
import { type AccountCommandParts, type AccountCommands, accountCommands } from './account.commands.js';
import type { Actors } from './actors.js';
import { readAddress, requireAddress, requirePersonName } from './email-address.js';
import { holderOfToken } from './one-time-links.js';
import { checkPassword, type Passwords } from './passwords.js';
import { accountLimits, fromAddress, type RateLimits } from './rate-limits.js';
import { sessionHours } from './sign-in-library.js';

export interface AccountParts extends AccountCommandParts {
  readonly database: Database;
  readonly doorway: Doorway;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly limits: RateLimits;
  readonly actors: Actors;
  /**
   * Whoever asks about an address is answered no sooner, in milliseconds, so that the time taken does not tell whether
   * it is known. Longer than the work takes on an idle server.
   */
  readonly answerAfterMs?: number;
}

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

const longestUserAgent = 400;

/** Signing up, in and out, and passwords: what a person does before or beside being an actor in the portal. */
export class Accounts {
  readonly #parts: AccountParts;
  readonly #commands: AccountCommands;
  readonly #answerAfterMs: number;

  constructor(parts: AccountParts) {
    this.#parts = parts;
    this.#commands = accountCommands(parts);
    this.#answerAfterMs = parts.answerAfterMs ?? 300;
  }

  /** Who a session's token is for, now. */
  actorOf(sessionToken: string): Promise<Actor> {
    const { actors, clock } = this.#parts;
    return actors.of({ kind: 'SESSION', secret: sessionToken, from: 'HEADER' }, clock.now());
  }

  /**
   * Answers the same for known and unknown addresses: what follows is in the mailbox.
   * @throws Refusal INVALID for an unusable address, name or password; RATE_LIMITED
   */
  async signUp(
    input: { readonly name: string; readonly email: string; readonly password: string },
    context: CommandContext,
  ): Promise<{ readonly sentTo: string }> {
    const { limits, passwords, doorway } = this.#parts;
    const email = requireAddress(input.email, ['email']);
    const name = requirePersonName(input.name, ['name']);
    refuseProblems(checkPassword(input.password, { email, name }, ['password']));
    return this.#evenly(async () => {
      await limits.take(fromAddress(accountLimits.signUpFromAddress, context.ipAddress));
      await limits.take([{ limit: accountLimits.lettersToAccount, of: [email] }]);
      const passwordHash = await passwords.hash(input.password);
      await doorway.execute(this.#commands.signUp, { email, name, passwordHash }, withoutKey(context));
      return { sentTo: email };
    });
  }

  /** Sends another link to an address that is not verified; answers the same for every address. */
  async resendVerification(emailText: string, context: CommandContext): Promise<{ readonly sentTo: string }> {
    return this.#askForLetter(emailText, context, this.#commands.resendVerification);
  }

  /** Sends a link to set a new password; answers the same for every address. */
  async requestPasswordReset(emailText: string, context: CommandContext): Promise<{ readonly sentTo: string }> {
    return this.#askForLetter(emailText, context, this.#commands.requestPasswordReset);
  }

  /** @throws Refusal EXPIRED when the link does not work any more */
  async verifyEmail(token: string, context: CommandContext): Promise<{ readonly email: string }> {
    return this.#parts.doorway.execute(this.#commands.verifyEmail, { token }, withoutKey(context));
  }

  /**
   * Sets a new password by a link; every session of the person ends.
   * @throws Refusal EXPIRED when the link does not work any more, INVALID for an unusable password: then the link still does
   */
  async resetPassword(
    input: { readonly token: string; readonly password: string },
    context: CommandContext,
  ): Promise<{ readonly email: string }> {
    const { passwords, database, clock, library, doorway } = this.#parts;
    const personId = await holderOfToken(database.kysely(), 'reset-password', input.token, clock.now());
    const person = await library.on(database.kysely()).findById(personId);
    refuseProblems(checkPassword(input.password, person ?? { email: '', name: '' }, ['password']));
    const passwordHash = await passwords.hash(input.password);
    const { token } = input;
    return doorway.execute(this.#commands.resetPassword, { token, passwordHash }, withoutKey(context));
  }

  /**
   * Changes one's own password. Every other session of the person ends; this one goes on.
   * @throws Refusal INVALID when the present password is wrong or the new one unusable
   */
  async changePassword(
    input: { readonly currentPassword: string; readonly newPassword: string },
    sessionToken: string | null,
    context: CommandContext,
  ): Promise<void> {
    const { limits, passwords, database, library, doorway } = this.#parts;
    const { personId } = requirePerson(context.actor);
    const attempt = [{ limit: accountLimits.changePassword, of: [personId] }];
    await limits.take(attempt);
    const person = await library.on(database.kysely()).findById(personId);
    const presentHash = person?.passwordHash ?? null;
    if (!(await passwords.matches(input.currentPassword, presentHash)) || !person || presentHash === null) {
      throw Refusal.of('INVALID', 'This is not your present password.', ['currentPassword']);
    }
    await limits.giveBack(attempt);
    refuseProblems(checkPassword(input.newPassword, person, ['newPassword']));
    if (await passwords.matches(input.newPassword, presentHash)) {
      throw Refusal.of('INVALID', 'This is the password you have; choose another one.', ['newPassword']);
    }
    const passwordHash = await passwords.hash(input.newPassword);
    const keptSessionHash = sessionToken === null ? null : hashToken(sessionToken);
    const change = { personId, presentHash, passwordHash, keptSessionHash };
    await doorway.execute(this.#commands.changePassword, change, withoutKey(context));
  }

  /**
   * Starts a session. An unknown address, a wrong password and an address that is not verified are answered alike and
   * after the same work: anything else would tell strangers who has an account.
   * @throws Refusal UNAUTHENTICATED, RATE_LIMITED
   */
  async signIn(input: SignInInput): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const { limits, passwords, database, library } = this.#parts;
    const account = input.email.trim().toLowerCase();
    const fromHere = [
      ...fromAddress(accountLimits.signInFromAddress, input.ipAddress),
      ...fromAddress(accountLimits.signInFromAddressToAccount, input.ipAddress, account),
    ];
    const toAccount = [{ limit: accountLimits.signInToAccount, of: [account] }];
    // First those of this place: once they are used up, it adds nothing to what would lock the account for others.
    await limits.take(fromHere);
    await limits.take(toAccount);
    const email = readAddress(input.email);
    const person = email === null ? null : await library.on(database.kysely()).findByEmail(email);
    const right = await passwords.matches(input.password, person?.passwordHash ?? null);
    if (!person?.passwordHash || !right || !person.emailVerified) throw notSignedIn();
    const session = await this.#startSession(person.id, person.passwordHash, input);
    await limits.giveBack([...fromHere, ...toAccount]);
    return session;
  }

  /** Ends a session. Ending one that has ended is no mistake. */
  async signOut(sessionToken: string | null): Promise<void> {
    if (sessionToken === null) return;
    await inTransaction(this.#parts.database, (em) =>
      this.#parts.library.on(em.getKysely()).deleteSession(hashToken(sessionToken)),
    );
    this.#parts.actors.forget();
  }

  /** Forgets sessions, links and counted attempts that are over. */
  async sweep(): Promise<void> {
    const { database, clock, limits } = this.#parts;
    await sql`delete from auth_session where expires_at <= ${clock.now()}`.execute(database.kysely());
    await sql`delete from auth_verification where expires_at <= ${clock.now()}`.execute(database.kysely());
    await limits.sweep();
  }

  async #startSession(personId: string, passwordHash: string, { ipAddress, userAgent }: SignInInput) {
    const { database, clock, library } = this.#parts;
    const token = newToken();
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + sessionHours * 60 * 60 * 1000);
    await inTransaction(database, async (em) => {
      const database = em.getKysely<Record<string, never>>();
      // A change of password at this moment either sees this session and ends it, or is seen here.
      const unchanged = await sql`select 1 from auth_account
        where user_id = ${personId} and password = ${passwordHash} for share`.execute(database);
      if (unchanged.rows.length === 0) throw notSignedIn();
      await library.on(database).createSession({
        personId,
        tokenHash: hashToken(token),
        expiresAt,
        ipAddress,
        userAgent: userAgent?.slice(0, longestUserAgent) ?? null,
        now,
      });
    });
    return { token, expiresAt };
  }

  async #askForLetter(
    emailText: string,
    context: CommandContext,
    command: AccountCommands['resendVerification'],
  ): Promise<{ readonly sentTo: string }> {
    const { limits, doorway } = this.#parts;
    const email = requireAddress(emailText, ['email']);
    return this.#evenly(async () => {
      await limits.take(fromAddress(accountLimits.lettersFromAddress, context.ipAddress));
      await limits.take([{ limit: accountLimits.lettersToAccount, of: [email] }]);
      await doorway.execute(command, { email }, withoutKey(context));
      return { sentTo: email };
    });
  }

  async #evenly<T>(work: () => Promise<T>): Promise<T> {
    const soonest = delay(this.#answerAfterMs);
    try {
      return await work();
    } finally {
      await soonest;
    }
  }
}

function withoutKey(context: CommandContext): CommandContext {
  return { ...context, idempotencyKey: null };
}

function notSignedIn(): Refusal {
  return Refusal.of(
    'UNAUTHENTICATED',
    'The e-mail address or the password is not right, or the address has not been verified by the link sent to it.',
  );
}

function refuseProblems(problems: ReturnType<typeof checkPassword>): void {
  if (problems.length > 0) throw new Refusal(problems);
}
