import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectFolder } from '../platform/project-folder.js';

const program = join(projectFolder, 'examples/provisioner/main.ts');

/** The keys with which it calls. */
export interface ProvisionerKeys {
  readonly provisioner: string;
  readonly readBack: string | null;
}

/** The reference client of `examples/provisioner`, as a process of its own. */
export class ExampleProvisioner {
  readonly #process: ChildProcess;
  readonly #did: Readonly<Record<string, unknown>>[] = [];
  #begun = '';

  constructor(portalUrl: string, keys: ProvisionerKeys, settings: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(process.execPath, [program], {
      env: {
        PORTAL_URL: portalUrl,
        PROVISIONER_KEY: keys.provisioner,
        ...(keys.readBack === null ? {} : { READ_BACK_KEY: keys.readBack }),
        POLL_MS: '100',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
  }

  /** What it said that it did, in order. */
  get did(): readonly Readonly<Record<string, unknown>>[] {
    return this.#did;
  }

  /** Has it finish what it has begun. @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    const closed = once(this.#process, 'close');
    this.#process.kill('SIGTERM');
    await closed;
    return this.#process.exitCode;
  }

  #hear(text: string): void {
    const lines = (this.#begun + text).split('\n');
    this.#begun = lines.pop() ?? '';
    for (const line of lines) this.#did.push(JSON.parse(line));
  }
}
