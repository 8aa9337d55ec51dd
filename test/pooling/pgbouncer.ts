import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../src/demo/demo-portal.js';

/** Where Debian has it, which is not on everybody's path. */
const path = `${process.env.PATH}:/usr/sbin`;

/** How long it may take to listen, in milliseconds. */
const startWithinMs = 10_000;

/** How often the console is asked how many connections there are, in milliseconds. */
const lookEveryMs = 50;

/** What the installed PgBouncer calls itself; null when there is none. */
export async function installedPgBouncer(): Promise<string | null> {
  const found = await promisify(execFile)('pgbouncer', ['--version'], { env: { PATH: path } }).catch(() => null);
  return found?.stdout.split('\n')[0] ?? null;
}

/** The most connections that were seen at one moment. */
export interface SeenConnections {
  clients: number;
  servers: number;
}

export interface PgBouncerOptions {
  /** The server behind it, of which host and port are used. */
  readonly serverUrl: string;
  readonly role: string;
  readonly password: string;
  /** How many connections it keeps to each database. */
  readonly poolSize: number;
}

/** A PgBouncer of its own in transaction mode, on a free port, for every database of the server. */
export class PgBouncer {
  readonly #process: ChildProcess;
  readonly #console: Client;
  readonly #url: URL;
  readonly #watch: NodeJS.Timeout;
  /** By database. */
  readonly #seen = new Map<string, SeenConnections>();

  private constructor(process: ChildProcess, console: Client, url: URL) {
    this.#process = process;
    this.#console = console;
    this.#url = url;
    this.#watch = setInterval(() => this.#look().catch(() => undefined), lookEveryMs);
  }

  static async start(options: PgBouncerOptions, leftovers: AsyncDisposableStack): Promise<PgBouncer> {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-pgbouncer-'));
    leftovers.defer(() => rmSync(folder, { recursive: true, force: true }));
    const port = await freePort();
    writeFileSync(join(folder, 'users.txt'), `"${options.role}" "${options.password}"\n`);
    writeFileSync(join(folder, 'pgbouncer.ini'), configuration(options, folder, port));
    // It gives up being root and reads its files anew afterwards.
    chmodSync(folder, 0o755);
    const process = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], {
      env: { PATH: path },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    leftovers.defer(async () => {
      if (process.exitCode !== null) return;
      process.kill('SIGKILL');
      await once(process, 'exit');
    });
    await isUp(process);
    const url = new URL(`postgres://${options.role}@127.0.0.1:${port}/pgbouncer`);
    const console = new Client({ connectionString: url.href });
    await console.connect();
    const pooler = new PgBouncer(process, console, url);
    leftovers.defer(() => pooler.stop());
    return pooler;
  }

  /** The address of a database by way of the pooler. */
  urlOf(database: string): string {
    const url = new URL(this.#url);
    url.pathname = `/${database}`;
    return url.href;
  }

  seen(database: string): SeenConnections {
    return this.#seen.get(database) ?? { clients: 0, servers: 0 };
  }

  /** Makes it drop what a session is asked for without a word, as it is often told to, or refuse it, as it does by itself. */
  async ignoreParameters(names: readonly string[]): Promise<void> {
    await this.#console.query(`set ignore_startup_parameters = '${names.join(',')}'`);
  }

  /** Ends the connections to the server as soon as nobody has them, and opens new ones. */
  async reconnect(): Promise<void> {
    await this.#console.query('reconnect');
  }

  async stop(): Promise<void> {
    clearInterval(this.#watch);
    await this.#console.end().catch(() => undefined);
    if (this.#process.exitCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'exit');
  }

  async #look(): Promise<void> {
    const { rows } = await this.#console.query<Readonly<Record<string, string>>>('show pools');
    for (const row of rows) {
      const most = this.#seen.get(String(row.database)) ?? { clients: 0, servers: 0 };
      most.clients = Math.max(most.clients, sumOf(row, 'cl_active', 'cl_waiting'));
      most.servers = Math.max(most.servers, sumOf(row, 'sv_active', 'sv_idle', 'sv_used', 'sv_tested', 'sv_login'));
      this.#seen.set(String(row.database), most);
    }
  }
}

function configuration({ serverUrl, role, poolSize }: PgBouncerOptions, folder: string, port: number): string {
  const server = new URL(serverUrl);
  return `[databases]
* = host=${server.hostname} port=${server.port || '5432'}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
admin_users = ${role}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 200
${process.getuid?.() === 0 ? 'user = nobody' : ''}
`;
}

async function isUp(process: ChildProcess): Promise<void> {
  if (!process.stderr) throw new Error('PgBouncer cannot be heard.');
  const said: string[] = [];
  const lines = createInterface({ input: process.stderr });
  const late = setTimeout(() => process.kill('SIGKILL'), startWithinMs);
  try {
    for await (const line of lines) {
      said.push(line);
      if (/process up/.test(line)) return;
    }
  } finally {
    clearTimeout(late);
    process.stderr.resume();
  }
  throw new Error(`PgBouncer did not start. It said:\n${said.join('\n')}`);
}

function sumOf(row: Readonly<Record<string, string>>, ...names: readonly string[]): number {
  return names.reduce((sum, name) => sum + Number(row[name] ?? 0), 0);
}
