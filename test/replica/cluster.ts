import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../src/demo/demo-portal.js';
import { until } from './waiting.js';

/** Where Debian keeps the programs of each version, newest last. */
const debianFolder = '/usr/lib/postgresql';

/** How long a server may take to start or to end, in milliseconds. */
const startWithinMs = 30_000;

const administrator = 'postgres';

/** The folder with `initdb` and the rest; null when there is none here. */
export function postgresPrograms(): string | null {
  const versions = attempt(() => readdirSync(debianFolder)) ?? [];
  const folders = versions
    .sort((one, other) => Number(one) - Number(other))
    .map((one) => join(debianFolder, one, 'bin'));
  return folders.findLast((folder) => attempt(() => readdirSync(folder))?.includes('initdb')) ?? null;
}

/** A server that root runs as the user whom the package made, because it does not run as root. */
function owner(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${administrator}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!uid || !gid) throw new Error(`There is no user ${administrator} to run a server as.`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** A PostgreSQL server of a trial's own, in a folder of its own, on a free port. */
export class Cluster {
  readonly #programs: string;
  readonly #folder: string;
  readonly port: number;
  #process: ChildProcess | null = null;

  private constructor(programs: string, folder: string, port: number) {
    this.#programs = programs;
    this.#folder = folder;
    this.port = port;
  }

  /** An empty primary. */
  static async primary(programs: string, leftovers: AsyncDisposableStack): Promise<Cluster> {
    const cluster = await Cluster.#prepare(programs, leftovers);
    await cluster.#run('initdb', '-D', cluster.#data, '-A', 'trust', '-U', administrator, '--no-sync');
    await cluster.start();
    return cluster;
  }

  /** A streaming replica of a primary as it is now. */
  static async replica(primary: Cluster, leftovers: AsyncDisposableStack): Promise<Cluster> {
    const cluster = await Cluster.#prepare(primary.#programs, leftovers);
    const source = `host=127.0.0.1 port=${primary.port} user=${administrator}`;
    const options = ['-R', '-X', 'stream', '-c', 'fast', '--no-sync'];
    await cluster.#run('pg_basebackup', '-d', source, '-D', cluster.#data, ...options);
    await cluster.start();
    return cluster;
  }

  static async #prepare(programs: string, leftovers: AsyncDisposableStack): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-replica-'));
    leftovers.defer(() => rmSync(folder, { recursive: true, force: true }));
    const user = owner();
    if (user) chownSync(folder, user.uid, user.gid);
    const cluster = new Cluster(programs, folder, await freePort());
    leftovers.defer(() => cluster.kill());
    return cluster;
  }

  url(database: string): string {
    return `postgres://${administrator}@127.0.0.1:${this.port}/${database}`;
  }

  async start(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'max_connections=200'];
    const log = openSync(join(this.#folder, 'server.log'), 'a');
    const server = spawn(
      join(this.#programs, 'postgres'),
      ['-D', this.#data, '-p', String(this.port), ...settings.flatMap((setting) => ['-c', setting])],
      { ...owner(), cwd: this.#folder, stdio: ['ignore', log, log] },
    );
    this.#process = server;
    await until('the server answers', startWithinMs, async () => {
      if (server.exitCode !== null) throw new Error(`The server ended:\n${this.#log}`);
      return (await this.query('select 1').catch(() => null)) !== null;
    });
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (!server || server.exitCode !== null) return;
    this.#signal(server, 'SIGCONT');
    server.kill('SIGQUIT');
    await once(server, 'exit');
  }

  /** Stops it in the middle of everything, as a machine that hangs: its connections stay, and nobody answers. */
  freeze(): void {
    if (this.#process) this.#signal(this.#process, 'SIGSTOP');
  }

  thaw(): void {
    if (this.#process) this.#signal(this.#process, 'SIGCONT');
  }

  /** Runs one statement in the administrator's database and answers its first row. */
  async query(statement: string): Promise<Readonly<Record<string, unknown>>> {
    const client = new Client({ connectionString: this.url(administrator), connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query(statement);
      return rows[0] ?? {};
    } finally {
      await client.end();
    }
  }

  get #data(): string {
    return join(this.#folder, 'cluster');
  }

  get #log(): string {
    return readFileSync(join(this.#folder, 'server.log'), 'utf8').slice(-2_000);
  }

  /** To the server and to each of the processes that it began. */
  #signal(server: ChildProcess, signal: NodeJS.Signals): void {
    if (server.pid === undefined) return;
    for (const pid of [server.pid, ...childrenOf(server.pid)]) attempt(() => process.kill(pid, signal));
  }

  async #run(program: string, ...args: readonly string[]): Promise<void> {
    const options = { ...owner(), cwd: this.#folder };
    await promisify(execFile)(join(this.#programs, program), args, options);
  }
}

/** By what the kernel says of each process: its number, its name in brackets, its state, its parent. */
function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const line = attempt(() => readFileSync(`/proc/${name}/stat`, 'utf8'));
      return line?.slice(line.lastIndexOf(')') + 2).split(' ')[1] === String(parent);
    })
    .map(Number);
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
