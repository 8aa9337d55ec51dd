import type { PGlite } from '@electric-sql/pglite';
import {
  type AnyEntity,
  type EntityClass,
  type EntitySchema,
  type MikroORM,
  UnderscoreNamingStrategy,
} from '@mikro-orm/core';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Pool } from 'pg';
import { Refusal } from '../errors.js';
import type { NamedStatement } from './named-statement.js';

/** MikroORM on either database; what is written against it runs on both. */
export type Orm = MikroORM<AbstractSqlDriver, SqlEntityManager<AbstractSqlDriver>>;

/** MikroORM's unit of work; one per request or job, made by `inTransaction` or `orm.em.fork()`. */
export type Em = SqlEntityManager<AbstractSqlDriver>;

/**
 * Raw SQL on the connection that MikroORM uses. The type knows no tables on purpose: only the `sql` tag works with it,
 * and each statement says what its rows look like. Dates come back as PostgreSQL's text, as MikroORM wants them.
 */
export type RawSql = Kysely<Record<string, never>>;

export type EntityList = readonly (EntityClass<AnyEntity> | EntitySchema)[];

/** What the database layer has to say while it runs; pino's loggers fit. */
export interface DatabaseLog {
  warn(fields: object, message: string): void;
}

/** One open database, embedded or served. Everything that reads or writes it goes through this. */
export interface Database {
  readonly orm: Orm;
  readonly kind: 'embedded' | 'postgresql';
  /** Names the database to an operator, for the start banner; holds no password. */
  readonly description: string;
  /** The embedded database itself, for dumps and scripts. Only to be touched while `kysely().connection()` is held. */
  readonly pglite?: PGlite;
  /** The connection pool of a served database, for named prepared statements. */
  readonly pool?: Pool;
  /**
   * The one Kysely instance that MikroORM uses too. On the embedded database, which has a single connection, it is
   * what makes transactions and single statements wait for each other, so nothing may go around it.
   */
  kysely(): RawSql;
  /** Runs a statement that answers one text, or null, in one row; on a server it is prepared once a connection. */
  answer(statement: NamedStatement, values: readonly unknown[]): Promise<string | null>;
  /** @throws Refusal UNAVAILABLE when the database does not answer within this many milliseconds. */
  ping(timeoutMs: number): Promise<void>;
  /** Ends every connection, at the latest after ten seconds. Calling it again does nothing. */
  close(): Promise<void>;
}

/** What both ways of opening a database want to know about the tables. */
export interface SchemaOptions {
  readonly entities: EntityList;
  /** Tables that no entity maps and schema comparison must leave alone, besides those of sign-in and the job queue. */
  readonly tablesWithoutEntity?: readonly (string | RegExp)[];
  readonly log?: DatabaseLog;
}

/** Tables of the sign-in library, which has its own description of them. */
const signInTables = ['auth_user', 'auth_session', 'auth_account', 'auth_verification'];

/** The schema the job queue's tables live in. */
export const jobQueueSchema = 'pgboss';

/** The table that says which migrations have run. */
export const migrationTable = 'schema_migration';

/** How long the end of a connection may take before the process goes on without it. */
const closeWithinMs = 10_000;

/** MikroORM's options that are the same on both databases. */
export function ormOptions({ entities, tablesWithoutEntity = [], log }: SchemaOptions) {
  return {
    entities: [...entities],
    discovery: { warnWhenNoEntities: false },
    metadataCache: { enabled: false },
    namingStrategy: UnderscoreNamingStrategy,
    ensureDatabase: false,
    forceUtcTimezone: true,
    allowGlobalContext: false,
    debug: false,
    colors: false,
    logger: (message: string) => log?.warn({ component: 'database' }, message),
    schemaGenerator: {
      skipTables: [...signInTables, migrationTable, ...tablesWithoutEntity],
      ignoreSchema: [jobQueueSchema],
    },
  };
}

/** The part of `Database` that is the same on both databases. */
export function openedDatabase(opened: {
  readonly orm: Orm;
  readonly kind: Database['kind'];
  readonly description: string;
  readonly pglite?: PGlite;
  readonly pool?: Pool;
  /** Runs once, after the connections have ended. */
  readonly afterClose?: () => void;
}): Database {
  const { afterClose, ...parts } = opened;
  const kysely: RawSql = opened.orm.em.getConnection().getClient<Record<string, never>>();
  let closing: Promise<void> | undefined;
  return {
    ...parts,
    kysely: () => kysely,
    answer: (statement, values) =>
      opened.pool ? onServer(opened.pool, statement, values) : embedded(kysely, statement, values),
    ping: (timeoutMs) => ping(kysely, opened.description, timeoutMs),
    close: () => {
      closing ??= endConnections(opened.orm).finally(() => afterClose?.());
      return closing;
    },
  };
}

async function onServer(
  pool: Pool,
  { name, text }: NamedStatement,
  values: readonly unknown[],
): Promise<string | null> {
  const { rows } = await pool.query<[string | null]>({ name, text, values: [...values], rowMode: 'array' });
  return rows[0]?.[0] ?? null;
}

async function embedded(kysely: RawSql, { text }: NamedStatement, values: readonly unknown[]): Promise<string | null> {
  const { rows } = await kysely.executeQuery<{ answer: string | null }>(CompiledQuery.raw(text, [...values]));
  return rows[0]?.answer ?? null;
}

async function ping(kysely: RawSql, description: string, timeoutMs: number): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await kysely.executeQuery(CompiledQuery.raw('select 1'), { signal });
  } catch (error) {
    const reason = signal.aborted ? `it did not answer within ${timeoutMs} ms` : messageOf(error);
    throw Refusal.of('UNAVAILABLE', `The database (${description}) cannot be used: ${reason}.`);
  }
}

async function endConnections(orm: Orm): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeWithinMs);
  });
  try {
    await Promise.race([orm.close(true), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
