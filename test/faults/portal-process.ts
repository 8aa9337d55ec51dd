import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/bundle/main.js', import.meta.url));

/** How long a start may take, recovery of the database included, and a stop in good order, in milliseconds. */
const startWithinMs = 60_000;
const stopWithinMs = 10_000;

/** How much of what a process printed is kept, to be shown when something went wrong. */
const keptLines = 60;

/** pino's level of errors; what is below is for the curious. */
const errorLevel = 50;

/** What a process tells of itself besides its end. */
export interface Listener {
  /** It ended although nobody ended it. */
  endedByItself(account: string): void;
  loggedError(line: string): void;
  /** Anything that it said. */
  said?(line: string): void;
}

/** One process of the portal, started as an operator would start it. */
export class PortalProcess {
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #said: string[] = [];
  #isMeantToEnd = false;
  /** Settles when it has said that it answers requests or works jobs. */
  readonly ready: Promise<void>;

  constructor(environment: Readonly<Record<string, string>>, listener: Listener) {
    this.#process = spawn(process.execPath, ['--enable-source-maps', program], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const begun = Promise.withResolvers<void>();
    this.ready = begun.promise;
    // Nobody may be waiting when a process is killed as it starts.
    this.ready.catch(() => undefined);
    const late = setTimeout(() => begun.reject(new Error(this.account('did not start in time'))), startWithinMs);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#said.push(line);
        this.#said.splice(0, this.#said.length - keptLines);
        listener.said?.(line);
        if (/^Sallyport (answers|works) /.test(line)) begun.resolve();
        if (levelOf(line) >= errorLevel) listener.loggedError(line);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#process.once('close', (code) => {
        clearTimeout(late);
        begun.reject(new Error(this.account('ended before it was ready')));
        if (!this.#isMeantToEnd) listener.endedByItself(this.account(`ended by itself with code ${code}`));
        resolve(code);
      });
    });
  }

  /** `kill -9`: no handler of the process runs. Returns when it is gone. */
  async kill(): Promise<void> {
    this.#isMeantToEnd = true;
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to stop. @returns its exit code; null when it had to be killed after all */
  async stop(): Promise<number | null> {
    this.#isMeantToEnd = true;
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), stopWithinMs);
    const code = await this.#ended;
    clearTimeout(late);
    return code;
  }

  account(what: string): string {
    return `A process of the portal ${what}. It had said:\n${this.#said.join('\n')}`;
  }
}

function levelOf(line: string): number {
  return Number(/^\{"level":(\d+),/.exec(line)?.[1] ?? 0);
}
