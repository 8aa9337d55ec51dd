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
export interface AskedStatement {
  readonly statement: QueryConfig;
  readonly answered: (error: Error | undefined, result: QueryResult) => void;
}

/** A connection as queries see it that are sent with others. */
interface Shared {
  /**
   * What the rows of prepared statements look like, by name; null for those that have none. The server refuses a prepared
   * statement whose rows have come to look otherwise.
   */
  readonly descriptions: Map<string, unknown>;
  readonly withoutSync: Connection;
  readonly withoutDescribe: Connection;
}

const shared = new WeakMap<Connection, Shared>();

function sharing(connection: Connection): Shared {
  const known = shared.get(connection);
  if (known) return known;
  const nothing = { value: () => undefined };
  const withoutSync: Connection = Object.create(connection, { sync: nothing });
  const withoutDescribe: Connection = Object.create(connection, { sync: nothing, describe: nothing });
  const made = { descriptions: new Map<string, unknown>(), withoutSync, withoutDescribe };
  shared.set(connection, made);
  return made;
}

/** Has pg prepare a statement also when it has neither a name nor values. */
const extended = { queryMode: 'extended' };

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
  #descriptions: Map<string, unknown> | undefined;

  constructor(asked: readonly AskedStatement[]) {
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
    const { descriptions, withoutSync, withoutDescribe } = sharing(connection);
    this.#descriptions = descriptions;
    for (const [position, query] of this.#queries.entries()) {
      const description = query.name === undefined ? undefined : descriptions.get(query.name);
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
    if (this.name !== undefined) this.#descriptions?.set(this.name, message);
    this.#queries[this.#done]?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.#queries[this.#done]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.name !== undefined && !this.#descriptions?.has(this.name)) this.#descriptions?.set(this.name, null);
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
