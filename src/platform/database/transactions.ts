import type { CompiledQuery } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Em, Orm } from './orm.js';
import { isOfStalePlan, type PreparedNames } from './prepared-names.js';
import { kyselyOn, ServerConnection } from './server-connection.js';

/** How a transaction ends. What is given here is sent, and nobody waits for its answer: nothing else may be asked after it. */
export interface Ending {
  /** Sends a statement of the transaction. When it fails, nothing is committed, and its error is thrown. */
  last(statement: CompiledQuery): void;
  /** Asks for one text, or null, when the transaction has been committed: the answer is there only then. */
  afterwards(question: CompiledQuery): Promise<string | null>;
}

export type TransactionWork<T> = (em: Em, ending: Ending) => Promise<T>;

/** On the embedded database, which answers one statement at a time, so nothing is won by not waiting. */
export async function embeddedTransaction<T>(orm: Orm, work: TransactionWork<T>): Promise<T> {
  const statements: CompiledQuery[] = [];
  const questions = new Questions();
  const root = orm.em.fork({ clear: true });
  const result = await root.transactional(async (em) => {
    const last = (statement: CompiledQuery) => statements.push(statement);
    const done = await work(em, { last, afterwards: (question) => questions.add(question) });
    for (const statement of statements) await em.getKysely().executeQuery(statement);
    return done;
  });
  await questions.ask((question) => root.getKysely().executeQuery<AnswerRow>(question));
  return result;
}

/**
 * On a server, with as few waits as there are answers to be read: the beginning goes out with the first statement, the
 * commit with the last ones, and with it what is asked afterwards.
 */
export async function serverTransaction<T>(
  { orm, pool, names }: { readonly orm: Orm; readonly pool: Pool; readonly names: PreparedNames },
  work: TransactionWork<T>,
): Promise<T> {
  const client = await pool.connect();
  const { connection, kysely } = onClient(client, names);
  const em = orm.em.fork({ clear: true });
  em.setTransactionContext(kysely);
  const sent = new SentStatements();
  const questions = new Questions();
  let broken: Error | undefined;
  try {
    sent.add(connection.send('begin'));
    const result = await work(em, {
      last: (statement) => sent.add(connection.executeQuery(statement)),
      afterwards: (question) => questions.add(question),
    });
    await em.flush();
    const committed = connection.send('commit');
    sent.add(committed);
    const answered = questions.ask((question) => connection.executeQuery<AnswerRow>(question));
    await sent.answered();
    // This, and no error, is how the server answers a commit that it did not carry out.
    if ((await committed).command === 'ROLLBACK') throw new Error('The transaction was not committed.');
    await answered;
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

type OnClient = { readonly connection: ServerConnection; readonly kysely: ReturnType<typeof kyselyOn> };

/** Connections live long, and serve many transactions, one after the other. */
const onClients = new WeakMap<PoolClient, OnClient>();

function onClient(client: PoolClient, names: PreparedNames): OnClient {
  const known = onClients.get(client);
  if (known) return known;
  const connection = new ServerConnection(client, names);
  const made = { connection, kysely: kyselyOn(connection) };
  onClients.set(client, made);
  return made;
}

interface AnswerRow {
  readonly answer: string | null;
}

/** What is asked once the transaction is over. A question that fails is its asker's trouble, not the transaction's. */
class Questions {
  readonly #waiting: { readonly question: CompiledQuery; readonly asker: PromiseWithResolvers<string | null> }[] = [];

  add(question: CompiledQuery): Promise<string | null> {
    const asker = Promise.withResolvers<string | null>();
    // It may be looked at after the question has failed.
    asker.promise.catch(() => {});
    this.#waiting.push({ question, asker });
    return asker.promise;
  }

  async ask(send: (question: CompiledQuery) => Promise<{ readonly rows: readonly AnswerRow[] }>): Promise<void> {
    await Promise.all(
      this.#waiting.map(({ question, asker }) =>
        send(question).then(({ rows }) => asker.resolve(rows[0]?.answer ?? null), asker.reject),
      ),
    );
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
