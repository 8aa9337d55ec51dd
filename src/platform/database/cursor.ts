import { CompiledQuery } from 'kysely';
import type { Pool } from 'pg';
import type { Database, RawSql } from './database.js';

/** How many rows are fetched at a time, and so held in memory. */
const rowsAtOnce = 1_000;

type Rows = AsyncGenerator<readonly unknown[], void, void>;

/**
 * The rows of a query, a thousand at a time, all as they were at one moment, in as much memory as a thousand take. Nothing
 * is fetched before it is asked for. Whoever stops early must say so (`return`), as `for await` does.
 *
 * On a server a cursor lives in a read-only transaction, which takes one connection for as long as the reading lasts, and
 * which a pooler leaves on one of its own. The embedded database has one connection only, and a slow reader must not keep
 * it from everybody: there the cursor outlives its statement and keeps its rows in a file.
 */
export function readByCursor(database: Database, query: CompiledQuery): Rows {
  return database.pool ? onServer(database.pool, query) : embedded(database.kysely(), query);
}

async function* onServer(pool: Pool, { sql, parameters }: CompiledQuery): Rows {
  const client = await pool.connect();
  // The server may end the connection while nothing is asked on it; the next fetch then says so.
  const lost = () => undefined;
  client.on('error', lost);
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query(`declare report no scroll cursor for ${sql}`, [...parameters]);
    yield* fetched(() => client.query<object>(`fetch ${rowsAtOnce} from report`));
  } finally {
    // Closes the cursor too. A connection on which even this fails is thrown away.
    const failed = await client.query('rollback').then(
      () => false,
      () => true,
    );
    client.off('error', lost);
    client.release(failed);
  }
}

let cursors = 0;

async function* embedded(database: RawSql, { sql, parameters }: CompiledQuery): Rows {
  cursors += 1;
  const name = `report_${cursors}`;
  await database.executeQuery(
    CompiledQuery.raw(`declare ${name} no scroll cursor with hold for ${sql}`, [...parameters]),
  );
  try {
    yield* fetched(() => database.executeQuery<object>(CompiledQuery.raw(`fetch ${rowsAtOnce} from ${name}`)));
  } finally {
    await database.executeQuery(CompiledQuery.raw(`close ${name}`));
  }
}

/** Until fewer come than were asked for. */
async function* fetched(fetch: () => Promise<{ readonly rows: readonly unknown[] }>): Rows {
  for (;;) {
    const { rows } = await fetch();
    if (rows.length > 0) yield rows;
    if (rows.length < rowsAtOnce) break;
  }
}
