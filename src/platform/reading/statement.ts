import { sql } from 'kysely';
import { type FetchedRow, type PageArguments, readPage, toConnection } from './pagination.js';
import {
  longestList,
  type ManyField,
  type OneField,
  type Order,
  type Projection,
  type Row,
  type Sql,
  type ValueField,
} from './projection.js';
import { asksFor, mergeSelections, type SelectedField, type Selection, selectionWithin } from './selection.js';

/** A composed expression, and what to make of its value once read. */
export interface Composed {
  readonly sql: Sql;
  readonly read: (value: unknown) => unknown;
}

type JsonRow = Readonly<Record<string, unknown>>;

/** Composes one statement; its table aliases are numbered, so nested reads of one table do not collide. */
export class StatementComposer<Viewer> {
  readonly #viewer: Viewer;
  #aliases = 0;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  /** A scalar subquery: the JSON of the first row that matches, or null. */
  one(
    projection: Projection<Viewer>,
    selection: Selection,
    where: (row: Row) => Sql,
    orderBy?: (row: Row) => Sql,
  ): Composed {
    const { alias, row } = this.#alias();
    const object = this.#object(projection, selection, row);
    const order = orderBy ? sql`order by ${orderBy(row)}` : sql``;
    return {
      sql: sql`(select ${object.sql} from ${sql.table(projection.table)} as ${sql.ref(alias)}
        where ${where(row)} and ${projection.visible(row, this.#viewer)} ${order} limit 1)`,
      read: (value) => (value === null ? null : object.read(value)),
    };
  }

  /** A scalar subquery: the JSON array of all rows that match, at most `longestList`. */
  list(projection: Projection<Viewer>, selection: Selection, where: (row: Row) => Sql, order: Order): Composed {
    const { alias, row } = this.#alias();
    const object = this.#object(projection, selection, row);
    return {
      sql: sql`(select coalesce(json_agg(found.node), '[]'::json) from (select ${object.sql} as node
        from ${sql.table(projection.table)} as ${sql.ref(alias)}
        where ${where(row)} and ${projection.visible(row, this.#viewer)} ${orderBy(order, row, false)} limit ${longestList}) as found)`,
      read: (value) => asArray(value).map(object.read),
    };
  }

  /** A scalar subquery: the rows of one page with their cursors, and the count of all when it is asked for. */
  connection(
    projection: Projection<Viewer>,
    selection: Selection,
    where: (row: Row) => Sql,
    order: Order,
    args: PageArguments,
  ): Composed {
    const page = readPage(
      args,
      order.keys.map((key) => key.type),
    );
    const nodes = mergeSelections([
      selectionWithin(selection, 'nodes'),
      selectionWithin(selectionWithin(selection, 'edges'), 'node'),
    ]);
    const { alias, row } = this.#alias();
    const object = this.#object(projection, nodes, row);
    const matching = sql`from ${sql.table(projection.table)} as ${sql.ref(alias)} where ${where(row)} and ${projection.visible(row, this.#viewer)}`;
    const keys = sql`json_build_array(${sql.join(order.keys.map((key) => sql`(${key.sql(row)})::text`))})`;
    const total = asksFor(selection, 'totalCount') ? sql`(select count(*) ${matching})` : sql`null`;
    return {
      sql: sql`json_build_object('total', ${total}, 'rows', (select coalesce(json_agg(found), '[]'::json)
        from (select ${keys} as keys, ${object.sql} as node ${matching} ${beyond(order, row, page)}
        ${orderBy(order, row, page.backward)} limit ${page.size + 1}) as found))`,
      read: (value) => {
        const { total: count, rows } = asRow(value);
        const fetched: FetchedRow<unknown>[] = asArray(rows).map((found) => {
          const { keys: rowKeys, node } = asRow(found);
          return { keys: asArray(rowKeys).map(String), node: object.read(node) };
        });
        return toConnection(fetched, page, typeof count === 'number' ? count : undefined);
      },
    };
  }

  /** The JSON object of one row: exactly the fields asked for. */
  #object(projection: Projection<Viewer>, selection: Selection, row: Row): Composed {
    const fields = selection.fields
      .filter((field) => field.name !== '__typename' && field.name in projection.fields)
      .map((field) => ({ key: field.key, ...this.#field(projection, field, row) }));
    const columns = fields.map((field) => sql`${field.sql} as ${sql.ref(field.key)}`);
    const read = (value: unknown) => {
      const found = asRow(value);
      const object: Record<string, unknown> = { __typename: projection.type };
      for (const field of fields) object[field.key] = field.read(found[field.key] ?? null);
      return object;
    };
    if (columns.length === 0) return { sql: sql`'{}'::json`, read };
    return { sql: sql`(select row_to_json(picked) from (select ${sql.join(columns)}) as picked)`, read };
  }

  #field(projection: Projection<Viewer>, selected: SelectedField, row: Row): Composed {
    const field = projection.fields[selected.name];
    if (!field) throw new Error(`${projection.type}.${selected.name} is not projected`);
    if (field.kind === 'value') return this.#value(field, selected, row);
    if (field.hiddenFrom?.(this.#viewer)) return hidden(field);
    if (field.kind === 'one')
      return this.one(field.to(), selected.selection, (other) => field.on(row, other, this.#viewer), field.orderBy);
    const where = (other: Row) => field.on(row, other, this.#viewer, selected.args);
    return field.kind === 'list'
      ? this.list(field.to(), selected.selection, where, field.order)
      : this.connection(field.to(), selected.selection, where, field.order, selected.args);
  }

  #value(field: ValueField<Viewer>, selected: SelectedField, row: Row): Composed {
    const { read } = field;
    return {
      sql: field.sql(row, this.#viewer, selected.args),
      read: read ? (value) => read(value, this.#viewer, selected.args) : (value) => value,
    };
  }

  #alias(): { alias: string; row: Row } {
    this.#aliases += 1;
    const alias = `t${this.#aliases}`;
    return { alias, row: (name) => sql.ref(`${alias}.${name}`) };
  }
}

function hidden(field: OneField<never> | ManyField<never> | { readonly kind: string }): Composed {
  if (field.kind === 'one') return { sql: sql`null`, read: () => null };
  if (field.kind === 'list') return { sql: sql`null`, read: () => [] };
  return { sql: sql`null`, read: () => toConnection([], { size: 0, backward: false, beyond: null }, 0) };
}

function orderBy(order: Order, row: Row, backward: boolean): Sql {
  const descending = (order.direction === 'desc') !== backward;
  const keys = order.keys.map((key) => (descending ? sql`${key.sql(row)} desc` : sql`${key.sql(row)} asc`));
  return sql`order by ${sql.join(keys)}`;
}

function beyond(order: Order, row: Row, page: { beyond: readonly string[] | null; backward: boolean }): Sql {
  const { beyond: keys } = page;
  if (!keys) return sql``;
  const columns = sql.join(order.keys.map((key) => key.sql(row)));
  const values = sql.join(order.keys.map((key, position) => sql`${keys[position]}::text::${sql.raw(key.type)}`));
  const descending = (order.direction === 'desc') !== page.backward;
  return descending ? sql`and (${columns}) < (${values})` : sql`and (${columns}) > (${values})`;
}

function asRow(value: unknown): JsonRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRow) : {};
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
