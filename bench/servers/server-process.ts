import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How long a start and a stop may take, in milliseconds. */
const startWithinMs = 60_000;
const stopWithinMs = 15_000;

/** How much of what a process said is kept, to be shown when something went wrong. */
const keptLines = 40;

export interface ServerCommand {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** The line that says it answers. */
  readonly ready: RegExp;
}

/** A measured server: a process of its own, which ends with the bench. */
export class ServerProcess {
  readonly name: string;
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #said: string[] = [];
  readonly #ended: Promise<void>;
  #isMeantToEnd = false;

  /** @throws Error with what it said, when it does not start */
  static async start(command: ServerCommand): Promise<ServerProcess> {
    const server = new ServerProcess(command);
    try {
      await server.#ready(command.ready);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  private constructor({ name, args, environment, port }: ServerCommand) {
    this.name = name;
    this.port = port;
    const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
    // Its standard input is a pipe that closes when the bench ends, however it ends; the servers written here end then.
    this.#process = spawn(process.execPath, args, {
      env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), NODE_ENV: 'production', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#ended = new Promise((resolve) => {
      this.#process.once('close', (code, signal) => {
        if (!this.#isMeantToEnd) process.stderr.write(`${this.#account(`ended by itself (${signal ?? code})`)}\n`);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The memory it holds, in bytes; null where the system does not say. */
  async memory(): Promise<number | null> {
    const status = await readFile(`/proc/${this.#process.pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  }

  async stop(): Promise<void> {
    this.#isMeantToEnd = true;
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), stopWithinMs);
    await this.#ended;
    clearTimeout(late);
  }

  #ready(line: RegExp): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = setTimeout(() => reject(new Error(this.#account('did not start in time'))), startWithinMs);
    const read = (stream: Readable | null) => {
      if (!stream) return;
      createInterface({ input: stream }).on('line', (said) => {
        this.#said.push(said);
        this.#said.splice(0, this.#said.length - keptLines);
        if (line.test(said)) resolve();
      });
    };
    read(this.#process.stdout);
    read(this.#process.stderr);
    this.#process.once('error', reject);
    this.#ended.then(() => reject(new Error(this.#account('ended before it was ready'))));
    return promise.finally(() => clearTimeout(late));
  }

  #account(what: string): string {
    return `The server ${this.name} ${what}. It had said:\n${this.#said.join('\n')}`;
  }
}
