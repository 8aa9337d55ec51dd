import { Refusal } from '../errors.js';

/** Arguments of every connection, as in the Relay cursor connections specification (https://relay.dev/graphql/connections.htm). */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export const defaultPageSize = 25;
export const largestPageSize = 100;

/** A page as it is to be read: how many rows, from where, and in which direction. */
export interface Page {
  readonly size: number;
  readonly backward: boolean;
  /** The order keys of the row the page begins beyond; null for the first page. */
  readonly beyond: readonly string[] | null;
}

/** A connection as GraphQL answers it. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount?: number;
}

/** The types of the keys that lists are ordered by. */
export type KeyType = 'uuid' | 'timestamptz' | 'bigint' | 'text';

/**
 * Checks the arguments of a connection.
 * @param keyTypes the order keys that a cursor of this connection holds
 * @throws Refusal INVALID when the arguments contradict each other, are out of range, or a cursor is not one of this connection's
 */
export function readPage(args: PageArguments, keyTypes: readonly KeyType[]): Page {
  const { first, after, last, before } = args;
  if (first != null && last != null) throw Refusal.of('INVALID', 'Give `first` or `last`, not both.', ['first']);
  if (before != null && last == null) throw Refusal.of('INVALID', '`before` goes with `last`.', ['before']);
  if (after != null && last != null) throw Refusal.of('INVALID', '`after` goes with `first`.', ['after']);
  const backward = last != null;
  const size = last ?? first ?? defaultPageSize;
  if (!Number.isInteger(size) || size < 0 || size > largestPageSize) {
    throw Refusal.of('INVALID', `A page holds from 0 to ${largestPageSize} items, not ${size}.`, [
      backward ? 'last' : 'first',
    ]);
  }
  const cursor = backward ? before : after;
  return {
    size,
    backward,
    beyond: cursor == null ? null : readCursor(cursor, keyTypes, backward ? 'before' : 'after'),
  };
}

export function writeCursor(orderKeys: readonly string[]): string {
  return Buffer.from(JSON.stringify(orderKeys)).toString('base64url');
}

function readCursor(text: string, keyTypes: readonly KeyType[], argument: string): string[] {
  const parts = parse(text);
  const keys = Array.isArray(parts) && parts.length === keyTypes.length ? parts.map(keyOf) : [];
  const known = keys.filter((key) => key !== null);
  if (known.length === keyTypes.length) return known;
  throw Refusal.of(
    'INVALID',
    'This is not a cursor of this list; pass an `endCursor` or `startCursor` that it gave you.',
    [argument],
  );

  function keyOf(part: unknown, position: number): string | null {
    const type = keyTypes[position];
    return typeof part === 'string' && type ? readKey[type](part) : null;
  }
}

/** A cursor can be made up, and the database does not forgive a key that is not of its type. */
const readKey: Readonly<Record<KeyType, (text: string) => string | null>> = {
  uuid: (text) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : null),
  bigint: (text) => (/^\d{1,18}$/.test(text) ? text : null),
  timestamptz: (text) => {
    const moment = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
    return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
  },
  text: (text) => (text.includes('\0') ? null : text),
};

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

export interface FetchedRow<Node> {
  readonly keys: readonly string[];
  readonly node: Node;
}

/** Makes a connection of the rows read, of which there is one more than the page holds when there are further ones. */
export function toConnection<Node>(
  rows: readonly FetchedRow<Node>[],
  page: Page,
  totalCount?: number,
): Connection<Node> {
  const hasMore = rows.length > page.size;
  const kept = rows.slice(0, page.size);
  if (page.backward) kept.reverse();
  const edges = kept.map((row) => ({ cursor: writeCursor(row.keys), node: row.node }));
  return {
    edges,
    nodes: kept.map((row) => row.node),
    pageInfo: {
      hasNextPage: page.backward ? page.beyond !== null : hasMore,
      hasPreviousPage: page.backward ? hasMore : page.beyond !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    ...(totalCount === undefined ? {} : { totalCount }),
  };
}
