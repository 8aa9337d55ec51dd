import { join } from 'node:path';
import type { PgliteDriver } from '@mikro-orm/pglite';
import { PostgreSqlDriver, type SqlEntityManager, SqlMikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { Refusal } from '../errors.js';
import { type Database, messageOf, openedDatabase, ormOptions, type SchemaOptions } from './database.js';
import { lockFolder } from './folder-lock.js';
import {
  type ConnectionOptions,
  connectionConfig,
  connectWithinMs,
  poolerFound,
  requireFitSessions,
} from './postgres-connections.js';
import { postgresAddress } from './postgres-url.js';
import { endSilentConnections } from './silent-connections.js';

export type { Database, DatabaseLog, Em, EntityList, Orm, RawSql } from './database.js';

export interface EmbeddedOptions extends SchemaOptions {
  /** Where the database is kept, made when absent; `memory` keeps it in this process only. */
  readonly folder: string | 'memory';
  /** A dump (`pglite.dumpDataDir`) to begin with; only for a database that does not exist yet. */
  readonly template?: Blob;
}

export interface PostgresOptions extends SchemaOptions, ConnectionOptions {}

/** PostgreSQL 15 is the oldest version that the migrations are tested on. */
const oldestServerVersion = 150_000;

/**
 * Opens PostgreSQL inside this process (PGlite), for which nothing has to be installed. It has one connection: a
 * transaction makes everybody else wait, so keep transactions short and wait for nothing outside within one.
 *
 * @throws Refusal CONFLICT when another process uses the folder.
 */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<Database> {
  const lock = options.folder === 'memory' ? undefined : lockFolder(options.folder);
  // PostgreSQL wants a folder of its own, so the lock stands beside it and not in it.
  const location = lock ? join(lock.folder, 'postgres') : 'memory://';
  try {
    // A process that uses a server need not read these.
    const { PgliteDriver: driver } = await import('@mikro-orm/pglite');
    const { pg_trgm } = await import('@electric-sql/pglite/contrib/pg_trgm');
    const orm = await SqlMikroORM.init<PgliteDriver, SqlEntityManager<PgliteDriver>>({
      ...ormOptions(options),
      driver,
      dbName: location,
      driverOptions: {
        extensions: { pg_trgm },
        ...(options.template ? { loadDataDir: copyable(options.template) } : {}),
      },
    });
    const pglite = await orm.em.getConnection().getNativeClient();
    const description = lock ? `embedded PostgreSQL in ${lock.folder}` : 'embedded PostgreSQL in memory';
    const database = openedDatabase({ orm, kind: 'embedded', description, pglite, afterClose: () => lock?.release() });
    await sql`set time zone 'UTC'`.execute(database.kysely());
    return database;
  } catch (error) {
    lock?.release();
    throw new Error(`The embedded database (${location}) cannot be opened: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * MikroORM copies its options property by property, and a copied Blob has lost what is inside. This one has its reading
 * functions as properties of its own, which survive that.
 */
function copyable(blob: Blob): Blob {
  return Object.defineProperties(new Blob([]), {
    arrayBuffer: { value: () => blob.arrayBuffer(), enumerable: true },
    type: { value: blob.type, enumerable: true },
    size: { value: blob.size, enumerable: true },
  });
}

/**
 * Opens a PostgreSQL server's database through a pool of connections.
 *
 * @throws Refusal UNAVAILABLE when it does not answer, INVALID when the server is older than PostgreSQL 15, or behind a
 *   pooler that the options do not tell of or whose sessions are not as they must be.
 */
export async function openPostgresDatabase(options: PostgresOptions): Promise<Database> {
  const address = postgresAddress(options.url);
  const { namedStatements = true } = options;
  const orm = await SqlMikroORM.init<PostgreSqlDriver, SqlEntityManager<PostgreSqlDriver>>({
    ...ormOptions(options),
    driver: PostgreSqlDriver,
    dbName: address.database,
    driverOptions: connectionConfig(options),
  });
  const pool = await orm.em.getConnection().getNativeClient();
  // The server cancels a statement first; this is for one that has gone silent.
  if (options.statementTimeoutMs > 0) endSilentConnections(pool, options.statementTimeoutMs + connectWithinMs);
  const { description } = address;
  const database = openedDatabase({ orm, kind: 'postgresql', description, pool, namedStatements });
  try {
    await database.ping(connectWithinMs);
    await refuseOldServer(database);
    await requireFitSessions(database.kysely(), options.isSessionShared ?? false);
    return database;
  } catch (error) {
    await database.close();
    throw poolerFound(error) ?? error;
  }
}

async function refuseOldServer(database: Database): Promise<void> {
  const version = sql<{ number: number; name: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as name`;
  const [server] = (await version.execute(database.kysely())).rows;
  if (!server || server.number < oldestServerVersion) {
    const found = server ? `PostgreSQL ${server.name}` : 'a server that does not tell its version';
    throw Refusal.of('INVALID', `DATABASE_URL leads to ${found}; PostgreSQL 15 or newer is needed.`, ['DATABASE_URL']);
  }
}
