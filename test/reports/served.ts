import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../src/demo/demo-portal.js';
import { eventually } from '../journeys/story.js';

const mebibyte = 1024;

/** A portal in a process of its own, as operators run it, whose memory can be looked at. */
export class ServedPortal {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #dataDir: string;

  private constructor(url: string, process: ChildProcess, dataDir: string) {
    this.url = url;
    this.#process = process;
    this.#dataDir = dataDir;
  }

  static async open(databaseUrl: string): Promise<ServedPortal> {
    const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-served-'));
    const port = await freePort();
    // So little room that memory shows what is kept, and not how lazily it is cleaned; who keeps too much dies of it.
    const portal = spawn(
      process.execPath,
      ['--max-semi-space-size=2', '--max-old-space-size=128', 'dist/bundle/main.js'],
      {
        stdio: 'ignore',
        env: {
          PATH: process.env.PATH,
          NODE_ENV: 'development',
          RUN: 'api',
          DATABASE_URL: databaseUrl,
          DATA_DIR: dataDir,
          PORT: String(port),
          SECRET_KEY: randomBytes(32).toString('base64'),
        },
      },
    );
    const url = `http://127.0.0.1:${port}`;
    await eventually(async () => {
      if (!(await fetch(`${url}/readyz`)).ok) throw new Error('The portal is not ready yet.');
    });
    return new ServedPortal(url, portal, dataDir);
  }

  /** By how many MiB resident memory grew at most while something was done. */
  async growthDuring(work: () => Promise<unknown>): Promise<number> {
    const before = await this.#resident();
    let most = before;
    let isOver = false;
    const watch = async () => {
      while (!isOver) most = Math.max(most, await this.#resident());
    };
    const watching = watch();
    try {
      await work();
    } finally {
      isOver = true;
      await watching;
    }
    return (most - before) / mebibyte;
  }

  async #resident(): Promise<number> {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(this.#process.pid)]);
    return Number(stdout);
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'close');
    this.#process.kill('SIGTERM');
    await ended;
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
