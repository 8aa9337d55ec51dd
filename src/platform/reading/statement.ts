import { sql } from 'kysely';
import type { Composed } from './composed.js';
import { nullable, onEach, pick, together } from './composed.js';
import { connectionSql, orderedBy, type PagedRows, type Ways } from './connection-sql.js';
import { jsonArray, jsonObject, jsonOrNull, jsonValue } from './json-sql.js';
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
import { nothing, type SelectedField, type Selection } from './selection.js';

/** Composes one statement; its table aliases are numbered, so nested reads of one table do not collide. */
export class StatementComposer<Eyes, Viewer> {
  readonly #eyes: Eyes;
  #aliases = 0;

  constructor(eyes: Eyes) {
    this.#eyes = eyes;
  }

  /** The JSON of the one row that matches, or of the first in an order; null when there is none. */
  one(
    projection: Projection<Eyes, Viewer>,
    selection: Selection,
    where: (row: Row) => Sql,
    orderBy?: (row: Row) => Sql,
  ): Composed<Viewer> {
    const { alias, row } = this.#alias();
    const object = this.#object(projection, selection, row);
    const first = orderBy ? sql`order by ${orderBy(row)} limit 1` : sql``;
    return {
      sql: jsonOrNull(sql`(select ${object.sql} from ${sql.table(projection.table)} as ${sql.ref(alias)}
        where ${where(row)} and ${projection.visible(row, this.#eyes)} ${first})`),
      reading: nullable(object.reading),
    };
  }

  /** The JSON array of all rows that match, at most `longestList`. */
  list(
    projection: Projection<Eyes, Viewer>,
    selection: Selection,
    where: (row: Row) => Sql,
    order: Order,
  ): Composed<Viewer> {
    const { alias, row } = this.#alias();
    const object = this.#object(projection, selection, row);
    return {
      sql: sql`(select ${jsonArray(sql`found.node`)} from (select ${object.sql} as node
        from ${sql.table(projection.table)} as ${sql.ref(alias)}
        where ${where(row)} and ${projection.visible(row, this.#eyes)} ${orderedBy(order, row)} limit ${sql.lit(longestList)}) as found)`,
      reading: onEach(object.reading),
    };
  }

  /** The JSON of one page of the rows that match, as a Relay connection. */
  connection(
    projection: Projection<Eyes, Viewer>,
    selected: Pick<SelectedField, 'selection' | 'args' | 'type'>,
    where: (row: Row) => Sql,
    order: Order,
    ways: (row: Row) => Ways | null = () => null,
  ): Composed<Viewer> {
    const { alias, row } = this.#alias();
    const rows: PagedRows<Viewer> = {
      matching: sql`from ${sql.table(projection.table)} as ${sql.ref(alias)} where ${where(row)} and ${projection.visible(row, this.#eyes)}`,
      ways: ways(row),
      row,
      order,
      object: (within) => this.#object(projection, within, row),
    };
    return connectionSql(rows, selected);
  }

  /** The JSON object of one row: exactly the fields asked for. */
  #object(projection: Projection<Eyes, Viewer>, selection: Selection, row: Row): Composed<Viewer> {
    const fields = selection.fields.map((field) => ({ key: field.key, ...this.#field(projection, field, row) }));
    return { sql: jsonObject(fields), reading: together(fields) };
  }

  #field(projection: Projection<Eyes, Viewer>, selected: SelectedField, row: Row): Composed<Viewer> {
    if (selected.name === '__typename') return { sql: jsonValue(sql.lit(projection.type), 'word'), reading: null };
    const field = projection.fields[selected.name];
    if (!field) throw new Error(`${projection.type}.${selected.name} is not projected`);
    if (field.kind === 'value') return this.#value(field, selected, row);
    if (field.kind === 'one') return this.#one(field, selected, row);
    return this.#many(field, selected, row);
  }

  #one(field: OneField<Eyes, Viewer>, selected: SelectedField, row: Row): Composed<Viewer> {
    const on = (other: Row) => field.on(row, other, this.#eyes);
    return this.one(field.to(), selected.selection, on, field.orderBy);
  }

  #many(field: ManyField<Eyes, Viewer>, selected: SelectedField, row: Row): Composed<Viewer> {
    const isHidden = field.hiddenFrom?.(this.#eyes) ?? false;
    const where = (other: Row) => (isHidden ? sql`false` : field.on(row, other, this.#eyes, selected.args));
    return field.kind === 'list'
      ? this.list(field.to(), selected.selection, where, field.order)
      : this.connection(field.to(), selected, where, field.order);
  }

  #value(field: ValueField<Eyes, Viewer>, selected: SelectedField, row: Row): Composed<Viewer> {
    const { read } = field;
    const found = field.sql(row, this.#eyes, selected.args);
    const within = selected.selection;
    if (within === nothing && !read) return { sql: jsonValue(found, selected.form), reading: null };
    // What is read, or is an object to GraphQL, may be anything before.
    const json = jsonValue(found, 'any');
    if (within === nothing) return { sql: json, reading: read ?? null };
    return { sql: json, reading: (value, viewer) => pick(read ? read(value, viewer) : value, selected) };
  }

  #alias(): { alias: string; row: Row } {
    this.#aliases += 1;
    const alias = `t${this.#aliases}`;
    return { alias, row: (name) => sql.ref(`${alias}.${name}`) };
  }
}
