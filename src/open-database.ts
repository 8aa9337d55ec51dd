import type { Config } from './config.js';
import { entities, tablesWithoutEntity } from './entities.js';
import { type Database, openEmbeddedDatabase, openPostgresDatabase } from './platform/database/open.js';
import type { Log } from './platform/logging.js';

/** Opens the database that the configuration names, embedded or served. */
export function openDatabase(config: Config, log: Log, statementTimeoutMs = 30_000): Promise<Database> {
  const shape = { entities, tablesWithoutEntity, log };
  if (config.databaseUrl === null) return openEmbeddedDatabase({ folder: config.dataDir, ...shape });
  return openPostgresDatabase({ url: config.databaseUrl, statementTimeoutMs, ...connections(config), ...shape });
}

function connections({ run, databasePoolSize, databasePooler }: Config) {
  return {
    applicationName: `sallyport ${run.join('+')}`,
    poolSize: databasePoolSize,
    isSessionShared: databasePooler !== 'none',
    namedStatements: databasePooler !== 'transaction',
  };
}
