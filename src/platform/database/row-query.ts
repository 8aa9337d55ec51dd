import type { Connection, Submittable } from 'pg';

/** A row's values as PostgreSQL writes them. */
export type TextRow = readonly (string | null)[];

type Answered = (error: Error | null, row?: TextRow) => void;

/** What pg does that its types leave out. */
declare module 'pg' {
  interface Pool {
    /** Submits it on a connection of its own, and calls back when the connection is back. */
    query(query: RowQuery, answered: Answered): void;
  }
  interface Connection {
    /** The texts of the statements that are prepared, by name. */
    readonly parsedStatements: Record<string, string>;
  }
}

/**
 * A statement of which the first row is wanted, as texts. Nothing then has to be known of its columns, so the server is
 * not asked to describe them, as it is by pg's own query for every answer.
 *
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class RowQuery implements Submittable {
  /** Under which the client notes that the text is prepared; undefined when it is not to be. */
  readonly name: string | undefined;
  readonly text: string;
  /** The client sets it. */
  callback: Answered | undefined;
  readonly #values: TextRow;
  #row: TextRow | undefined;

  constructor(name: string | undefined, text: string, values: TextRow) {
    this.name = name;
    this.text = text;
    this.#values = values;
  }

  submit(connection: Connection): null {
    const { name, text } = this;
    const { stream, parsedStatements, submittedNamedStatements } = connection;
    stream.cork();
    if (name === undefined || !(parsedStatements[name] ?? submittedNamedStatements[name])) {
      connection.parse({ name: name ?? '', text, types: [] }, false);
      if (name !== undefined) submittedNamedStatements[name] = text;
    }
    connection.bind({ statement: name, values: [...this.#values] }, false);
    connection.execute(null, false);
    connection.sync();
    stream.uncork();
    return null;
  }

  handleDataRow({ fields }: { readonly fields: TextRow }): void {
    this.#row ??= fields;
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    this.callback?.(null, this.#row);
  }
}
