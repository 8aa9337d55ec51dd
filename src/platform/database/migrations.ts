import { Refusal } from '../errors.js';
import { type Database, messageOf, migrationTable } from './database.js';
import { installedVersion, installJobQueue, removeJobQueue, wantedVersion } from './job-queue-schema.js';
import { type Migration, portalMigrations, readMigrations } from './migration-files.js';
import { inScriptTransaction, type ScriptTransaction } from './script-transaction.js';

export interface MigrationOptions {
  /** Where the scripts are; the portal's own `migrations/` when left out. */
  readonly folder?: string;
}

export interface MigrateDownOptions extends MigrationOptions {
  /** The migration to go back to, which stays applied; `nothing` undoes all. Left out, only the newest is undone. */
  readonly to?: string;
}

/** How the database differs from what this version of the portal knows. All empty means: ready to use. */
export interface SchemaState {
  /** Not applied yet, in the order they will be. */
  readonly pending: string[];
  /** Applied, but not known here: the database was migrated by a newer version. */
  readonly unknown: string[];
  /** Applied from a script that has been edited since. */
  readonly changed: string[];
}

/** The job queue's tables count as one more migration, with this name and their version. */
const jobQueueName = `pg-boss-${wantedVersion}`;

/** Any number, the same everywhere, for PostgreSQL's advisory lock: two runs of `migrate` wait for each other. */
const migrationLock = 7_105_511_405;

interface Applied {
  readonly name: string;
  readonly sha256: string;
}

/**
 * Brings the database to the schema of this version, in one transaction: either every pending migration is applied
 * or none. Any number of processes may do this at once; one does the work and the others find it done. Open the
 * database with a `statementTimeoutMs` of 0 for this, or the portal gives up waiting for long statements.
 *
 * @returns the names of what was applied, in order; empty when there was nothing to do.
 * @throws Refusal CONFLICT when an applied script was edited, or the database belongs to a newer version.
 */
export function migrateUp(database: Database, options: MigrationOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? portalMigrations);
  return inMigrationTransaction(database, async (transaction) => {
    const state = await compare(transaction, migrations);
    if (state.unknown.length > 0) throw newerDatabase(state.unknown);
    if (state.changed.length > 0) throw editedMigrations(state.changed);
    const pending = migrations.filter(({ name }) => state.pending.includes(name));
    for (const migration of pending) await apply(transaction, migration);
    if (state.pending.includes(jobQueueName)) {
      await installJobQueue(transaction, await installedVersion(transaction));
    }
    return state.pending;
  });
}

/**
 * Undoes migrations, newest first, in one transaction. What the tables held is lost.
 *
 * @returns the names of what was undone, in that order.
 * @throws Refusal NOT_FOUND when `to` is not an applied migration, CONFLICT when one to be undone is not known here.
 */
export function migrateDown(database: Database, options: MigrateDownOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? portalMigrations);
  return inMigrationTransaction(database, async (transaction) => {
    const applied = (await appliedMigrations(transaction)).map(({ name }) => name);
    const undone = applied.slice(keptCount(applied, options.to)).reverse();
    for (const name of undone) {
      const migration = migrations.find((known) => known.name === name);
      if (!migration) throw newerDatabase([name]);
      await runNamed(transaction, `${name}.down.sql`, migration.down);
      await transaction.rows(`delete from ${migrationTable} where name = $1`, [name]);
    }
    if (options.to === 'nothing') await removeJobQueue(transaction);
    return undone;
  });
}

/** Compares the database with the migrations of this version; changes nothing. */
export function schemaState(database: Database, options: MigrationOptions = {}): Promise<SchemaState> {
  const migrations = readMigrations(options.folder ?? portalMigrations);
  return inScriptTransaction(database, (transaction) => compare(transaction, migrations));
}

/**
 * Lets a process start only on the schema it was written for.
 * @throws Refusal INCOMPLETE when migrations are pending, CONFLICT when the database belongs to a newer version or an
 *   applied script was edited.
 */
