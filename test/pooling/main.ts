import 'reflect-metadata';
import { countsTable, type Outcome, tally, verdictList } from '../faults/report.js';
import { within } from '../faults/trial.js';
import { installedPgBouncer } from './pgbouncer.js';
import { runPoolingTrial } from './trial.js';

/** The trial is given up after this long, in milliseconds. */
const trialWithinMs = 8 * 60_000;

/**
 * `npm run test:pooling`: a portal behind the PgBouncer that is installed, in transaction mode, does what it says. Needs a
 * server, which TEST_DATABASE_URL or DATABASE_URL names, where roles and databases can be made.
 */
async function main(): Promise<void> {
  const serverUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL ?? null;
  const version = await installedPgBouncer();
  if (!version) return skip('PgBouncer is not installed (Debian: apt-get install pgbouncer)');
  if (!serverUrl) return skip('TEST_DATABASE_URL names no PostgreSQL server');

  const leftovers = new AsyncDisposableStack();
  process.once('SIGINT', () => endEarly(leftovers, 130));
  process.once('SIGTERM', () => endEarly(leftovers, 143));
  const began = Date.now();
  const options = {
    serverUrl,
    serverConnections: 3,
    portalConnections: 20,
    applicants: 8,
    readers: 12,
    commands: 300,
    seed: Date.now() % 1_000_000,
    tell: (line: string) => tell(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${line}`),
  };
  const outcomes = new Map([[version, await outcomeOf(options, leftovers)]]);
  tell(`\n${countsTable(outcomes)}\n${verdictList(outcomes)}`);
  const { passed, failed } = tally(outcomes);
  tell(`\n${passed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

async function outcomeOf(
  options: Parameters<typeof runPoolingTrial>[0],
  leftovers: AsyncDisposableStack,
): Promise<Outcome> {
  try {
    return await within(trialWithinMs, runPoolingTrial(options, leftovers), 'It was not over');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await leftovers.disposeAsync();
  }
}

function skip(reason: string): void {
  tell(`Nothing was tried: ${reason}.\n\n0 passed, 0 failed, 1 skipped`);
}

function endEarly(leftovers: AsyncDisposableStack, code: number): void {
  leftovers.disposeAsync().finally(() => process.exit(code));
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
