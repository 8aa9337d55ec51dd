import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../../src/demo/demo-portal.js';
import { entities, tablesWithoutEntity } from '../../src/entities.js';
import { type Database, openEmbeddedDatabase } from '../../src/platform/database/open.js';
import { projectFolder } from '../../src/platform/project-folder.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

/** The command line. */
export const program = join(projectFolder, 'bin/sallyport.js');

/** What a command at the terminal came to. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly complaints: string;
}

/** Compiles what is newer than its compiled form; processes run that. */
export async function build(): Promise<void> {
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: projectFolder });
}

/** Runs `sallyport` as a process of its own, to its end. */
export function sallyport(
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<Outcome> {
  const env = { PATH: process.env.PATH, ...environment };
  return new Promise((settle, fail) => {
    const child = execFile(
      process.execPath,
      [...nodeOptions, program, ...args],
      { env },
      (error, output, complaints) => {
        if (child.exitCode === null) fail(error ?? new Error('It ended by a signal.'));
        else settle({ code: child.exitCode, output, complaints });
      },
    );
  });
}

/** A folder, a database and the environment that names them: what an operator has before typing the first command. */
export class Installation {
  readonly folder: string;
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly #served: TestDatabase | null;

  private constructor(folder: string, port: number, served: TestDatabase | null) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#served = served;
    this.environment = {
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      PUBLIC_URL: this.url,
      LOG_FORMAT: 'json',
      ...(served?.url ? { DATABASE_URL: served.url, SECRET_KEY: randomBytes(32).toString('base64') } : {}),
    };
  }

  /** With an empty database: on the server that TEST_DATABASE_URL names, otherwise embedded and not made yet. */
  static async prepare(): Promise<Installation> {
    const served = process.env.TEST_DATABASE_URL ? await openTestDatabase({ empty: true, poolSize: 2 }) : null;
    return new Installation(mkdtempSync(join(tmpdir(), 'sallyport-cli-')), await freePort(), served);
  }

  get isEmbedded(): boolean {
    return this.#served === null;
  }

  run(...args: readonly string[]): Promise<Outcome> {
    return sallyport(this.environment, args);
  }

  /** Runs a command that must work, and answers what it prints. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, output, complaints } = await this.run(...args);
    if (code === 0) return output;
    throw new Error(`sallyport ${args.join(' ')} ended with ${code}: ${complaints}`);
  }

  /** Works on the database behind the portal's back. */
  async inDatabase(work: (database: Database) => Promise<unknown>): Promise<void> {
    if (this.#served) await work(this.#served);
    else {
      const folder = join(this.folder, 'data');
      const database = await openEmbeddedDatabase({ folder, entities, tablesWithoutEntity });
      await work(database).finally(() => database.close());
    }
  }

  /** Starts the portal by `sallyport start`, and waits until it answers. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
    const env = { PATH: process.env.PATH, ...this.environment, ...environment };
    const child = spawn(process.execPath, [program, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('Sallyport answers')) break;
    }
    child.stdout.resume();
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`);
    return child;
  }

  /** Asks the portal to stop, and answers its exit code. */
  async stop(child: ChildProcess): Promise<number | null> {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    return child.exitCode;
  }

  async remove(): Promise<void> {
    await this.#served?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
