import { CompiledQuery } from 'kysely';
import type { Database } from './database.js';

/** A transaction for scripts of many statements, which prepared queries cannot run. */
export interface ScriptTransaction {
  /** Runs SQL text of any number of statements, functions with `$$` bodies included. */
  run(script: string): Promise<void>;
  /** Runs one statement with parameters and answers its rows. */
  rows(statement: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

/**
 * Runs scripts in one transaction, on either database, in turn with everything else that uses it.
 *
 * A server takes a script as it is when it comes without parameters (PostgreSQL's simple query protocol). The embedded
 * database does so only through its own `exec`, so there the transaction is its own too, while the one Kysely
 * connection is held.
 */
export function inScriptTransaction<T>(
  database: Database,
  work: (transaction: ScriptTransaction) => Promise<T>,
): Promise<T> {
  const { pglite } = database;
  if (!pglite) return onServer(database, work);
  const held = database.kysely().connection();
  return held.execute(() =>
    pglite.transaction((transaction) =>
      work({
        run: async (script) => {
          await transaction.exec(script);
        },
        rows: async (statement, parameters = []) =>
          (await transaction.query<Record<string, unknown>>(statement, [...parameters])).rows,
      }),
    ),
  );
}

function onServer<T>(database: Database, work: (transaction: ScriptTransaction) => Promise<T>): Promise<T> {
  return database
    .kysely()
    .transaction()
    .execute((transaction) =>
      work({
        run: async (script) => {
          await transaction.executeQuery(CompiledQuery.raw(script));
        },
        rows: async (statement, parameters = []) => {
          const query = CompiledQuery.raw(statement, [...parameters]);
          return (await transaction.executeQuery<Record<string, unknown>>(query)).rows;
        },
      }),
    );
}
