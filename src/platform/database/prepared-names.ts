import type { Pool } from 'pg';
import { type NamedStatement, namedStatement } from './named-statement.js';
import { RowQuery, type TextRow } from './row-query.js';

/** How many texts are remembered. A text made anew for each use, with another number of values, must not fill the memory. */
const mostTexts = 2_000;

/**
 * The names under which a server keeps statements prepared, given to a text when it comes for the second time. Every
 * connection prepares a text of its own accord when it first meets the name.
 */
export class PreparedNames {
  /** The name of a text, or null for one that was met once. */
  readonly #names = new Map<string, string | null>();
  readonly #areKept: boolean;
  #generation = 0;

  /** @param areKept whether what is prepared on a connection is there later; where it is not, nothing has a name */
  constructor(areKept = true) {
    this.#areKept = areKept;
  }

  /** Undefined for a text that is not worth preparing yet. */
  nameOf(text: string): string | undefined {
    if (!this.#areKept) return undefined;
    const known = this.#names.get(text);
    if (known) return known;
    if (this.#names.size >= mostTexts) this.#names.clear();
    const name = known === null ? (this.named(namedStatement(text).name) ?? null) : null;
    this.#names.set(text, name);
    return name ?? undefined;
  }

  /** The name under which a statement that has one already is prepared now. */
  named(name: string): string | undefined {
    if (!this.#areKept) return undefined;
    return this.#generation === 0 ? name : `${name}_${this.#generation}`;
  }

  /**
   * Has everything prepared anew, because the server says that a plan no longer fits its table: a migration ran while
   * this process did.
   */
  renew(): void {
    this.#generation += 1;
    this.#names.clear();
  }
}

/** Does the server refuse a prepared statement because its table was changed since? It says so with SQLSTATE 0A000. */
export function isOfStalePlan(error: unknown): boolean {
  return error instanceof Error && error.message.includes('cached plan must not change result type');
}

/** Runs a statement on a server and answers its first row; prepared anew when a migration has changed its tables. */
export async function firstRow(
  { pool, names }: { readonly pool: Pool; readonly names: PreparedNames },
  { name, text }: NamedStatement,
  values: TextRow,
): Promise<TextRow | undefined> {
  const ask = () => askForRow(pool, new RowQuery(names.named(name), text, values));
  return ask().catch((error: unknown) => {
    if (isOfStalePlan(error)) {
      names.renew();
      return ask();
    }
    throw asFromHere(error);
  });
}

/** An error that tells who asked, in place of the socket that heard the answer. */
export function asFromHere(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, asFromHere);
  return error;
}

function askForRow(pool: Pool, query: RowQuery): Promise<TextRow | undefined> {
  return new Promise((resolve, reject) => {
    pool.query(query, (error, row) => (error ? reject(error) : resolve(row)));
  });
}
