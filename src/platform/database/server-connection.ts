import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { QueryResult as Answer, CustomTypesConfig, PoolClient, QueryConfig } from 'pg';
import { asFromHere, type PreparedNames } from './prepared-names.js';
import { type AskedStatement, StatementBatch } from './statement-batch.js';

/**
 * A connection to a server for as long as one transaction holds it. Statements are sent as they come, without waiting
 * for the answers to those before: the server takes them in turn, and after one that fails it refuses the rest. Whatever
 * comes in one turn of the event loop leaves in one packet.
 */
export class ServerConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #names: PreparedNames;
  readonly #types: CustomTypesConfig;
  #waiting: AskedStatement[] | null = null;

  constructor(client: PoolClient, names: PreparedNames) {
    this.#client = client;
    this.#names = names;
    this.#types = { getTypeParser: (id, format) => client.getTypeParser(id, format) };
  }

  /** Sends a statement without values. */
  async send(text: string): Promise<{ readonly command: string }> {
    return this.#ask({ name: this.#names.nameOf(text), text });
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, command, rowCount } =
      parameters.length > 0
        ? await this.#ask({ name: this.#names.nameOf(sql), text: sql, values: [...parameters] })
        : await this.#runScript(sql);
    const changes = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
    return { rows, ...(changes ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
  }

  async #ask(statement: QueryConfig): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#gathered().push({
      statement: { ...statement, types: this.#types },
      answered: (error, answer) => (error ? reject(error) : resolve(answer)),
    });
    return promise.catch((error: unknown) => {
      throw asFromHere(error);
    });
  }

  /** Without values it may be several statements, which cannot be prepared. */
  #runScript(text: string): Promise<Answer> {
    const before = this.#gathered();
    if (before.length > 0) this.#client.query(new StatementBatch(before.splice(0)));
    return this.#client.query(text);
  }

  /** What is to be sent at the end of this turn. */
  #gathered(): AskedStatement[] {
    if (this.#waiting) return this.#waiting;
    const gathered: AskedStatement[] = [];
    this.#waiting = gathered;
    const { stream } = this.#client.connection;
    stream.cork();
    process.nextTick(() => {
      this.#waiting = null;
      if (gathered.length > 0) this.#client.query(new StatementBatch(gathered));
      stream.uncork();
    });
    return gathered;
  }

  // biome-ignore lint/correctness/useYield: what it should yield cannot be had from a connection that does not wait.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Within a transaction, rows are not streamed.');
  }
}

/** Kysely on one connection, which is taken and given back by others. */
export function kyselyOn(connection: DatabaseConnection): Kysely<Record<string, never>> {
  return new Kysely({ dialect: new OneConnectionDialect(connection) });
}

class OneConnectionDialect implements Dialect {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  createDriver(): Driver {
    const connection = this.#connection;
    const nothing = async () => {};
    const refuse = async () => {
      throw new Error('The transaction is open already, and its owner ends it.');
    };
    return {
      init: nothing,
      acquireConnection: async () => connection,
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      releaseConnection: nothing,
      destroy: nothing,
    };
  }

  createQueryCompiler() {
    return new PostgresQueryCompiler();
  }

  createAdapter() {
    return new PostgresAdapter();
  }

  createIntrospector(db: Kysely<unknown>) {
    return new PostgresIntrospector(db);
  }
}
