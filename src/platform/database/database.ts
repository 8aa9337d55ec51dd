import type { PGlite } from '@electric-sql/pglite';
import { type AnyEntity, type EntityClass, type EntitySchema, UnderscoreNamingStrategy } from '@mikro-orm/core';
import { CompiledQuery } from 'kysely';
import type { Pool } from 'pg';
import { Refusal } from '../errors.js';
import type { NamedStatement } from './named-statement.js';
import type { Orm, RawSql } from './orm.js';
import { firstRow, PreparedNames } from './prepared-names.js';
import type { TextRow } from './row-query.js';
import { embeddedTransaction, serverTransaction, type TransactionWork } from './transactions.js';

export type { Em, Orm, RawSql } from './orm.js';

export type EntityList = readonly (EntityClass<AnyEntity> | EntitySchema)[];

/** What the database layer has to say while it runs; pino's loggers fit. */
export interface DatabaseLog {
  warn(fields: object, message: string): void;
}

/** Something that answers statements which only read. */
export interface Answering {
  /**
   * Runs a statement that answers one text, or null, as the only column `answer` of its first row. On a server it is
   * prepared once a connection.
   */
  answer(statement: NamedStatement, values: TextRow): Promise<string | null>;
}

/** One open database, embedded or served. Everything that reads or writes it goes through this. */
export interface Database extends Answering {
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
  /** Runs work in a transaction of its own, once. Use `inTransaction`, which repeats what is worth repeating. */
  transaction<T>(work: TransactionWork<T>): Promise<T>;
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
    // There are no relations between entities, whose two sides it would keep in step at some cost for every property.
    propagationOnPrototype: false,
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
  /** Whether a connection of the pool keeps what was prepared on it. */
  readonly namedStatements?: boolean;
  /** Runs once, after the connections have ended. */
  readonly afterClose?: () => void;
}): Database {
  const { afterClose, namedStatements = true, ...parts } = opened;
  const { orm, pool } = opened;
  const names = new PreparedNames(namedStatements);
  const kysely: RawSql = opened.orm.em.getConnection().getClient<Record<string, never>>();
  let closing: Promise<void> | undefined;
  return {
    ...parts,
    kysely: () => kysely,
    answer: (statement, values) =>
      pool ? onServer({ pool, names }, statement, values) : embedded(kysely, statement, values),
    transaction: (work) => (pool ? serverTransaction({ orm, pool, names }, work) : embeddedTransaction(orm, work)),
    ping: (timeoutMs) => ping(kysely, opened.description, timeoutMs),
    close: () => {
      closing ??= endConnections(opened.orm).finally(() => afterClose?.());
      return closing;
    },
  };
}

async function onServer(
  server: Parameters<typeof firstRow>[0],
  statement: NamedStatement,
  values: TextRow,
): Promise<string | null> {
  const row = await firstRow(server, statement, values);
  return row?.[0] ?? null;
}

async function embedded(kysely: RawSql, { text }: NamedStatement, values: TextRow): Promise<string | null> {
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
