import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../project-folder.js';

/** One reviewed step of the schema, forward and back. */
export interface Migration {
  /** The name of the files without `.up.sql` and `.down.sql`, such as `0001-foundation`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
  /** SHA-256 of the forward script, in hex: tells when it was edited after it had run somewhere. */
  readonly sha256: string;
}

/** The portal's own migrations. */
export const portalMigrations = join(projectFolder, 'migrations');

const fileName = /^(?<name>(?<number>\d{4})-[a-z0-9-]+)\.(?<direction>up|down)\.sql$/;

/** `begin;` and its like in a line of their own, which would end the one transaction that everything runs in. */
const transactionCommand = /^\s*(begin|start\s+transaction|commit|end|rollback)(\s+transaction)?\s*;/im;

/**
 * Reads the migrations of a folder, in the order they run.
 * @throws Error when a file is misnamed, has no counterpart, shares its number, or handles transactions itself.
 */
export function readMigrations(folder: string): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const numbers = new Map<string, string>();
  for (const file of files) {
    const { name, number } = fileName.exec(file)?.groups ?? {};
    if (!name || !number) {
      throw new Error(`${file} in ${folder} is not named NNNN-name.up.sql or NNNN-name.down.sql.`);
    }
    const other = numbers.get(number);
    if (other && other !== name) throw new Error(`${other} and ${name} in ${folder} have the same number.`);
    numbers.set(number, name);
  }
  return [...numbers.values()].sort().map((name) => readMigration(folder, name));
}

function readMigration(folder: string, name: string): Migration {
  const up = readScript(folder, `${name}.up.sql`);
  const down = readScript(folder, `${name}.down.sql`);
  return { name, up, down, sha256: createHash('sha256').update(up).digest('hex') };
}

function readScript(folder: string, file: string): string {
  const script = readFileSync(join(folder, file), 'utf8');
  const command = withoutBodies(script).match(transactionCommand);
  if (command) {
    throw new Error(`${file} says "${command[0].trim()}": leave that out, all migrations run in one transaction.`);
  }
  return script;
}

/** The script without function bodies, whose `end;` ends a block and not a transaction. */
function withoutBodies(script: string): string {
  return script.replace(/(\$\w*\$)[\s\S]*?\1/g, '$1$1');
}
