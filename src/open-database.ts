import type { Config } from './config.js';
import { entities, tablesWithoutEntity } from './entities.js';
import { type Database, openEmbeddedDatabase, openPostgresDatabase } from './platform/database/open.js';
import type { Log } from './platform/logging.js';

/** Opens the database that the configuration names, embedded or served. */
export function openDatabase(config: Config, log: Log, statementTimeoutMs = 30_000): Promise<Database> {
  const shape = { entities, tablesWithoutEntity, log };
  if (config.databaseUrl === null) return openEmbeddedDatabase({ folder: config.dataDir, ...shape });
  const applicationName = `sallyport ${config.run.join('+')}`;
  const poolSize = config.databasePoolSize;
  return openPostgresDatabase({ url: config.databaseUrl, poolSize, statementTimeoutMs, applicationName, ...shape });
}
