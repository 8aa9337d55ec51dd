import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig } from '../config.js';
import type { CommandContext } from '../doorway/command.js';
import { migrateUp, requireKnownSchema } from '../platform/database/migrations.js';
import type { Database } from '../platform/database/open.js';
import { Refusal } from '../platform/errors.js';
import { createLog, type Log } from '../platform/logging.js';
import type { Portal } from '../portal.js';

export interface OpeningOptions {
  /** May an embedded database be made where there is none? Otherwise a wrong folder would look like an empty portal. */
  readonly create?: boolean;
  /** Leave the schema as it is, whatever it is; then statements may also take as long as they like. */
  readonly asItIs?: boolean;
}

/** A command at the terminal needs few connections. */
const poolSize = 2;

/** How long letting go may take when the command is done. */
const stopWithinMs = 5_000;

/** The configuration, as the server reads it. @throws Refusal with every problem that it has */
export function configuration(): Config {
  return readConfig(process.env);
}

/** Opens the database for one piece of work. Like the server, it brings an embedded one up to date first. */
export async function withDatabase<T>(
  work: (database: Database, config: Config) => Promise<T>,
  options: OpeningOptions = {},
): Promise<T> {
  const config = configuration();
  if (!options.create) requireFound(config);
  // Loaded only now: it is most of the program, and help and mistakes are answered without it.
  const { openDatabase } = await import('../open-database.js');
  const database = await openDatabase(
    { ...config, databasePoolSize: poolSize },
    errorLog(config),
    options.asItIs ? 0 : undefined,
  );
  try {
    if (!options.asItIs) await (database.kind === 'embedded' ? migrateUp(database) : requireKnownSchema(database));
    return await work(database, config);
  } finally {
    await database.close();
  }
}

/** Puts a portal together that answers no requests and works no jobs, for one piece of work that changes something. */
export function withPortal<T>(
  work: (portal: Portal, by: CommandContext) => Promise<T>,
  options: OpeningOptions = {},
): Promise<T> {
  return withDatabase(async (database, config) => {
    const { createPortal } = await import('../portal.js');
    const log = errorLog(config);
    const portal = await createPortal({ ...config, run: [], metricsPort: null }, { log, database });
    try {
      await portal.jobs.start({ work: false });
      return await work(portal, byOperator());
    } finally {
      await portal.stop(stopWithinMs);
    }
  }, options);
}

/** Whoever may run the command line may do everything; the audit log says that it was done there. */
function byOperator(): CommandContext {
  const actor = { kind: 'SYSTEM', name: 'cli' } as const;
  return { actor, requestId: `cli ${randomUUID()}`, ipAddress: null, idempotencyKey: null };
}

/** On the standard error, because the standard output is for answers; only troubles, unless LOG_LEVEL asks for more. */
function errorLog({ logLevel }: Config): Log {
  const level = process.env.LOG_LEVEL ? logLevel : 'warn';
  return createLog({ level, format: 'json' }, process.stderr);
}

function requireFound({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== null || existsSync(join(dataDir, 'postgres'))) return;
  const message =
    `There is no embedded database in ${dataDir}. Set DATA_DIR to the portal's data folder, set DATABASE_URL to its ` +
    'PostgreSQL database, or make a new one with "npx sallyport migrate".';
  throw Refusal.of('NOT_FOUND', message);
}
