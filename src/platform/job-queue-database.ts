import { CompiledQuery } from 'kysely';
import type { QueryResult } from 'pg';
import { type Db, fromPglite } from 'pg-boss';
import type { Database } from './database/database.js';

/**
 * The way the job queue reaches the database between transactions.
 *
 * Embedded, every statement holds the one Kysely connection, so it waits for open transactions like everybody else;
 * pg-boss's own adapter runs it there, which knows scripts of several statements and rolls back what one leaves open.
 *
 * On a server it is the pool that requests use too. The queue needs a connection only for a moment at a time, a handler
 * does not hold one while it works, and so `DATABASE_POOL_SIZE` stays the one limit of what a process opens.
 */
export function jobQueueDatabase({ pglite, pool, kysely }: Database): Db {
  if (pglite) {
    const embedded = fromPglite(pglite);
    return {
      executeSql: (text, values) =>
        kysely()
          .connection()
          .execute(() => embedded.executeSql(text, values)),
    };
  }
  if (!pool) throw new Error('The database has neither a pool nor an embedded PostgreSQL.');
  return { executeSql: async (text, values) => ({ rows: allRows(await pool.query(text, values)) }) };
}

/**
 * Takes down the statement with which the job queue would insert jobs, so that it can be sent among others. A failure of
 * it is not for pg-boss to see, which looks at some SQLSTATEs and then reads its tables anew through the database above:
 * on the embedded one that would wait for the very transaction that failed, forever.
 */
export class StatementOfInsertion implements Db {
  #statement: CompiledQuery | undefined;

  async executeSql(text: string, values: unknown[] = []) {
    this.#statement = CompiledQuery.raw(text, values);
    return { rows: [] };
  }

  taken(): CompiledQuery {
    if (!this.#statement) throw new Error('The job queue made no statement of the jobs it was given.');
    return this.#statement;
  }
}

/** Of a script, pg answers one result a statement; pg-boss wants the rows of all. */
function allRows(result: QueryResult | readonly QueryResult[]): QueryResult['rows'] {
  return 'rows' in result ? result.rows : result.flatMap(({ rows }) => rows);
}
