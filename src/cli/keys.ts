import type { Command } from 'commander';
import { withPortal } from './opening.js';
import { say } from './output.js';

export function addKeyCommands(parent: Command): void {
  const keys = parent.command('keys').description('the keys that statements on access are signed with');

  keys
    .command('rotate')
    .description('sign with a new key from now on; what was signed before can be checked until it is over')
    .action(rotate);
}

async function rotate(): Promise<void> {
  await withPortal(async ({ statements }, by) => {
    say(`Statements are signed with the key ${await statements.rotate(by)} from now on.`);
  });
}
