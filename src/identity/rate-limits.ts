import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { sql } from 'kysely';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { hashToken } from '../platform/secrets.js';

/** How often something may be tried in a fixed window of time. */
export interface Limit {
  readonly name: string;
  readonly attempts: number;
  readonly seconds: number;
}

const minute = 60;
const hour = 60 * minute;

/**
 * The limits on what can be guessed or used to flood somebody. A right password is given back, so only wrong ones count.
 */
export const accountLimits = {
  /** A person mistypes a few times; ten wrong ones from one place in a quarter of an hour are a program. */
  signInFromAddressToAccount: { name: 'sign-in from address to account', attempts: 10, seconds: 15 * minute },
  /** One password tried on many accounts. A company behind one address stays below it, because only failures count. */
  signInFromAddress: { name: 'sign-in from address', attempts: 100, seconds: 15 * minute },
  /**
   * Guessing spread over many addresses. More than one address gets through in an hour under the limit above, so that
   * nobody locks an account from one place, and far too few to guess a password of twelve characters.
   */
  signInToAccount: { name: 'sign-in to account', attempts: 100, seconds: hour },
  /** Each sign-up costs a hash and a letter; a training room full of colleagues may come in one hour. */
  signUpFromAddress: { name: 'sign-up from address', attempts: 60, seconds: hour },
  /** Asking for links for many addresses, one after the other. */
  lettersFromAddress: { name: 'letters from address', attempts: 30, seconds: hour },
  /** Nobody can fill somebody else's mailbox. Counted for unknown addresses just the same. */
  lettersToAccount: { name: 'letters to account', attempts: 5, seconds: hour },
  /** Whoever holds a stolen session does not get to guess the password with it. */
  changePassword: { name: 'change password', attempts: 10, seconds: hour },
} as const satisfies Record<string, Limit>;

/** Taking reports out as files, by person or key: each may read the whole portal, and stays on record. */
export const exportLimit: Limit = { name: 'exports of reports by a person or a key', attempts: 120, seconds: hour };

/** Signed statements, by person or key: a system asks for one each quarter of an hour for each of its grants. */
export const statementLimit: Limit = {
  name: 'signed statements for a person or a key',
  attempts: 3000,
  seconds: 5 * minute,
};

/** Turning letters off by the links in them, for each person: whoever has such links could fill the audit log. */
export const unsubscribeLimit: Limit = { name: 'unsubscribing of a person', attempts: 60, seconds: hour };

/** One attempt that counts against a limit, of something: an address, an account, or both. */
export interface Use {
  readonly limit: Limit;
  readonly of: readonly string[];
}

/** Counts attempts in the database, so that the limits hold for all processes together. */
export class RateLimits {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Counts one attempt against each of the limits, before it is made: attempts at the same moment cannot slip through.
   * @throws Refusal RATE_LIMITED when one of them is used up
   */
  async take(uses: readonly Use[]): Promise<void> {
    if (uses.length === 0) return;
    const now = this.#clock.now().getTime();
    const counters = uses.map((use) => ({
      key: keyOf(use),
      attempts: use.limit.attempts,
      ms: use.limit.seconds * 1000,
    }));
    const taken = await sql<{ attempts: number; points: number; expire: string }>`
      with used as (select key, attempts, ms from jsonb_to_recordset(${JSON.stringify(counters)}::jsonb)
          as counter (key text, attempts integer, ms bigint)),
        counted as (
          insert into rate_limit as held (key, points, expire) select key, 1, ${now}::bigint + ms from used order by key
          on conflict (key) do update set
            points = case when held.expire <= ${now}::bigint then 1 else held.points + 1 end,
            expire = case when held.expire <= ${now}::bigint then excluded.expire else held.expire end
          returning key, points, expire)
      select used.attempts, counted.points, counted.expire from counted join used using (key)`.execute(
      this.#database.kysely(),
    );
    const usedUp = taken.rows.filter((row) => row.points > row.attempts).map((row) => Number(row.expire));
    if (usedUp.length > 0) {
      const seconds = Math.ceil((Math.max(...usedUp) - now) / 1000);
      const minutes = Math.ceil(seconds / 60);
      const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
      throw Refusal.rateLimited(`There were too many attempts. Try again in ${wait}.`, seconds);
    }
  }

  /** Takes an attempt back that turned out well. */
  async giveBack(uses: readonly Use[]): Promise<void> {
    const keys = uses.map(keyOf).sort();
    await sql`with held as (select key from rate_limit where key in (${sql.join(keys)}) order by key for update)
      update rate_limit set points = greatest(points - 1, 0) from held where rate_limit.key = held.key`.execute(
      this.#database.kysely(),
    );
  }

  /** Forgets windows that are over. */
  async sweep(): Promise<void> {
    await sql`delete from rate_limit where expire <= ${this.#clock.now().getTime()}::bigint`.execute(
      this.#database.kysely(),
    );
  }
}

/** The limit on where a request comes from; none when that is not known, so that strangers do not share one. */
export function fromAddress(limit: Limit, ipAddress: string | null, ...others: readonly string[]): Use[] {
  return ipAddress === null ? [] : [{ limit, of: [networkOf(ipAddress), ...others] }];
}

/** The part of an address that one subscriber is given: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(ipAddress: string): string {
  if (!ipaddr.isValid(ipAddress)) return ipAddress;
  const address = ipaddr.process(ipAddress).toString();
  if (!isIPv6(address)) return address;
  return ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString();
}

/** Hashed, because people's addresses need not stand in a table of attempts. */
function keyOf({ limit, of }: Use): string {
  return hashToken(JSON.stringify([limit.name, ...of]));
}
