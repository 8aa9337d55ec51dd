import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the tests keep the migrated database of this run, from which every test file gets its own copy. */
export interface Template {
  /** PostgreSQL: the server's address, as `TEST_DATABASE_URL` gave it. */
  readonly serverUrl: string | null;
  /** PostgreSQL: the name of the template database; also the beginning of the names of its copies. */
  readonly databaseName: string;
  /** PGlite: the file that holds the dump. */
  readonly dumpFile: string;
}

/** Handed from the global setup to the workers, which inherit the environment. */
export const runIdVariable = 'SALLYPORT_TEST_RUN';

/** The template of the run with this id. */
export function templateOf(runId: string): Template {
  return {
    serverUrl: process.env.TEST_DATABASE_URL ?? null,
    databaseName: `sallyport_test_${runId}`,
    dumpFile: join(tmpdir(), `sallyport-test-${runId}.tar`),
  };
}

/** The template of this run. */
export function currentTemplate(): Template {
  const runId = process.env[runIdVariable];
  if (!runId) throw new Error('The global setup has not run, so there is no database to copy.');
  return templateOf(runId);
}

export function readDump(file: string): Blob {
  return new Blob([readFileSync(file)], { type: 'application/x-tar' });
}

/** The same server with another database. */
export function urlOf(serverUrl: string, databaseName: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  return url.href;
}
