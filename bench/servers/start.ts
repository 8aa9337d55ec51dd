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
}

/** Starts one server, in a process of its own, as it would run in production. */
export async function startServer(name: ServerName, options: StartOptions): Promise<ServerProcess> {
  const port = await freePort();
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
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  leftovers.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const profiling = profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  return ServerProcess.start({
    name: 'portal',
    args: [...profiling, fromBench('../dist/main.js')],
    environment: {
      ...environment,
      RUN: 'api',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      DATA_DIR: dataDir,
      SECRET_KEY: randomBytes(32).toString('base64'),
      GRAPHQL_INTROSPECTION: 'false',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
    },
    port,
    ready: /^Sallyport answers /,
  });
}

function freePort(): Promise<number> {
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
