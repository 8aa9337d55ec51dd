import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { addAuditCommands } from './cli/audit.js';
import { addDocumentsCommand } from './cli/documents.js';
import { addEvidenceCommand } from './cli/evidence.js';
import { report } from './cli/failure.js';
import { addKeyCommands } from './cli/keys.js';
import { addMigrateCommand } from './cli/migrate.js';
import { addProgramCommands } from './cli/programs.js';
import { addScreeningCommands } from './cli/screening.js';
import { addStaffCommands } from './cli/staff.js';
import { addWebhookCommands } from './cli/webhooks.js';
import { productVersion } from './version.js';

/** What the process answers with: it worked; it was refused or failed; it was not asked properly. */
const exitCodes = { done: 0, failed: 1, misused: 2 } as const;

const notes = `
Configuration comes from the same environment variables as the server's. Without DATABASE_URL, commands use the embedded
database in DATA_DIR, which only one process can open: stop the server first.

Exit code: 0 done, 1 refused or failed, 2 not asked properly.`;

const sallyport = new Command('sallyport')
  .description('Runs and looks after a partner access portal.')
  .version(productVersion)
  .exitOverride()
  .showHelpAfterError('Add --help to see what is possible.')
  .addHelpText('after', notes);

sallyport
  .command('start')
  .description('start the portal; the same as npm start')
  .action(async () => {
    await import('./serve.js');
  });
addMigrateCommand(sallyport);
addStaffCommands(sallyport);
addProgramCommands(sallyport);
addScreeningCommands(sallyport);
addAuditCommands(sallyport);
addEvidenceCommand(sallyport);
addWebhookCommands(sallyport);
addKeyCommands(sallyport);
addDocumentsCommand(sallyport);

process.setSourceMapsEnabled(true);
try {
  await sallyport.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.misused;
  else {
    report(error);
    process.exitCode = exitCodes.failed;
  }
}
