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
import { Client, type PoolClient } from 'pg';
import type { PreparedNames } from './prepared-names.js';

/**
 * A connection to a server for as long as one transaction holds it. Statements are sent as they come, without waiting
 * for the answers to those before: the server takes them in turn, and after one that fails it refuses the rest.
 */
export class ServerConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #names: PreparedNames;
  #isCorked = false;

  constructor(client: PoolClient, names: PreparedNames) {
    this.#client = client;
    this.#names = names;
  }

  /** Sends a statement without values. */
  async send(text: string): Promise<{ readonly command: string }> {
    this.#cork();
    return this.#client.query(text);
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    this.#cork();
    // One kept as text: without values it may be a script, which cannot be prepared.
    const name = parameters.length > 0 ? this.#names.nameOf(sql) : undefined;
    const found = await this.#client.query({ ...(name ? { name } : {}), text: sql, values: [...parameters] });
    const { command, rowCount } = found;
    const changes = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
    return { rows: found.rows, ...(changes ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
  }

  /** Whatever is sent in one turn of the event loop leaves in one packet. */
  #cork(): void {
    if (this.#isCorked || !(this.#client instanceof Client)) return;
    const { stream } = this.#client.connection;
    this.#isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
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
