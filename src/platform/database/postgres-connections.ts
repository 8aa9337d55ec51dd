import { sql } from 'kysely';
import type { PoolConfig } from 'pg';
import { Refusal } from '../errors.js';
import type { RawSql } from './database.js';
import { ownSession, withUtcSession } from './postgres-url.js';

/** How a pool of connections to a PostgreSQL server is to be. */
export interface ConnectionOptions {
  /** `postgres://user:password@host:port/database`, with any of libpq's parameters that pg knows. */
  readonly url: string;
  /** The most connections there may be at once. */
  readonly poolSize: number;
  /** A statement that runs longer is cancelled by the server, in milliseconds; 0 for no limit, as migrations want. */
  readonly statementTimeoutMs: number;
  /** How the connections are named in `pg_stat_activity`. */
  readonly applicationName: string;
  /**
   * Whether the address is that of a pooler that lends a connection for one transaction at a time. Then nothing can be
   * asked of a session, because it is somebody else's a moment later; `requireFitSessions` looks at what it is.
   */
  readonly isSessionShared?: boolean;
  /** False where a connection does not know what was prepared on another one: then no statement is given a name. */
  readonly namedStatements?: boolean;
}

/** How long to wait for a connection from the pool before giving up, in milliseconds. */
export const connectWithinMs = 10_000;

/** A transaction left open this long by a stuck process is ended by the server, in milliseconds. */
const idleInTransactionMs = 60_000;

/** pg's options for such a pool. */
export function connectionConfig(options: ConnectionOptions): PoolConfig {
  const { url, poolSize, statementTimeoutMs, applicationName, isSessionShared = false } = options;
  const shared = {
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: connectWithinMs,
    keepAlive: true,
    pipeline: true,
  };
  if (isSessionShared) return shared;
  return {
    ...shared,
    connectionString: withUtcSession(url),
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  };
}

/** What a pooler says that does not know the parameters a session is begun with. */
const refusedParameter = /unsupported startup parameter/i;

/** What to say when the connection could not be made because a pooler is there that nobody told of. */
export function poolerFound(error: unknown): Refusal | null {
  return error instanceof Error && refusedParameter.test(error.message) ? untoldPooler() : null;
}

function untoldPooler(): Refusal {
  const message =
    'DATABASE_URL leads to a pooler that does not pass on what a session is asked for. Set DATABASE_POOLER=transaction ' +
    'for PgBouncer in transaction mode, and take "options" out of the address.';
  return Refusal.of('INVALID', message, ['DATABASE_POOLER']);
}

/**
 * Sees to it that sessions are as the portal needs them: its own, which were given what it asked for, or shared ones that
 * the database role makes fit, in UTC and with limits on statements and on transactions that somebody leaves open.
 * @throws Refusal INVALID saying what to set, with the statements to run
 */
export async function requireFitSessions(database: RawSql, isShared: boolean): Promise<void> {
  const found = await sql<{
    readonly is_own: boolean;
    readonly role: string;
    readonly zone: string;
    readonly limitless: readonly string[];
  }>`select coalesce(current_setting(${ownSession.parameter}, true) = ${ownSession.value}, false) as is_own,
      format('alter role %I in database %I', current_user, current_database()) as role,
      current_setting('TimeZone') as zone,
      array(select name from pg_settings where setting = '0'
        and name in ('statement_timeout', 'idle_in_transaction_session_timeout') order by name desc) as limitless`.execute(
    database,
  );
  const [session] = found.rows;
  if (!session) throw new Error('The database does not tell how its sessions are.');
  if (!isShared) {
    if (session.is_own) return;
    throw untoldPooler();
  }
  const wanted = [
    ...(/^(Etc\/)?UTC$/i.test(session.zone) ? [] : ["timezone = 'UTC'"]),
    ...session.limitless.map((name) => `${name} = '${name === 'statement_timeout' ? '30s' : '60s'}'`),
  ];
  if (wanted.length === 0) return;
  const statements = wanted.map((setting) => `  ${session.role} set ${setting};`).join('\n');
  const message =
    'Behind a pooler (DATABASE_POOLER) the portal cannot set up its sessions, and they lack something. Run this, let ' +
    `the pooler open new connections (PgBouncer: RECONNECT), and start again:\n${statements}`;
  throw Refusal.of('INVALID', message, ['DATABASE_POOLER']);
}
