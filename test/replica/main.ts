import 'reflect-metadata';
import { runOneTrial, runProgram, skipTrial } from '../faults/one-trial.js';
import { postgresPrograms } from './cluster.js';
import { runReplicaTrial } from './trial.js';

/**
 * `npm run test:replica`: with a replica, nobody is shown a state older than what they did, and nobody goes without an
 * answer. Needs PostgreSQL's server programs, of which it runs a primary and a replica of its own.
 */
async function main(): Promise<void> {
  const programs = postgresPrograms();
  if (!programs) return skipTrial('there is no PostgreSQL server here (Debian: apt-get install postgresql)');
  await runOneTrial('PostgreSQL', ({ tell, leftovers }) =>
    runReplicaTrial({ programs, writers: 6, rounds: 40, seed: Date.now() % 1_000_000, tell }, leftovers),
  );
}

runProgram(main);
