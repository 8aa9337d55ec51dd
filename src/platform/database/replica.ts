import { Pool } from 'pg';
import { sqlState } from '../transaction.js';
import { type Answering, messageOf } from './database.js';
import { type NamedStatement, namedStatement } from './named-statement.js';
import { type ConnectionOptions, connectionConfig } from './postgres-connections.js';
import { firstRow, PreparedNames } from './prepared-names.js';
import { type Mark, Standing } from './replica-standing.js';
import type { TextRow } from './row-query.js';
import { endSilentConnections } from './silent-connections.js';

export interface ReplicaOptions extends Omit<ConnectionOptions, 'statementTimeoutMs'> {
  readonly primary: Answering;
  readonly primaryUrl: string;
  /** A replica that is further behind is not used until it has caught up, in milliseconds. */
  readonly maxLagMs: number;
  /** Answers, in one row, a number that grows with every change: whoever sees it sees all changes up to it. */
  readonly position: string;
  readonly log: ReplicaLog;
}

/** What a replica has to say while it is used; pino's loggers fit. */
export interface ReplicaLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What became of the statements that the replica might have answered: all but the first went to the primary. */
export const outcomes = ['answered', 'behind', 'failed', 'unused'] as const;
export type ReplicaOutcome = (typeof outcomes)[number];

/** How often the primary and the replica are looked at, and how long the replica may take to answer, in milliseconds. */
const lookEveryMs = 1_000;
const answerWithinMs = 1_000;

/** Trouble is logged again only after this long, in milliseconds. */
const repeatReportAfterMs = 60_000;

/** How long the end of the connections may take, in milliseconds. */
const closeWithinMs = 1_000;

/** What is said of a failure that says nothing, as of a name with several addresses none of which answers. */
const unreachable = 'it cannot be reached';

/** SQLSTATEs of a server that is away or out of connections; others are about the statement, and the primary will tell. */
const awayStates = /^(08|53|57P)/;

