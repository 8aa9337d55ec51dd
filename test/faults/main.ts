import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { countsTable, type Outcome, tally, verdictList } from './report.js';
import { runTrial, within } from './trial.js';

/** The trial of one database is given up after this long, in milliseconds. */
const trialWithinMs = 10 * 60_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '12' },
    clients: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});

/** What the trials would leave behind if they ended now. */
const trials = new Set<AsyncDisposableStack>();

process.once('SIGINT', () => endEarly(130));
process.once('SIGTERM', () => endEarly(143));
process.once('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`);
  endEarly(1);
});

let isEndingEarly = false;

function endEarly(code: number): void {
  isEndingEarly = true;
  Promise.allSettled([...trials].map((leftovers) => leftovers.disposeAsync())).finally(() => process.exit(code));
}

/**
 * `npm run test:faults`: what a portal acknowledged is there after any number of kills, on PGlite, and on the server that
 * TEST_DATABASE_URL or DATABASE_URL names. `-- --rounds 3 --only pglite --clients 2 --seed 7` tries less of it; the seed
 * repeats what chance chose, not what the processes were doing at that moment.
 */
async function main(): Promise<void> {
  const seed = whole('seed');
  const serverUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL ?? null;
  const places: readonly (readonly [string, string | null])[] = [
    ['PGlite', null],
    ...(serverUrl ? [['PostgreSQL', serverUrl] as const] : []),
  ];
  tell(
    `A portal is killed at random moments while ${values.clients} clients use it; --seed ${seed} repeats the choices.`,
  );
  if (!serverUrl) tell('Only on PGlite: set TEST_DATABASE_URL to try it on a PostgreSQL server too.');

  // Side by side, because each of them spends much of its time waiting for restarts and for jobs of the dead.
  const wanted = places.filter(([name]) => !values.only || name.toLowerCase() === values.only.toLowerCase());
  const outcomes = new Map(
    await Promise.all(wanted.map(async ([name, url]) => [name, await outcomeOf(name, url, seed)] as const)),
  );
  // Whoever ends it early waits until everything is removed.
  if (isEndingEarly) return;
  tell(`\n${countsTable(outcomes)}\n${verdictList(outcomes)}`);
  const { passed, failed } = tally(outcomes);
  tell(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

async function outcomeOf(name: string, serverUrl: string | null, seed: number): Promise<Outcome> {
  const leftovers = new AsyncDisposableStack();
  trials.add(leftovers);
  const began = Date.now();
  const say = (line: string) =>
    tell(`${name.padEnd(11)}${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${line}`);
  try {
    const options = { serverUrl, seed, rounds: whole('rounds'), clients: whole('clients'), tell: say };
    return await within(trialWithinMs, runTrial(options, leftovers), 'It was not over');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await leftovers.disposeAsync();
    trials.delete(leftovers);
  }
}

function whole(name: 'rounds' | 'clients' | 'seed'): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`--${name} must be a whole number.`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
