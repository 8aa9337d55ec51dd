import { sql } from 'kysely';
import type { IdKind } from '../ids.js';
import type { FieldArguments } from './arguments.js';
import type { Order } from './order.js';
import type { Row, Sql } from './slot.js';
import { idInTransit, momentInTransit } from './transit.js';

export { newestFirst, type Order, oldestFirst } from './order.js';
export type { Row, Sql } from './slot.js';

/**
 * How a GraphQL type is read: where its rows are, who may see which, and what each field is in SQL. A query is composed
 * to one statement of exactly the fields it asks for, nested ones included, whose answer is the JSON that is sent.
 *
 * `Eyes` are what a kind of viewer sees with: what differs between viewers of one kind is SQL with slots in it, so that
 * a statement composed for one of them serves the others, and can show nobody what is another's.
 */
export interface Projection<Eyes, Viewer> {
  /** The GraphQL type. */
  readonly type: string;
  readonly table: string;
  /** The rows this viewer may see; used wherever the type is read, so that no path leads around it. */
  visible(row: Row, eyes: Eyes): Sql;
  readonly fields: Readonly<Record<string, ProjectedField<Eyes, Viewer>>>;
}

export type ProjectedField<Eyes, Viewer> = ValueField<Eyes, Viewer> | OneField<Eyes, Viewer> | ManyField<Eyes, Viewer>;

/** A value: a column or an expression. */
export interface ValueField<Eyes, Viewer> {
  readonly kind: 'value';
  sql(row: Row, eyes: Eyes, args: FieldArguments): Sql;
  /** What is made of it after reading, where SQL cannot; such an answer is slower, because it must be taken apart. */
  readonly read?: (value: unknown, viewer: Viewer) => unknown;
}

/** One other object: null when there is none, or none that the viewer may see. */
export interface OneField<Eyes, Viewer> {
  readonly kind: 'one';
  readonly to: () => Projection<Eyes, Viewer>;
  on(row: Row, other: Row, eyes: Eyes): Sql;
  /** Which one, when several match: the first in this order. */
  orderBy?(other: Row): Sql;
}

/** Several other objects: a plain list, or a connection when there may be many. */
export interface ManyField<Eyes, Viewer> {
  readonly kind: 'list' | 'connection';
  readonly to: () => Projection<Eyes, Viewer>;
  on(row: Row, other: Row, eyes: Eyes, args: FieldArguments): Sql;
  readonly order: Order;
  /** Viewers for whom there are none, whatever there is. */
  readonly hiddenFrom?: (eyes: Eyes) => boolean;
}

/** Lists are bounded even where no page is asked for. */
export const longestList = 200;

/** A column as it is. */
export function column<Eyes, Viewer>(name: string): ValueField<Eyes, Viewer> {
  return { kind: 'value', sql: (row) => row(name) };
}

/** A column that holds the id of an object of this kind, answered as an API id. */
export function idColumn<Eyes, Viewer>(kind: IdKind, name = 'id'): ValueField<Eyes, Viewer> {
  return { kind: 'value', sql: (row) => idInTransit(kind, row(name)) };
}

/** A column that holds a moment. */
export function momentColumn<Eyes, Viewer>(name: string): ValueField<Eyes, Viewer> {
  return { kind: 'value', sql: (row) => momentInTransit(row(name)) };
}

/** A value that some viewers do not get; for them it is null. */
export function hiddenFrom<Eyes, Viewer>(
  isHidden: (eyes: Eyes) => boolean,
  field: ValueField<Eyes, Viewer>,
): ValueField<Eyes, Viewer> {
  return {
    ...field,
    sql: (row, eyes, args) => (isHidden(eyes) ? sql`null` : field.sql(row, eyes, args)),
  };
}
