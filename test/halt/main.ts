import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { runOneTrial, runProgram, skipTrial } from '../faults/one-trial.js';
import { runHaltTrial } from './trial.js';

const { values } = parseArgs({ options: { grants: { type: 'string', default: '10000' } } });

/**
 * `npm run test:halt`: a halt shuts every grant of its product at once and marks them soon after, though a process is
 * killed meanwhile; on the server that TEST_DATABASE_URL or DATABASE_URL names. `-- --grants 100000` tries it with more.
 */
async function main(): Promise<void> {
  const serverUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL;
  if (!serverUrl) return skipTrial('TEST_DATABASE_URL names no PostgreSQL server');
  const grants = Number(values.grants);
  if (!Number.isInteger(grants) || grants < 100 || grants > 1_000_000) {
    throw new Error('--grants is a whole number from 100 to 1000000.');
  }
  await runOneTrial('PostgreSQL', ({ tell, leftovers }) => runHaltTrial({ serverUrl, grants, tell }, leftovers));
}

runProgram(main);
