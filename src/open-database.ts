import type { Config } from './config.js';
import { entities, tablesWithoutEntity } from './entities.js';
import { positionStatement } from './events/position.js';
import { type Database, openEmbeddedDatabase, openPostgresDatabase } from './platform/database/open.js';
import { Replica } from './platform/database/replica.js';
import type { Log } from './platform/logging.js';

/** Opens the database that the configuration names, embedded or served. */
export function openDatabase(config: Config, log: Log, statementTimeoutMs = 30_000): Promise<Database> {
  const shape = { entities, tablesWithoutEntity, log };
  if (config.databaseUrl === null) return openEmbeddedDatabase({ folder: config.dataDir, ...shape });
  return openPostgresDatabase({ url: config.databaseUrl, statementTimeoutMs, ...connections(config), ...shape });
}

/** Opens the replica that queries may be answered from; null when the configuration names none. */
export async function openReplica(config: Config, primary: Database, log: Log): Promise<Replica | null> {
  const { databaseReplicaUrl: url, databaseUrl: primaryUrl, databaseReplicaMaxLagSeconds } = config;
  if (url === null || primaryUrl === null) return null;
  const maxLagMs = databaseReplicaMaxLagSeconds * 1_000;
  const position = positionStatement;
  return Replica.open({ url, primaryUrl, ...connections(config), primary, position, maxLagMs, log });
}

function connections({ run, databasePoolSize, databasePooler }: Config) {
  return {
    applicationName: `sallyport ${run.join('+')}`,
    poolSize: databasePoolSize,
    isSessionShared: databasePooler !== 'none',
    namedStatements: databasePooler !== 'transaction',
  };
}
