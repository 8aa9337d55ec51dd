import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '../workloads/workload.js';
import { ServerProcess } from './server-process.js';

/** Every server may open as many connections to the database. It is the portal's default. */
const poolSize = '10';

const fromBench = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const hooks = ['--import', fromBench('on-compiled-portal.mjs')];

const programs: Readonly<Record<Exclude<ServerName, 'portal'>, { args: readonly string[]; environment: object }>> = {
  limit: { args: [...hooks, fromBench('servers/limit/server.ts')], environment: {} },
  joined: { args: [...hooks, fromBench('servers/limit/server.ts')], environment: { JSON: 'joined' } },
  postgraphile: { args: [...hooks, fromBench('servers/postgraphile.ts')], environment: {} },
  mercurius: { args: [...hooks, fromBench('servers/mercurius.ts')], environment: {} },
};

export interface StartOptions {
  readonly databaseUrl: string;
  /** Where the portal leaves a CPU profile when it ends; null for none. */
  readonly profileFolder: string | null;
  /** Takes what must be ended and removed. */
  readonly leftovers: AsyncDisposableStack;
  /** Where it is to be reached; any free port when it is not said. */
  readonly port?: number;
}

/** Starts one server, in a process of its own, as it would run in production. */
export async function startServer(name: ServerName, options: StartOptions): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const environment = { PORT: String(port), DATABASE_URL: options.databaseUrl, DATABASE_POOL_SIZE: poolSize };
  const server =
    name === 'portal'
      ? await startPortal(port, environment, options)
      : await ServerProcess.start({
          name,
          args: programs[name].args,
          environment: { ...environment, ...programs[name].environment },
          port,
          ready: /^ready$/,
        });
  options.leftovers.defer(() => server.stop());
  return server;
}

function startPortal(
  port: number,
  environment: Readonly<Record<string, string>>,
  { profileFolder, leftovers }: StartOptions,
): Promise<ServerProcess> {
  const profiling = profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  return runPortal(port, { ...environment, RUN: 'api', DATA_DIR: temporaryFolder(leftovers) }, profiling);
}

/**
 * Starts the portal on its embedded database, as whoever tries it does: one process for everything.
 * @param dataDir where its data is, which an earlier start may have made
 */
export async function startEmbedded(
  port: number,
  dataDir: string,
  leftovers: AsyncDisposableStack,
): Promise<ServerProcess> {
  const server = await runPortal(port, { PORT: String(port), DATA_DIR: dataDir });
  leftovers.defer(() => server.stop());
  return server;
}

const secretKey = randomBytes(32).toString('base64');

function runPortal(
  port: number,
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<ServerProcess> {
  return ServerProcess.start({
    name: 'portal',
    args: [...nodeOptions, fromBench('../dist/bundle/main.js')],
    environment: {
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      SECRET_KEY: secretKey,
      GRAPHQL_INTROSPECTION: 'false',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      ...environment,
    },
    port,
    ready: /^Sallyport answers /,
  });
}

/** A folder that goes when the bench ends. */
export function temporaryFolder(leftovers: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  leftovers.defer(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