/**
 * A streaming replica that answers statements for those whose own changes it has. Which changes a reader must see is a
 * position, and the replica says its own in the statement that reads, so both are of one moment. Whatever it cannot answer
 * so, or in time, the primary answers.
 */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #pool: Pool;
  /** Connections of their own, so that a database that is busy is not taken for one that is away. */
  readonly #lookouts: { readonly primary: Pool; readonly replica: Pool };
  readonly #standing: Standing;
  readonly #names: PreparedNames;
  readonly #guarded = new WeakMap<NamedStatement, NamedStatement>();
  readonly #count: Record<ReplicaOutcome, number> = { answered: 0, behind: 0, failed: 0, unused: 0 };
  #reached = 0;
  #reported: { readonly at: number; readonly problem: string | null } = { at: Number.NEGATIVE_INFINITY, problem: null };
  #next: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#standing = new Standing(options.maxLagMs);
    this.#names = new PreparedNames(options.namedStatements);
    this.#pool = connections(options, options.poolSize);
    this.#lookouts = {
      primary: connections({ ...options, url: options.primaryUrl }, 1),
      replica: connections(options, 1),
    };
  }

  /** Opens it and looks at it for the first time. One that cannot be used is no failure: it is looked at again. */
  static async open(options: ReplicaOptions): Promise<Replica> {
    const replica = new Replica(options);
    await replica.#look();
    return replica;
  }

  /** Why it is not used at present; null when it is. */
  get problem(): string | null {
    return this.#standing.problem;
  }

  get lagMs(): number {
    return this.#standing.lagMs;
  }

  /** How many statements had this outcome so far. */
  count(outcome: ReplicaOutcome): number {
    return this.#count[outcome];
  }

  /**
   * Answers for one reader.
   * @param newest answers the newest change that the reader knows of, of those after a position; null when there is none.
   *   It is asked once, and only when something is to be read.
   */
  for(newest: (after: number) => Promise<number | null>): Answering {
    let position: Promise<number | null> | undefined;
    return {
      answer: async (statement, values) => {
        position ??= this.#positionFor(newest);
        return this.#answer(statement, values, await position);
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#next);
    const late = new Promise<void>((resolve) => {
      setTimeout(resolve, closeWithinMs).unref();
    });
    // A server that has gone silent does not end a connection either.
    await Promise.race([
      Promise.all([this.#pool, this.#lookouts.primary, this.#lookouts.replica].map((pool) => pool.end())),
      late,
    ]);
  }

  /** The position without which a reader must be shown nothing; null when it is not worth knowing. */
  async #positionFor(newest: (after: number) => Promise<number | null>): Promise<number | null> {
    if (this.#standing.problem !== null) return null;
    const reached = this.#reached;
    return (await newest(reached)) ?? reached;
  }

  async #answer(statement: NamedStatement, values: TextRow, position: number | null): Promise<string | null> {
    const found = await this.#read(statement, values, position);
    this.#count[typeof found === 'string' ? found : 'answered'] += 1;
    return typeof found === 'string' ? this.#options.primary.answer(statement, values) : found.answer;
  }

  async #read(
    statement: NamedStatement,
    values: TextRow,
    position: number | null,
  ): Promise<{ readonly answer: string | null } | Exclude<ReplicaOutcome, 'answered'>> {
    if (position === null || this.#standing.problem !== null) return 'unused';
    const guarded = this.#guard(statement, values.length + 1);
    try {
      const server = { pool: this.#pool, names: this.#names };
      const row = await firstRow(server, guarded, [...values, String(position)]);
      const [reached = '0', answer = null] = row ?? [];
      this.#reached = Math.max(this.#reached, Number(reached));
      return Number(reached) >= position ? { answer } : 'behind';
    } catch (error) {
      const state = sqlState(error);
      if (state === null || awayStates.test(state)) {
        this.#standing.failed(messageOf(error) || unreachable);
        this.#report();
      }
      return 'failed';
    }
  }

  /** The statement that answers only where the position is reached, and says how far it is in any case. */
  #guard(statement: NamedStatement, parameter: number): NamedStatement {
    const known = this.#guarded.get(statement);
    if (known) return known;
    const guarded = namedStatement(
      `select reached.position::text, case when reached.position >= $${parameter}::text::bigint then (${statement.text}) end
      from (${this.#options.position}) as reached (position)`,
    );
    this.#guarded.set(statement, guarded);
    return guarded;
  }

  async #look(): Promise<void> {
    // Others will tell when the primary does not answer, and it says nothing about the replica.
    const primary = await this.#lookAt(this.#lookouts.primary).catch(() => null);
    if (primary) {
      this.#standing.sawPrimary(performance.now(), primary);
      await this.#lookAtReplica(primary);
    } else this.#standing.missedPrimary(performance.now());
    if (this.#isClosed) return;
    this.#report();
    this.#next = setTimeout(() => void this.#look(), lookEveryMs).unref();
  }

  async #lookAtReplica(primary: Mark): Promise<void> {
    try {
      const mark = await this.#lookAt(this.#lookouts.replica);
      this.#standing.sawReplica(performance.now(), mark, primary);
      // Of a database that is no replica, the position says nothing.
      if (this.#standing.problem === null) this.#reached = Math.max(this.#reached, mark.position);
    } catch (error) {
      this.#standing.failed(messageOf(error) || unreachable);
    }
  }

  async #lookAt(lookout: Pool): Promise<Mark> {
    const { rows } = await lookout.query<MarkRow>(this.#markStatement());
    const [row] = rows;
    if (!row) throw new Error('it does not tell how far it has come');
    if (!/^(Etc\/)?UTC$/i.test(row.zone)) throw new Error('its sessions are not in UTC');
    const { identity, is_replica: isReplica } = row;
    return { identity, isReplica, position: Number(row.position), log: Number(row.log) };
  }

  #markStatement(): string {
    return `select (select system_identifier::text from pg_control_system()) || '/' || current_database() as identity,
      pg_is_in_recovery() as is_replica, current_setting('TimeZone') as zone, reached.position::text as position,
      (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end - '0/0')::text as log
      from (${this.#options.position}) as reached (position)`;
  }

  /** Says once a minute at most that the replica is not used, and then, if it said so, that it is again. */
  #report(): void {
    const { problem } = this.#standing;
    const now = performance.now();
    if (problem === null) {
      if (this.#reported.problem !== null) this.#options.log.info({}, 'The replica is used again');
      this.#reported = { ...this.#reported, problem };
    } else if (now - this.#reported.at >= repeatReportAfterMs) {
      this.#options.log.warn({ reason: problem }, 'The replica is not used: the primary answers');
      this.#reported = { at: now, problem };
    }
  }
}

/** Waiting for a replica is pointless as long as there is a primary. */
function connections(options: Omit<ConnectionOptions, 'statementTimeoutMs'>, poolSize: number): Pool {
  const pool = new Pool({
    ...connectionConfig({ ...options, poolSize, statementTimeoutMs: answerWithinMs }),
    connectionTimeoutMillis: answerWithinMs,
  });
  endSilentConnections(pool, answerWithinMs);
  // Heard of by whoever uses the connection next; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

interface MarkRow {
  readonly identity: string;
  readonly is_replica: boolean;
  readonly zone: string;
  readonly position: string;
  readonly log: string;
}
