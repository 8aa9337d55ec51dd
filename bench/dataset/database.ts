import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { sampleProgram } from '../../src/programs/sample-program.js';

/** Goes up whenever the data set changes: what was seeded by another version is seeded anew. */
const seedVersion = 2;

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const script = (name: string) => readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8');

type Tell = (line: string) => void;

export function databaseName(size: number): string {
  return `sallyport_bench_${size}`;
}

export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs work on one connection, which sees times in UTC. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, options: '-c TimeZone=UTC', application_name: 'sallyport bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes the data set of this size, or takes the one that an earlier run kept. New migrations are applied to what is
 * there; when that cannot be, it is made anew.
 * @returns the database's address
 */
export async function prepareDatabase(serverUrl: string, size: number, tell: Tell): Promise<string> {
  const name = databaseName(size);
  const url = urlOf(serverUrl, name);
  if ((await seededVersion(serverUrl, name)) === seedVersion) {
    try {
      await migrate(url);
      tell(`Data set ${size}x: taken from the database ${name}, where an earlier run left it`);
      return url;
    } catch (error) {
      tell(`Data set ${size}x: the one in ${name} does not fit any more: ${messageOf(error)}`);
    }
  }
  await dropDatabase(serverUrl, size);
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  await migrate(url);
  await withClient(url, (client) => seed(client, size, tell));
  await withClient(serverUrl, (client) => client.query(`comment on database ${name} is '${commentOf(seedVersion)}'`));
  return url;
}

export async function dropDatabase(serverUrl: string, size: number): Promise<void> {
  await withClient(serverUrl, (client) => client.query(`drop database if exists ${databaseName(size)} with (force)`));
}

/** The version that a finished seeding has left in the database's comment; null when there is none. */
async function seededVersion(serverUrl: string, name: string): Promise<number | null> {
  const found = await withClient(serverUrl, (client) =>
    client.query<{ comment: string | null }>(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
      [name],
    ),
  );
  const version = /^Sallyport bench, seed (\d+)$/.exec(found.rows[0]?.comment ?? '')?.[1];
  return version === undefined ? null : Number(version);
}

function commentOf(version: number): string {
  return `Sallyport bench, seed ${version}`;
}

async function migrate(url: string): Promise<void> {
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: url, SECRET_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'warn' };
  await promisify(execFile)(process.execPath, [cli, 'migrate'], { env });
}

async function seed(client: Client, size: number, tell: Tell): Promise<void> {
  const began = Date.now();
  const soFar = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  tell(`Data set ${size}x: seeding ${size} times 2,000 organizations, 20,000 applications, 200,000 audit records`);
  await client.query(script('functions'));
  await client.query('begin');
  await client.query(`select set_config('bench.sample', $1, true)`, [JSON.stringify(sampleProgram)]);
  await client.query(script('foundations'));
  await client.query('commit');
  for (let unit = 0; unit < size; unit += 1) {
    await client.query('begin');
    await client.query(`select set_config('bench.unit', $1, true), set_config('bench.units', $2, true)`, [unit, size]);
    await client.query(script('unit'));
    await client.query('commit');
    tell(`Data set ${size}x: ${unit + 1} of ${size} after ${soFar()}`);
  }
  await client.query(script('finish'));
  await client.query('vacuum (analyze)');
  tell(`Data set ${size}x: done after ${soFar()}`);
}

function messageOf(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string') return error.stderr.trim();
  return error instanceof Error ? error.message : String(error);
}
