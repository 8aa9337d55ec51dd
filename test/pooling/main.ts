import 'reflect-metadata';
import { runOneTrial, runProgram, skipTrial } from '../faults/one-trial.js';
import { installedPgBouncer } from './pgbouncer.js';
import { runPoolingTrial } from './trial.js';

/**
 * `npm run test:pooling`: a portal behind the PgBouncer that is installed, in transaction mode, does what it says. Needs a
 * server, which TEST_DATABASE_URL or DATABASE_URL names, where roles and databases can be made.
 */
async function main(): Promise<void> {
  const serverUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL ?? null;
  const version = await installedPgBouncer();
  if (!version) return skipTrial('PgBouncer is not installed (Debian: apt-get install pgbouncer)');
  if (!serverUrl) return skipTrial('TEST_DATABASE_URL names no PostgreSQL server');
  const size = { serverConnections: 3, portalConnections: 20, applicants: 8, readers: 12, commands: 300 };
  await runOneTrial(version, ({ tell, leftovers }) =>
    runPoolingTrial({ serverUrl, ...size, seed: Date.now() % 1_000_000, tell }, leftovers),
  );
}

runProgram(main);