export async function requireKnownSchema(database: Database, options: MigrationOptions = {}): Promise<void> {
  const state = await schemaState(database, options);
  if (state.unknown.length > 0) throw newerDatabase(state.unknown);
  if (state.changed.length > 0) throw editedMigrations(state.changed);
  if (state.pending.length > 0) {
    const names = state.pending.join(', ');
    throw Refusal.of('INCOMPLETE', `The database lacks ${names}. Run "npx sallyport migrate" and start again.`);
  }
}

function inMigrationTransaction<T>(
  database: Database,
  work: (transaction: ScriptTransaction) => Promise<T>,
): Promise<T> {
  return inScriptTransaction(database, async (transaction) => {
    // Behind a pooler the session has the role's limit, and a migration may take as long as it needs.
    await transaction.run('set local statement_timeout = 0');
    await transaction.rows('select pg_advisory_xact_lock($1)', [migrationLock]);
    await transaction.run(`
      create table if not exists ${migrationTable} (
        name text primary key,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`);
    return work(transaction);
  });
}

async function compare(transaction: ScriptTransaction, migrations: readonly Migration[]): Promise<SchemaState> {
  const applied = new Map((await appliedMigrations(transaction)).map(({ name, sha256 }) => [name, sha256]));
  const known = new Set(migrations.map(({ name }) => name));
  const pending = migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  const changed = migrations
    .filter(({ name, sha256 }) => applied.has(name) && applied.get(name) !== sha256)
    .map(({ name }) => name);
  const jobQueue = await installedVersion(transaction);
  if (jobQueue === null || jobQueue < wantedVersion) pending.push(jobQueueName);
  if (jobQueue !== null && jobQueue > wantedVersion) unknown.push(`pg-boss-${jobQueue}`);
  return { pending, unknown, changed };
}

async function appliedMigrations(transaction: ScriptTransaction): Promise<Applied[]> {
  const [table] = await transaction.rows(`select to_regclass('${migrationTable}') is not null as found`);
  if (table?.found !== true) return [];
  const rows = await transaction.rows(`select name, sha256 from ${migrationTable} order by name`);
  return rows.map((row) => ({ name: String(row.name), sha256: String(row.sha256) }));
}

async function apply(transaction: ScriptTransaction, { name, up, sha256 }: Migration): Promise<void> {
  await runNamed(transaction, `${name}.up.sql`, up);
  await transaction.rows(`insert into ${migrationTable} (name, sha256) values ($1, $2)`, [name, sha256]);
}

async function runNamed(transaction: ScriptTransaction, file: string, script: string): Promise<void> {
  try {
    await transaction.run(script);
  } catch (error) {
    throw new Error(`${file} failed, nothing was changed: ${messageOf(error)}${lineOf(error, script)}`, {
      cause: error,
    });
  }
}

/** Where in the script PostgreSQL found the fault, when it says so. */
function lineOf(error: unknown, script: string): string {
  const position = error instanceof Error && 'position' in error ? Number(error.position) : 0;
  return position > 0 ? ` (line ${script.slice(0, position).split('\n').length})` : '';
}

function keptCount(applied: readonly string[], to: string | undefined): number {
  if (to === undefined) return Math.max(applied.length - 1, 0);
  if (to === 'nothing') return 0;
  const place = applied.indexOf(to);
  if (place === -1) {
    throw Refusal.of('NOT_FOUND', `"${to}" is not an applied migration. Applied are: ${applied.join(', ') || 'none'}.`);
  }
  return place + 1;
}

function newerDatabase(names: readonly string[]): Refusal {
  return Refusal.of(
    'CONFLICT',
    `The database holds ${names.join(', ')}, which this version does not know: it was migrated by a newer version. ` +
      'Run that version.',
  );
}

function editedMigrations(names: readonly string[]): Refusal {
  return Refusal.of(
    'CONFLICT',
    `${names.join(', ')} was edited after it had been applied to this database. ` +
      'Put the script back as it was and write the change as a new migration.',
  );
}
