import { type RawBuilder, sql } from 'kysely';
import { encodeId, type IdKind } from '../ids.js';
import type { KeyType, PageArguments } from './pagination.js';

/** A piece of SQL with its parameters. */
export type Sql = RawBuilder<unknown>;

/** The columns of one row in the statement being composed. */
export type Row = (column: string) => Sql;

/**
 * How a GraphQL type is read: where its rows are, who may see which, and what each field is in SQL. Reading a query
 * composes exactly the fields it asks for, nested ones included, into one statement.
 */
export interface Projection<Viewer> {
  /** The GraphQL type. */
  readonly type: string;
  readonly table: string;
  /** The rows this viewer may see; used wherever the type is read, so that no path leads around it. */
  visible(row: Row, viewer: Viewer): Sql;
  readonly fields: Readonly<Record<string, ProjectedField<Viewer>>>;
}

export type ProjectedField<Viewer> = ValueField<Viewer> | OneField<Viewer> | ManyField<Viewer>;

/** A value: a column or an expression, and what is made of it after reading. */
export interface ValueField<Viewer> {
  readonly kind: 'value';
  sql(row: Row, viewer: Viewer, args: Readonly<Record<string, unknown>>): Sql;
  readonly read?: (value: unknown, viewer: Viewer, args: Readonly<Record<string, unknown>>) => unknown;
}

/** One other object: null when there is none, or none that the viewer may see. */
export interface OneField<Viewer> {
  readonly kind: 'one';
  readonly to: () => Projection<Viewer>;
  on(row: Row, other: Row, viewer: Viewer): Sql;
  /** Which one, when several match: the first in this order. */
  orderBy?(other: Row): Sql;
  /** Viewers for whom the field is null whatever there is. */
  readonly hiddenFrom?: (viewer: Viewer) => boolean;
}

/** Several other objects: a plain list, or a connection when there may be many. */
export interface ManyField<Viewer> {
  readonly kind: 'list' | 'connection';
  readonly to: () => Projection<Viewer>;
  on(row: Row, other: Row, viewer: Viewer, args: Readonly<Record<string, unknown>>): Sql;
  readonly order: Order;
  readonly hiddenFrom?: (viewer: Viewer) => boolean;
}

/** How rows follow each other. The keys together are unique and never null. */
export interface Order {
  readonly direction: 'asc' | 'desc';
  readonly keys: readonly {
    readonly sql: (row: Row) => Sql;
    readonly type: KeyType;
  }[];
}

export interface ConnectionArguments extends PageArguments {
  readonly [name: string]: unknown;
}

/** Lists are bounded even where no page is asked for. */
export const longestList = 200;

/** Oldest or newest first: ids are UUIDv7, so they sort by creation. */
export const oldestFirst: Order = { direction: 'asc', keys: [{ sql: (row) => row('id'), type: 'uuid' }] };
export const newestFirst: Order = { direction: 'desc', keys: [{ sql: (row) => row('id'), type: 'uuid' }] };

/** A column as it is. */
export function column<Viewer>(name: string): ValueField<Viewer> {
  return { kind: 'value', sql: (row) => row(name) };
}

/** A column that holds the id of an object of this kind, answered as an API id. */
export function idColumn<Viewer>(kind: IdKind, name = 'id'): ValueField<Viewer> {
  return {
    kind: 'value',
    sql: (row) => row(name),
    read: (value) => (typeof value === 'string' ? encodeId(kind, value) : null),
  };
}

/** A column that holds a moment. */
export function momentColumn<Viewer>(name: string): ValueField<Viewer> {
  return { kind: 'value', sql: (row) => row(name), read: readMoment };
}

/** A moment as the database's JSON has it; null stays null. */
export function readMoment(value: unknown): Date | null {
  return typeof value === 'string' ? new Date(value) : null;
}

/** A value that some viewers do not get; for them it is null. */
export function hiddenFrom<Viewer>(
  isHidden: (viewer: Viewer) => boolean,
  field: ValueField<Viewer>,
): ValueField<Viewer> {
  return {
    kind: 'value',
    sql: (row, viewer, args) => (isHidden(viewer) ? sql`null` : field.sql(row, viewer, args)),
    read: (value, viewer, args) => (isHidden(viewer) || !field.read ? value : field.read(value, viewer, args)),
  };
}
