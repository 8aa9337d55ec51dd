/** How far a database has come, at the moment it was looked at. */
export interface Mark {
  /** The same on a primary and on its replicas, and on no other database. */
  readonly identity: string;
  readonly isReplica: boolean;
  /** How many bytes of the write-ahead log there were, or on a replica, how many of them had been replayed. */
  readonly log: number;
  /** The number that the portal counts its changes by. */
  readonly position: number;
}

/** Readers look through what the replica does not have yet; with more than this it is not worth it. */
const mostChangesBehind = 2_000;

/** What is known of a replica: whether it may be used now, and if not, why. */
export class Standing {
  readonly #maxLagMs: number;
  /** Where the primary was, oldest first: one mark at least `maxLagMs` old when there is one, and those after it. */
  readonly #primary: { readonly at: number; readonly log: number }[] = [];
  #problem: string | null = 'it has not been looked at yet';
  #lagMs = 0;

  constructor(maxLagMs: number) {
    this.#maxLagMs = maxLagMs;
  }

  /** Why the replica may not be used now; null when it may. */
  get problem(): string | null {
    return this.#problem;
  }

  /** How long ago the primary was where the replica is, in milliseconds, when it was last looked at. */
  get lagMs(): number {
    return this.#lagMs;
  }

  /** The primary, seen at this moment. */
  sawPrimary(at: number, { log }: Mark): void {
    this.#primary.push({ at, log });
    while (this.#primary[1] && this.#primary[1].at <= at - this.#maxLagMs) this.#primary.shift();
  }

  /** The primary did not answer. It is not known how far the replica is behind, which may be so only for so long. */
  missedPrimary(at: number): void {
    const newest = this.#primary.at(-1);
    if (newest && at - newest.at > this.#maxLagMs) this.#problem = 'the primary does not tell how far it has come';
  }

  /** The replica, seen after the primary. */
  sawReplica(at: number, replica: Mark, primary: Mark): void {
    const [oldest] = this.#primary;
    const missed = this.#primary.find(({ log }) => log > replica.log);
    this.#lagMs = missed ? at - missed.at : 0;
    if (replica.identity !== primary.identity) this.#problem = 'it is not a replica of this database';
    else if (!replica.isReplica) this.#problem = 'it is no replica: it takes changes of its own';
    else if (oldest && replica.log < oldest.log) this.#problem = this.#behind(at - oldest.at);
    else if (primary.position - replica.position > mostChangesBehind) {
      this.#problem = `it lacks the last ${primary.position - replica.position} changes`;
    } else this.#problem = null;
  }

  /** It could not be used. */
  failed(problem: string): void {
    this.#problem = problem;
  }

  #behind(atLeastMs: number): string {
    return atLeastMs < this.#maxLagMs
      ? 'it has not caught up yet'
      : `it is ${Math.floor(atLeastMs / 1_000)} s behind or more`;
  }
}
