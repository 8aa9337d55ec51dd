import { sql } from 'kysely';
import { type Composed, onEach, type Reading, together } from './composed.js';
import { jsonArray, jsonObject, jsonValue } from './json-sql.js';
import type { Order } from './order.js';
import { pageOf } from './pagination.js';
import { asksFor, type SelectedField, type Selection } from './selection.js';
import type { Row, Sql } from './slot.js';

/**
 * Two ways of finding the same rows, each a condition besides the others. Which of them is the better one depends on
 * values of the request, so the database finds out when the statement is run; the other way is then not gone at all.
 */
export interface Ways {
  /** In SQL, without a row: is it the first? */
  readonly isFirst: Sql;
  readonly first: Sql;
  readonly second: Sql;
}

/** The rows a connection pages through. */
export interface PagedRows<Viewer> {
  /** `from … where …`, without order and limit. */
  readonly matching: Sql;
  readonly ways: Ways | null;
  readonly row: Row;
  readonly order: Order;
  /** The object of one row, for what is asked of it. */
  object(selection: Selection): Composed<Viewer>;
}

/** A field of the connection: SQL over the rows of the page, numbered by `n`, and what each row contributes. */
interface Part<Viewer> {
  readonly key: string;
  readonly sql: Sql;
  readonly reading: Reading<Viewer>;
}

/** A Relay connection (https://relay.dev/graphql/connections.htm) of one page, as JSON: exactly what is asked for. */
export function connectionSql<Viewer>(
  rows: PagedRows<Viewer>,
  { selection, args, type }: Pick<SelectedField, 'selection' | 'args' | 'type'>,
): Composed<Viewer> {
  const page = pageOf(args, rows.order);
  // Whether there is more is seen by one row beyond the page, which then has to be left out.
  const isLookedBeyond = asksFor(selection, 'pageInfo');
  const columns: Sql[] = [];
  const column = (value: Sql): Sql => {
    columns.push(sql`${value} as ${sql.ref(`c${columns.length}`)}`);
    return sql.ref(`found.c${columns.length - 1}`);
  };
  const filter = isLookedBeyond ? sql`filter (where found.n <= ${page.size})` : sql``;
  const order = page.backward ? sql`order by found.n desc` : sql``;
  const collected = (json: Sql) => jsonArray(json, { order, filter });

  const nodes = (field: SelectedField): Part<Viewer> => {
    const node = rows.object(field.selection);
    return { key: field.key, sql: collected(column(node.sql)), reading: onEach(node.reading) };
  };
  const edges = (field: SelectedField): Part<Viewer> => {
    const parts = field.selection.fields.map((part) => ({
      key: part.key,
      ...(part.name === 'node'
        ? rows.object(part.selection)
        : { sql: edgeValue(part.name, field, rows), reading: null }),
    }));
    const edge = jsonObject(parts);
    return { key: field.key, sql: collected(column(edge)), reading: onEach(together(parts)) };
  };
  const pageInfo = (field: SelectedField): Part<Viewer> => {
    // Only one row is left by each filter. An aggregate with an order of its own could have the rows sorted for the others.
    const keys = column(keysOf(rows));
    const cursor = (among: Sql) => jsonValue(cursorOf(sql`max(${keys}) filter (where ${among})`), 'word');
    const first = cursor(sql`found.n = 1 and found.n <= ${page.size}`);
    const last = cursor(sql`found.n = least(found.total, ${page.size})`);
    const isMore = jsonValue(sql`count(*) > ${page.size}`, 'plain');
    const isBeyond = jsonValue(sql.lit(page.isBeyond), 'plain');
    const values: Readonly<Record<string, Sql>> = {
      hasNextPage: page.backward ? isBeyond : isMore,
      hasPreviousPage: page.backward ? isMore : isBeyond,
      startCursor: page.backward ? last : first,
      endCursor: page.backward ? first : last,
      __typename: jsonValue(sql.lit(field.type), 'word'),
    };
    const parts = field.selection.fields.map(({ key, name }) => ({ key, sql: valueIn(values, name) }));
    return { key: field.key, sql: jsonObject(parts), reading: null };
  };
  const part = (field: SelectedField): Part<Viewer> => {
    if (field.name === 'nodes') return nodes(field);
    if (field.name === 'edges') return edges(field);
    if (field.name === 'pageInfo') return pageInfo(field);
    const { key } = field;
    if (field.name === 'totalCount') {
      const count = sql`(select count(*) ${rows.matching} ${rows.ways ? sql`and ${rows.ways.first}` : sql``})`;
      return { key, sql: jsonValue(count, 'plain'), reading: null };
    }
    return { key, sql: jsonValue(sql.lit(type), 'word'), reading: null };
  };

  const parts = selection.fields.map(part);
  const found = (
    way: Sql,
  ) => sql`select ${columns.length > 0 ? sql.join(columns) : sql`1`} ${rows.matching} ${way} ${page.beyond(rows.row)}
    ${orderedBy(rows.order, rows.row, page.backward)} limit ${page.size}${isLookedBeyond ? sql` + 1` : sql``}`;
  const inner = rows.ways ? byEitherWay(rows.ways, found) : found(sql``);
  return {
    // `having` makes it one row, of whatever page, also when nothing asked for gathers the rows, such as a count alone.
    sql: sql`(select ${jsonObject(parts)} from (${numbered(inner, { isLookedBeyond, ...page })}) as found having true)`,
    reading: together(parts),
  };
}

/**
 * What is asked first is asked once. It is not joined with the rest: a join starts its inner side over, and with it looks
 * for what is not asked for.
 */
function byEitherWay({ isFirst, first, second }: Ways, found: (way: Sql) => Sql): Sql {
  const goes = sql`(select is_first from way)`;
  return sql`with way as materialized (select ${isFirst} as is_first)
    (${found(sql`and ${goes} and ${first}`)}) union all (${found(sql`and not ${goes} and ${second}`)})`;
}

/** The rows of the page with their numbers, where numbers are needed: they cost. */
function numbered(page: Sql, { isLookedBeyond, backward }: { isLookedBeyond: boolean; backward: boolean }): Sql {
  if (isLookedBeyond)
    return sql`select row_number() over () as n, count(*) over () as total, page.* from (${page}) as page`;
  return backward ? sql`select row_number() over () as n, page.* from (${page}) as page` : page;
}

export function orderedBy(order: Order, row: Row, backward = false): Sql {
  const descending = (order.direction === 'desc') !== backward;
  const keys = order.keys.map((key) => (descending ? sql`${key.sql(row)} desc` : sql`${key.sql(row)} asc`));
  return sql`order by ${sql.join(keys)}`;
}

/** The order keys of a row, as JSON. */
function keysOf<Viewer>({ order, row }: PagedRows<Viewer>): Sql {
  return sql`json_build_array(${sql.join(order.keys.map((key) => sql`(${key.sql(row)})::text`))})::text`;
}

/** Order keys in base64url, opaque to whoever is given them. */
function cursorOf(keys: Sql): Sql {
  return sql`translate(encode(convert_to(${keys}, 'UTF8'), 'base64'), E'+/=\n', '-_')`;
}

function edgeValue<Viewer>(name: string, edges: SelectedField, rows: PagedRows<Viewer>): Sql {
  return jsonValue(name === '__typename' ? sql.lit(edges.type) : cursorOf(keysOf(rows)), 'word');
}

function valueIn(values: Readonly<Record<string, Sql>>, name: string): Sql {
  const value = values[name];
  if (!value) throw new Error(`A page has no ${name}.`);
  return value;
}
