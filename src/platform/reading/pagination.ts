import { sql } from 'kysely';
import { Refusal } from '../errors.js';
import type { FieldArguments } from './arguments.js';
import type { KeyType, Order } from './order.js';
import { type Row, type Sql, slot } from './slot.js';

/** Arguments of every connection, as in the Relay cursor connections specification (https://relay.dev/graphql/connections.htm). */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export const defaultPageSize = 25;
export const largestPageSize = 100;

/** A page as it is composed: in which direction, from where, and how many rows. */
export interface Page {
  readonly backward: boolean;
  /** Does it begin beyond a row, rather than at the beginning? */
  readonly isBeyond: boolean;
  readonly size: Sql;
  /** In SQL, ` and …`: the rows beyond the one the page begins at. */
  beyond(row: Row): Sql;
}

/** A cursor can be made up, and the database does not forgive a key that is not of its type. */
const isKey: Readonly<Record<KeyType, (text: string) => boolean>> = {
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  timestamptz: (text) =>
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(text) && !Number.isNaN(Date.parse(text)),
  bigint: (text) => /^\d{1,18}$/.test(text),
  text: (text) => !text.includes('\0'),
};

/**
 * Composes the arguments of a connection.
 * @throws Refusal INVALID when they contradict each other; when the statement is run, if one is out of range or a
 *   cursor is not one of this connection's
 */
export function pageOf(args: FieldArguments, order: Order): Page {
  if (args.has('first') && args.has('last')) throw invalid('Give `first` or `last`, not both.', 'first');
  if (args.has('before') && !args.has('last')) throw invalid('`before` goes with `last`.', 'before');
  if (args.has('after') && args.has('last')) throw invalid('`after` goes with `first`.', 'after');
  const backward = args.has('last');
  const cursor = backward ? 'before' : 'after';
  const isBeyond = args.has(cursor);
  return {
    backward,
    isBeyond,
    size: sizeOf(args, backward ? 'last' : 'first'),
    beyond: (row) => (isBeyond ? beyond(args, cursor, order, row, backward) : sql``),
  };
}

function sizeOf(args: FieldArguments, name: 'first' | 'last'): Sql {
  if (!args.has(name)) return sql.lit(defaultPageSize);
  // Written into the statement, because PostgreSQL plans a page of a size it does not know as if it were a whole table.
  const size = args.shaped(name);
  if (typeof size === 'number' && Number.isInteger(size) && size >= 0 && size <= largestPageSize) return sql.lit(size);
  throw invalid(`A page holds from 0 to ${largestPageSize} items, not ${size}.`, name);
}

function beyond(args: FieldArguments, cursor: string, order: Order, row: Row, backward: boolean): Sql {
  const read = remembering((text) => readCursor(text, order, cursor));
  const columns = sql.join(order.keys.map((key) => key.sql(row)));
  const values = sql.join(
    order.keys.map((key, position) => slot(key.type, (request) => read(args.all(request)[cursor])[position])),
  );
  const descending = (order.direction === 'desc') !== backward;
  return descending ? sql`and (${columns}) < (${values})` : sql`and (${columns}) > (${values})`;
}

function readCursor(text: unknown, order: Order, argument: string): readonly string[] {
  const keys = parse(String(text));
  const fits =
    Array.isArray(keys) &&
    keys.length === order.keys.length &&
    order.keys.every(({ type }, position) => typeof keys[position] === 'string' && isKey[type](keys[position]));
  if (fits) return keys;
  throw invalid('This is not a cursor of this list; pass an `endCursor` or `startCursor` that it gave you.', argument);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** The keys of one cursor are asked for one by one. */
function remembering(read: (text: unknown) => readonly string[]): (text: unknown) => readonly string[] {
  let last: { readonly text: unknown; readonly keys: readonly string[] } | null = null;
  return (text) => {
    if (last === null || last.text !== text) last = { text, keys: read(text) };
    return last.keys;
  };
}

function invalid(message: string, argument: string): Refusal {
  return Refusal.of('INVALID', message, [argument]);
}
