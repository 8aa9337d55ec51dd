import { type Connection, Query, type QueryConfig, type QueryResult, type Submittable } from 'pg';

/** What pg's client tells those it has submitted, which its types leave out. */
declare module 'pg' {
  interface Query {
    readonly name?: string | undefined;
    readonly text: string;
    handleRowDescription(message: unknown): void;
    handleDataRow(message: unknown): void;
    handleCommandComplete(message: unknown, connection: Connection): void;
    handleError(error: Error, connection: Connection): void;
    handleReadyForQuery(connection: Connection): void;
  }
  interface Connection {
    /** The statements that were sent to be prepared, by name, until the server has done it. */
    readonly submittedNamedStatements: Record<string, string>;
  }
}

/** One statement, not a script, and whom to tell of its answer. */
export interface Asked {
  readonly statement: QueryConfig;
  readonly answered: (error: Error | undefined, result: QueryResult) => void;
}

/**
 * What the rows of prepared statements look like, by name, on each connection; null for those that have none. The server
 * refuses a prepared statement whose rows have come to look otherwise.
 */
const descriptions = new WeakMap<Connection, Map<string, unknown>>();

/** Has pg prepare a statement also when it has neither a name nor values. */
const extended = { queryMode: 'extended' };

const nothing = { value: () => undefined };

/**
 * Statements that are sent with one Sync behind all of them, where pg sends one behind each: a server answers every Sync
 * in a packet of its own, and whoever asked is woken for it. The server passes over what comes after a statement that
 * fails, so that fails with the same error.
 *
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class StatementBatch implements Submittable {
  #queries: readonly Query[];
  /** How many the server has run; it takes them in turn. */
  #done = 0;
  #hasFailed = false;
  #known: Map<string, unknown> | undefined;

  constructor(asked: readonly Asked[]) {
    this.#queries = asked.map(
      ({ statement, answered }) =>
        new Query({ ...statement, ...extended }, (error, result) => {
          if (error) this.#hasFailed = true;
          answered(error, result);
        }),
    );
  }

  /** Of the statement whose turn it is: under this name the client notes that it is prepared. */
  get name(): string | undefined {
    return this.#queries[this.#done]?.name;
  }

  get text(): string | undefined {
    return this.#queries[this.#done]?.text;
  }

  submit(connection: Connection): null {
    const known = descriptions.get(connection) ?? new Map<string, unknown>();
    descriptions.set(connection, known);
    this.#known = known;
    const withoutSync: Connection = Object.create(connection, { sync: nothing });
    const withoutDescribe: Connection = Object.create(withoutSync, { describe: nothing });
    for (const [position, query] of this.#queries.entries()) {
      const description = query.name === undefined ? undefined : known.get(query.name);
      if (description) query.handleRowDescription(description);
      // One with a value that cannot be sent tells so itself. What comes after it must not be done without it.
      const refused: unknown = query.submit(description === undefined ? withoutSync : withoutDescribe);
      if (refused instanceof Error) query.handleError(refused, connection);
      if (!this.#hasFailed) continue;
      const unsent = this.#queries.slice(position + 1);
      this.#queries = this.#queries.slice(0, position);
      for (const other of unsent) other.handleError(new Error('The statement before was not sent.'), connection);
      break;
    }
    connection.sync();
    return null;
  }

  handleRowDescription(message: unknown): void {
    if (this.name !== undefined) this.#known?.set(this.name, message);
    this.#queries[this.#done]?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#queries[this.#done]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.name !== undefined && !this.#known?.has(this.name)) this.#known?.set(this.name, null);
    this.#queries[this.#done]?.handleCommandComplete(message, connection);
    this.#done += 1;
  }

  handleError(error: Error, connection: Connection): void {
    this.handleReadyForQuery(connection);
    for (const query of this.#queries.slice(this.#done)) {
      if (query.name) delete connection.submittedNamedStatements[query.name];
      query.handleError(error, connection);
    }
  }

  /** Whoever asked is told when all is done, so that nobody takes the connection for free before it is. */
  handleReadyForQuery(connection: Connection): void {
    for (const query of this.#queries.slice(0, this.#done)) query.handleReadyForQuery(connection);
  }
}
