import type { CompiledQuery } from 'kysely';
import type { Pool } from 'pg';
import type { Em, Orm } from './orm.js';
import { isOfStalePlan, type PreparedNames } from './prepared-names.js';
import { kyselyOn, ServerConnection } from './server-connection.js';

/**
 * What is done in a transaction. A statement given to `last` is sent, and nobody waits for its answer before the commit
 * is sent after it: from then on nothing else may be asked. When one of them fails, nothing is committed, and its error
 * is thrown.
 */
export type TransactionWork<T> = (em: Em, last: (statement: CompiledQuery) => void) => Promise<T>;

/** On the embedded database, which answers one statement at a time, so nothing is won by not waiting. */
export async function embeddedTransaction<T>(orm: Orm, work: TransactionWork<T>): Promise<T> {
  return orm.em.fork({ clear: true }).transactional(async (em) => {
    const statements: CompiledQuery[] = [];
    const result = await work(em, (statement) => statements.push(statement));
    for (const statement of statements) await em.getKysely().executeQuery(statement);
    return result;
  });
}

/**
 * On a server, with as few waits as there are answers to be read: the beginning goes out with the first statement, and
 * the commit with the last ones.
 */
export async function serverTransaction<T>(
  { orm, pool, names }: { readonly orm: Orm; readonly pool: Pool; readonly names: PreparedNames },
  work: TransactionWork<T>,
): Promise<T> {
  const client = await pool.connect();
  const connection = new ServerConnection(client, names);
  const em = orm.em.fork({ clear: true });
  em.setTransactionContext(kyselyOn(connection));
  const sent = new SentStatements();
  let broken: Error | undefined;
  try {
    sent.add(connection.send('begin'));
    const result = await work(em, (statement) => sent.add(connection.executeQuery(statement)));
    await em.flush();
    const committed = connection.send('commit');
    sent.add(committed);
    await sent.answered();
    // This, and no error, is how the server answers a commit that it did not carry out.
    if ((await committed).command === 'ROLLBACK') throw new Error('The transaction was not committed.');
    return result;
  } catch (error) {
    if (isOfStalePlan(error)) names.renew();
    broken = await connection.send('rollback').then(
      () => undefined,
      (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Statements whose answers are looked at in the end, in the order in which they were sent: the first failure tells why. */
class SentStatements {
  readonly #sent: Promise<unknown>[] = [];

  add(statement: Promise<unknown>): void {
    // It is looked at later, which is soon enough.
    statement.catch(() => {});
    this.#sent.push(statement);
  }

  async answered(): Promise<void> {
    for (const statement of this.#sent) await statement;
  }
}
