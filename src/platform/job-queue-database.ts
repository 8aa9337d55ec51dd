import { CompiledQuery } from 'kysely';
import type { QueryResult } from 'pg';
import { type Db, fromPglite } from 'pg-boss';
import type { Database, Em } from './database/database.js';

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
 * The way jobs are put on a queue within the transaction of `em`. A failure is wrapped, because pg-boss looks at some
 * SQLSTATEs and then reads its tables anew through the database above, which on the embedded one would wait for this
 * very transaction, forever.
 */
export function jobQueueTransaction(em: Em): Db {
  return {
    executeSql: async (text, values = []) => {
      try {
        const { rows } = await em.getKysely().executeQuery(CompiledQuery.raw(text, values));
        return { rows: [...rows] };
      } catch (cause) {
        throw new Error('The jobs could not be put on their queue.', { cause });
      }
    },
  };
}

/** Of a script, pg answers one result a statement; pg-boss wants the rows of all. */
function allRows(result: QueryResult | readonly QueryResult[]): QueryResult['rows'] {
  return 'rows' in result ? result.rows : result.flatMap(({ rows }) => rows);
}
