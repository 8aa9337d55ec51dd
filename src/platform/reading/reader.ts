import { sql } from 'kysely';
import type { RawSql } from '../database/database.js';
import type { PageArguments } from './pagination.js';
import { newestFirst, type Order, type Projection, type Row, type Sql } from './projection.js';
import type { Selection } from './selection.js';
import { type Composed, StatementComposer } from './statement.js';

/** What a reading needs: the database, and whose eyes it is for. */
export interface ReadingContext<Viewer> {
  readonly sql: RawSql;
  readonly viewer: Viewer;
}

/** An object as read for a query: its fields under their row keys. */
export type ReadObject = Readonly<Record<string, unknown>>;

/** The first object that matches and that the viewer may see, or null. One statement. */
export async function readOne<Viewer>(
  context: ReadingContext<Viewer>,
  projection: Projection<Viewer>,
  selection: Selection,
  where: (row: Row) => Sql,
): Promise<ReadObject | null> {
  const composer = new StatementComposer(context.viewer);
  return (await run(context, composer.one(projection, selection, where))) as ReadObject | null;
}

/** A page of the objects that match and that the viewer may see. One statement. */
export async function readConnection<Viewer>(
  context: ReadingContext<Viewer>,
  projection: Projection<Viewer>,
  selection: Selection,
  options: { readonly where?: (row: Row) => Sql; readonly order?: Order; readonly page: PageArguments },
): Promise<ReadObject> {
  const composer = new StatementComposer(context.viewer);
  const { where = () => sql`true`, order = newestFirst, page } = options;
  return (await run(context, composer.connection(projection, selection, where, order, page))) as ReadObject;
}

/** All objects that match and that the viewer may see, up to the longest list. One statement. */
export async function readList<Viewer>(
  context: ReadingContext<Viewer>,
  projection: Projection<Viewer>,
  selection: Selection,
  options: { readonly where: (row: Row) => Sql; readonly order?: Order },
): Promise<readonly ReadObject[]> {
  const composer = new StatementComposer(context.viewer);
  return (await run(
    context,
    composer.list(projection, selection, options.where, options.order ?? newestFirst),
  )) as ReadObject[];
}

async function run<Viewer>(context: ReadingContext<Viewer>, composed: Composed): Promise<unknown> {
  const result = await sql<{ answer: unknown }>`select ${composed.sql} as answer`.execute(context.sql);
  return composed.read(result.rows[0]?.answer ?? null);
}
