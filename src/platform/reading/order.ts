import type { Row, Sql } from './slot.js';

/** The types of the keys that lists are ordered by. */
export type KeyType = 'uuid' | 'timestamptz' | 'bigint' | 'text';

/** How rows follow each other. The keys together are unique and never null. */
export interface Order {
  readonly direction: 'asc' | 'desc';
  readonly keys: readonly { readonly sql: (row: Row) => Sql; readonly type: KeyType }[];
}

/** Oldest or newest first: ids are UUIDv7, so they sort by creation. */
export const oldestFirst: Order = { direction: 'asc', keys: [{ sql: (row) => row('id'), type: 'uuid' }] };
export const newestFirst: Order = { direction: 'desc', keys: [{ sql: (row) => row('id'), type: 'uuid' }] };
