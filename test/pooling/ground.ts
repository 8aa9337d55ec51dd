import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { PgBouncer } from './pgbouncer.js';

/** A role and a database of a trial's own on a real server, and the pooler in front of it. */
export interface Ground {
  readonly pooler: PgBouncer;
  readonly database: string;
  /** Works as the trial's role, by way of the pooler. */
  run(statements: string): Promise<void>;
}

export async function prepareGround(
  serverUrl: string,
  poolSize: number,
  leftovers: AsyncDisposableStack,
): Promise<Ground> {
  const role = `sallyport_pooling_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  await on(serverUrl, `create role ${role} login createdb password '${password}'`);
  leftovers.defer(() => on(serverUrl, `drop role ${role}`));
  await on(serverUrl, `create database ${role} owner ${role}`);
  leftovers.defer(() => on(serverUrl, `drop database ${role} with (force)`));
  const pooler = await PgBouncer.start({ serverUrl, role, password, poolSize }, leftovers);
  return { pooler, database: role, run: (statements) => on(pooler.urlOf(role), statements) };
}

async function on(url: string, statements: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}
