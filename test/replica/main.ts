import 'reflect-metadata';
import { countsTable, type Outcome, tally, verdictList } from '../faults/report.js';
import { within } from '../faults/trial.js';
import { postgresPrograms } from './cluster.js';
import { type ReplicaTrialOptions, runReplicaTrial } from './trial.js';

/** The trial is given up after this long, in milliseconds. */
const trialWithinMs = 8 * 60_000;

/**
 * `npm run test:replica`: with a replica, nobody is shown a state older than what they did, and nobody goes without an
 * answer. Needs PostgreSQL's server programs, of which it runs a primary and a replica of its own.
 */
async function main(): Promise<void> {
  const programs = postgresPrograms();
  if (!programs) {
    tell('Nothing was tried: there is no PostgreSQL server here (Debian: apt-get install postgresql).');
    return tell('\n0 passed, 0 failed, 1 skipped');
  }
  const leftovers = new AsyncDisposableStack();
  process.once('SIGINT', () => endEarly(leftovers, 130));
  process.once('SIGTERM', () => endEarly(leftovers, 143));
  const began = Date.now();
  const options = {
    programs,
    writers: 6,
    rounds: 40,
    seed: Date.now() % 1_000_000,
    tell: (line: string) => tell(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${line}`),
  };
  const outcomes = new Map([['PostgreSQL', await outcomeOf(options, leftovers)]]);
  tell(`\n${countsTable(outcomes)}\n${verdictList(outcomes)}`);
  const { passed, failed } = tally(outcomes);
  tell(`\n${passed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

async function outcomeOf(options: ReplicaTrialOptions, leftovers: AsyncDisposableStack): Promise<Outcome> {
  try {
    return await within(trialWithinMs, runReplicaTrial(options, leftovers), 'It was not over');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await leftovers.disposeAsync();
  }
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
