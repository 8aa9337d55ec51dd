import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { sampleProgram } from '../../src/programs/sample-program.js';

/** Goes up whenever the data set changes: what was seeded by another version is seeded anew. */
const seedVersion = 2;

const cli = fileURLToPath(new URL('../../dist/bundle/cli.js', import.meta.url));
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

/** A connection that sees times in UTC. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, options: '-c TimeZone=UTC', application_name: 'sallyport bench' });
  await client.connect();
  return client;
}

/** Runs work on one connection. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes the data set of this size, or takes the one that an earlier run kept; one that was not finished is gone on with.
 * New migrations are applied to what is there; when that cannot be, it is made anew.
 * @returns the database's address
 */
export async function prepareDatabase(serverUrl: string, size: number, tell: Tell): Promise<string> {
  const name = databaseName(size);
  const url = urlOf(serverUrl, name);
  const seeded = await seededBefore(serverUrl, name);
  if (seeded !== null) {
    try {
      await migrate(url);
      if (seeded === 'all') tell(`Data set ${size}x: taken from the database ${name}, where an earlier run left it`);
      else await seed(url, size, seeded, tell);
      return url;
    } catch (error) {
      tell(`Data set ${size}x: the one in ${name} does not fit any more: ${messageOf(error)}`);
    }
  }
  await dropDatabase(serverUrl, size);
  await withClient(serverUrl, (client) => client.query(`create database ${name}`));
  await migrate(url);
  await seed(url, size, 0, tell);
  return url;
}

export async function dropDatabase(serverUrl: string, size: number): Promise<void> {
  await withClient(serverUrl, (client) => client.query(`drop database if exists ${databaseName(size)} with (force)`));
}

/** How many units earlier runs have seeded, by the database's comment; null when there are none of today's data set. */
async function seededBefore(serverUrl: string, name: string): Promise<number | 'all' | null> {
  const found = await withClient(serverUrl, (client) =>
    client.query<{ comment: string | null }>(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
      [name],
    ),
  );
  const [, version, units] = /^Sallyport bench, seed (\d+), units (\d+|all)$/.exec(found.rows[0]?.comment ?? '') ?? [];
  if (Number(version) !== seedVersion) return null;
  return units === 'all' ? 'all' : Number(units);
}

async function migrate(url: string): Promise<void> {
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: url, SECRET_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'warn' };
  await promisify(execFile)(process.execPath, [cli, 'migrate'], { env });
}

/** Each unit is a transaction, and the database says how many it has, so that a seeding can be ended and gone on with. */
async function seed(url: string, size: number, seeded: number, tell: Tell): Promise<void> {
  const began = Date.now();
  const soFar = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const perUnit = '2,000 organizations, 20,000 applications, 200,000 audit records';
  tell(`Data set ${size}x: seeding ${size} times ${perUnit}${seeded > 0 ? `, of which ${seeded} are there` : ''}`);
  if (seeded === 0) await withClient(url, seedFoundations);
  await seedUnits(url, size, seeded, (units) => tell(`Data set ${size}x: ${units} of ${size} after ${soFar()}`));
  await withClient(url, async (client) => {
    await client.query('begin');
    await client.query(script('finish'));
    await noteUnits(client, size, 'all');
    await client.query('commit');
    await client.query('vacuum (analyze)');
  });
  tell(`Data set ${size}x: done after ${soFar()}`);
}

async function seedFoundations(client: Client): Promise<void> {
  await client.query(script('functions'));
  await client.query('begin');
  await client.query(`select set_config('bench.sample', $1, true)`, [JSON.stringify(sampleProgram)]);
  await client.query(script('foundations'));
  await client.query('commit');
}

/**
 * As many at a time as there are processors. What comes in turn waits for the unit before. Tables that grow from nothing
 * to millions of rows are analyzed as often as they double: what their triggers ask is planned by that.
 */
async function seedUnits(url: string, size: number, seeded: number, isSeeded: (units: number) => void): Promise<void> {
  let next = seeded;
  let previous: Promise<void> = Promise.resolve();
  const lane = async (client: Client) => {
    while (next < size) {
      const unit = next++;
      const before = previous;
      previous = seedUnit(client, { unit, size, before });
      await previous;
      isSeeded(unit + 1);
      if (Number.isInteger(Math.log2(unit + 1))) await client.query('analyze');
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, () => withClient(url, lane)));
}

async function seedUnit(
  client: Client,
  { unit, size, before }: { readonly unit: number; readonly size: number; readonly before: Promise<void> },
): Promise<void> {
  await client.query('begin');
  await client.query(`select set_config('bench.unit', $1, true), set_config('bench.units', $2, true)`, [unit, size]);
  await client.query(script('unit'));
  await before;
  await client.query(script('in-turn'));
  await noteUnits(client, size, unit + 1);
  await client.query('commit');
}

async function noteUnits(client: Client, size: number, units: number | 'all'): Promise<void> {
  await client.query(
    `comment on database ${databaseName(size)} is 'Sallyport bench, seed ${seedVersion}, units ${units}'`,
  );
}

function messageOf(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string') return error.stderr.trim();
  return error instanceof Error ? error.message : String(error);
}
