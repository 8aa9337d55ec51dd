import DataLoader from 'dataloader';
import { type Actor, anonymous } from '../lifecycle/actor.js';
import type { Answering } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { hashToken } from '../platform/secrets.js';
import { type Credential, type Holder, machineWithKey, peopleInSessions } from './actor.js';

/**
 * How long a holder is believed to be what was found, in milliseconds. Another process may have revoked the credential,
 * which is to hold everywhere within a second.
 */
const believedMs = 500;

/** How many holders are remembered; more than ask within that time. */
const mostKnown = 10_000;

/** How many sessions are looked up at once. */
const mostSessions = 100;

/** Events that change who somebody is, or what they may do. */
const changing = /^(person|staff|organization|api_key)\./;

interface Found {
  readonly holder: Holder;
  /** On the process's own clock, which nobody sets. */
  readonly at: number;
}

interface AskedSession {
  readonly tokenHash: string;
  readonly now: Date;
}

/**
 * Who requests are from. A page asks several things at once: whoever was found a moment ago is not looked up again. And
 * many ask at once: the sessions of requests that arrive together are looked up together.
 */
export class Actors {
  readonly #database: Answering;
  readonly #sessions: DataLoader<AskedSession, Holder | null>;
  readonly #found = new Map<string, Found>();
  #generation = 0;

  constructor(database: Answering) {
    this.#database = database;
    const lookUp = async (asked: readonly AskedSession[]) => {
      const [first] = asked;
      const hashes = asked.map(({ tokenHash }) => tokenHash);
      return first ? peopleInSessions(database, hashes, first.now) : [];
    };
    // Once the requests are read that have arrived by now.
    const batchScheduleFn = (lookUpAll: () => void) => void setImmediate(lookUpAll);
    this.#sessions = new DataLoader(lookUp, { cache: false, maxBatchSize: mostSessions, batchScheduleFn });
  }

  /**
   * @param believed may be whoever it was a moment ago; false where what was changed since, elsewhere, must be known
   * @throws Refusal UNAUTHENTICATED when a token or key in the header is unknown, expired or revoked
   */
  async of(credential: Credential | null, now: Date, believed = true): Promise<Actor> {
    if (!credential) return anonymous;
    const holder = await this.#holder(credential, now, believed);
    if (holder) return holder.actor;
    if (credential.from === 'COOKIE') return anonymous;
    throw credential.kind === 'API_KEY'
      ? Refusal.of('UNAUTHENTICATED', 'This API key is unknown, expired or revoked.')
      : Refusal.of('UNAUTHENTICATED', 'This session has ended. Sign in again.');
  }

  /** Has everybody looked up again: somebody signed out. */
  forget(): void {
    this.#generation += 1;
    this.#found.clear();
  }

  /** The same after events that change who somebody is, or what they may do. */
  forgetAfter(events: readonly string[]): void {
    if (events.some((event) => changing.test(event))) this.forget();
  }

  async #holder({ kind, secret }: Credential, now: Date, believed: boolean): Promise<Holder | null> {
    const secretHash = hashToken(secret);
    const key = `${kind} ${secretHash}`;
    const known = believed ? this.#found.get(key) : null;
    if (known && performance.now() - known.at < believedMs && isStill(known.holder, now)) return known.holder;
    const generation = this.#generation;
    const at = performance.now();
    const holder =
      kind === 'API_KEY'
        ? await machineWithKey(this.#database, secretHash, now)
        : await this.#sessions.load({ tokenHash: secretHash, now });
    // What was found while something changed may be what was true before.
    if (holder && generation === this.#generation) this.#remember(key, { holder, at });
    return holder;
  }

  #remember(key: string, found: Found): void {
    if (this.#found.size >= mostKnown) this.#found.clear();
    this.#found.set(key, found);
  }
}

function isStill({ until }: Holder, now: Date): boolean {
  return until === null || now < until;
}
