import type { Command } from 'commander';
import { sql } from 'kysely';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { createProgram } from '../programs/program.commands.js';
import { sampleProgram } from '../programs/sample-program.js';
import { withDatabase, withPortal } from './opening.js';
import { jsonOption, type ListOptions, say, sayList } from './output.js';
import { readProgramFile } from './program-file.js';

export function addProgramCommands(parent: Command): void {
  const program = parent.command('program').description('the programs that partners apply to');

  program
    .command('create <file.json>')
    .description('create a program, open at once, from a file: the CreateProgramInput of schema.graphql as JSON')
    .action(create);
  program
    .command('list')
    .description('the programs, newest first')
    .option(...jsonOption)
    .action(list);
  parent.command('seed').description('create the sample program, unless it is there already').action(seed);
}

async function create(file: string): Promise<void> {
  const input = await readProgramFile(file);
  await withPortal(
    async ({ doorway }, by) => {
      const { programId } = await doorway.execute(createProgram, input, by);
      say(`The program ${input.code} is open: ${encodeId('program', programId)}`);
    },
    { create: true },
  );
}

async function list(options: ListOptions): Promise<void> {
  const found = await withDatabase((database) =>
    sql<{ id: string; code: string; name: string; status: string; product: string; version: number }>`
      select p.id, p.code, p.name, p.status, p.product_code as product, v.number as version
      from program as p left join program_version as v on v.id = p.current_version_id order by p.id desc`.execute(
      database.kysely(),
    ),
  );
  const lines = found.rows.map(({ id, ...shown }) => ({ ...shown, id: encodeId('program', id) }));
  sayList(lines, options, 'There is no program yet. "npx sallyport seed" creates a sample to try.');
}

async function seed(): Promise<void> {
  const { code } = sampleProgram;
  await withPortal(
    async ({ doorway }, by) => {
      const created = await doorway.execute(createProgram, sampleProgram, by).catch((error: unknown) => {
        if (error instanceof Refusal && error.code === 'ALREADY_EXISTS') return null;
        throw error;
      });
      say(created ? `The sample program ${code} is open.` : `The sample program ${code} is there already.`);
    },
    { create: true },
  );
}
