import { Pool } from 'pg';
import type { Verdict } from '../faults/verdict.js';
import type { Ground } from './ground.js';

const clients = 20;
const transactionsEach = 50;
/** Every so many transactions there is one whose last statement fails. */
const failingOneIn = 5;

/**
 * pg's pipeline sends statements before the ones ahead of them are answered, the beginning and the end of a transaction
 * among them. Shows that the pooler keeps each transaction on one connection all the same.
 */
export async function pipelinedTransactions(ground: Ground): Promise<Verdict> {
  await ground.run('create table pipelined (client integer not null, number integer not null)');
  const pool = new Pool({ connectionString: ground.pooler.urlOf(ground.database), max: clients, pipeline: true });
  const violations: string[] = [];
  try {
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let number = 0; number < transactionsEach; number += 1) {
          violations.push(...(await pipelined(pool, client, number)));
        }
      }),
    );
    const { rows } = await pool.query('select count(*)::int as kept from pipelined');
    const expected = clients * transactionsEach * (1 - 1 / failingOneIn);
    if (rows[0]?.kept !== expected) violations.push(`${rows[0]?.kept} rows were kept, and ${expected} should be`);
  } finally {
    await pool.end();
  }
  return { promise: 'statements that pg sends ahead of their answers stay in their transactions', violations };
}

async function pipelined(pool: Pool, client: number, number: number): Promise<readonly string[]> {
  const fails = number % failingOneIn === 0;
  const connection = await pool.connect();
  const sent = [
    connection.query('begin'),
    connection.query('insert into pipelined values ($1, $2)', [client, number]),
    connection.query('select txid_current_if_assigned() is not null as within'),
    connection.query(fails ? 'select 1 / 0' : 'select 1'),
    connection.query('commit'),
  ];
  const [, , within, last] = await Promise.allSettled(sent);
  connection.release();
  const isWithin = within?.status === 'fulfilled' && within.value.rows[0]?.within === true;
  return [
    ...(isWithin ? [] : [`transaction ${number} of client ${client} was torn apart`]),
    ...((last?.status === 'rejected') === fails ? [] : [`a failure of client ${client} was answered to another`]),
  ];
}
