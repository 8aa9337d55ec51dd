import 'reflect-metadata';
import { flushCompileCache } from 'node:module';
import { readConfig } from './config.js';
import { prepareFirstStart } from './first-start.js';
import { openDatabase } from './open-database.js';
import { migrateUp, requireKnownSchema } from './platform/database/migrations.js';
import { Refusal } from './platform/errors.js';
import { createLog, type Log } from './platform/logging.js';
import { createPortal, type Portal } from './portal.js';

/** A process that was told to stop has this long. */
const stopWithinMs = 9_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ level: config.logLevel, format: config.logFormat });
  const database = await openDatabase(config, log);
  const isEmbedded = database.kind === 'embedded';
  if (isEmbedded) await migrateUp(database);
  else await requireKnownSchema(database);

  const portal = await createPortal(config, { log, database });
  stopOnSignal(portal, log, () => database.close());
  const { url, metricsUrl } = await portal.start();
  const first = isEmbedded ? await prepareFirstStart(portal) : null;

  const lines = [
    url ? `Sallyport answers at ${url}/graphql` : 'Sallyport works jobs and answers no requests',
    `Database: ${database.description}`,
    ...(metricsUrl ? [`Metrics: ${metricsUrl}`] : []),
    ...(config.smtpUrl ? [] : [`Mail is written to ${config.dataDir}/mail, because SMTP_URL is not set`]),
    ...(first
      ? [
          '',
          `A sample program “${first.programName}” is open, and there is one member of staff:`,
          `  e-mail             ${first.email}`,
          `  one-time password  ${first.oneTimePassword}   (shown this once; sign in and change it)`,
        ]
      : []),
    ...(url && config.environment !== 'production' && !config.trustedDocumentsOnly
      ? ['', `Next: open ${url}/ and ask a query, or run "npm run demo".`]
      : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  // It would be written at the end, which a process that is killed does not reach.
  flushCompileCache();
}

/** Ends in good order: requests and jobs under way are finished, and the process exits 0. */
function stopOnSignal(portal: Portal, log: Log, closeDatabase: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping');
    portal
      .stop(stopWithinMs)
      .then(closeDatabase)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'Could not stop in good order');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  if (error instanceof Refusal) {
    for (const problem of error.problems) process.stderr.write(`${problem.message}\n`);
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  process.exit(1);
});
