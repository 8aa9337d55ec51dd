import { type RawBuilder, sql } from 'kysely';

/** A piece of SQL with its parameters. */
export type Sql = RawBuilder<unknown>;

/** The columns of one row in the statement being composed. */
export type Row = (column: string) => Sql;

/** What a statement that was composed before is run with. */
export interface RequestValues<Viewer> {
  readonly viewer: Viewer;
  /** The operation's variables, coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the code that reads gives itself, such as the id of the object a command has just changed. */
  readonly given: Readonly<Record<string, unknown>>;
}

/**
 * A parameter whose value is found anew for each request. A statement is composed once and kept, so whatever differs
 * from request to request must be in a slot: a value that were written into the statement would be seen by others.
 */
export class Slot<Viewer> {
  readonly find: (request: RequestValues<Viewer>) => string | null;

  constructor(find: (request: RequestValues<Viewer>) => string | null) {
    this.find = find;
  }
}

/** SQL for a value of the request, which travels as text (null as null) and becomes a value of this type there. */
export function slot<Viewer>(type: string, find: (request: RequestValues<Viewer>) => unknown): Sql {
  const text = new Slot<Viewer>((request) => {
    const value = find(request);
    return value === null || value === undefined ? null : String(value);
  });
  return type === 'text' ? sql`${text}::text` : sql`${text}::text::${sql.raw(type)}`;
}

/** A value that the reading code gives by name. */
export function given(type: string, name: string): Sql {
  return slot(type, (request) => request.given[name]);
}
