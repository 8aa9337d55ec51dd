import { countsTable, type Outcome, tally, verdictList } from './report.js';
import { type TrialResult, within } from './trial.js';

/** The trial is given up after this long, in milliseconds. */
const trialWithinMs = 8 * 60_000;

/** What a program of one trial has: where to say how far it is, and where to leave what must be ended and removed. */
export interface TrialProgram {
  readonly tell: (line: string) => void;
  readonly leftovers: AsyncDisposableStack;
}

/** Runs one trial as a program: tells how it goes and what was kept, and ends the process accordingly. */
export async function runOneTrial(name: string, run: (program: TrialProgram) => Promise<TrialResult>): Promise<void> {
  const leftovers = new AsyncDisposableStack();
  const endEarly = (code: number) => leftovers.disposeAsync().finally(() => process.exit(code));
  process.once('SIGINT', () => endEarly(130));
  process.once('SIGTERM', () => endEarly(143));
  const began = Date.now();
  const seconds = () => String(Math.round((Date.now() - began) / 1000)).padStart(4);
  const trial = run({ leftovers, tell: (line) => tell(`${seconds()} s  ${line}`) });
  const outcome: Outcome = await within(trialWithinMs, trial, 'It was not over')
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    .finally(() => leftovers.disposeAsync());
  const outcomes = new Map([[name, outcome]]);
  tell(`\n${countsTable(outcomes)}\n${verdictList(outcomes)}`);
  const { passed, failed } = tally(outcomes);
  tell(`\n${passed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

/** Tells why nothing can be tried here. */
export function skipTrial(reason: string): void {
  tell(`Nothing was tried: ${reason}.\n\n0 passed, 0 failed, 1 skipped`);
}

/** Runs a program, and tells in one line why it could not be run. */
export function runProgram(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
