import { type Command, Option } from 'commander';
import { migrateDown, migrateUp, type SchemaState, schemaState } from '../platform/database/migrations.js';
import { Refusal } from '../platform/errors.js';
import { withDatabase } from './opening.js';
import { jsonOption, say } from './output.js';

interface MigrateOptions {
  readonly down?: boolean;
  readonly to?: string;
  readonly status?: boolean;
  readonly json?: boolean;
}

export function addMigrateCommand(parent: Command): void {
  const migrate = parent
    .command('migrate')
    .description('bring the database to the schema of this version; several at once wait for each other')
    .addOption(new Option('--down', 'undo the newest migration; what its tables held is lost').conflicts('status'))
    .option('--to <name>', 'with --down: undo all after this one, or everything with "nothing"')
    .option('--status', 'only say how the schema differs; exit code 1 when the server could not start on it')
    .option(...jsonOption)
    .action(async (options: MigrateOptions) => {
      if (options.to !== undefined && !options.down) migrate.error("error: option '--to' goes with '--down'");
      if (options.json && !options.status) migrate.error("error: option '--json' goes with '--status'");
      if (options.status) await sayStatus(options.json === true);
      else if (options.down) await down(options.to);
      else await up();
    });
}

async function up(): Promise<void> {
  const applied = await withDatabase((database) => migrateUp(database), { create: true, asItIs: true });
  for (const name of applied) say(`Applied ${name}`);
  if (applied.length === 0) say('The schema is up to date.');
}

async function down(to: string | undefined): Promise<void> {
  const options = to === undefined ? {} : { to };
  const undone = await withDatabase((database) => migrateDown(database, options), { asItIs: true });
  for (const name of undone) say(`Undid ${name}`);
  if (undone.length === 0) say('There is nothing to undo.');
}

async function sayStatus(json: boolean): Promise<void> {
  const state = await withDatabase((database) => schemaState(database), { asItIs: true });
  const differences = differencesOf(state);
  if (json) say(JSON.stringify(state, null, 2));
  else if (differences.length === 0) say('The schema is up to date.');
  if (differences.length > 0) throw Refusal.of('INCOMPLETE', differences.join('\n'));
}

function differencesOf({ pending, unknown, changed }: SchemaState): string[] {
  return [
    ...pending.map((name) => `Not applied yet: ${name}`),
    ...unknown.map((name) => `Applied by a newer version: ${name}`),
    ...changed.map((name) => `Edited after it was applied: ${name}`),
  ];
}
