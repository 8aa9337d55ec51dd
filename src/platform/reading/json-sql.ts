import { sql } from 'kysely';
import type { Sql } from './slot.js';
import { isInTransit } from './transit.js';

/*
 * JSON is written in SQL by joining texts. PostgreSQL's own functions find out anew, for every value of every row, how
 * its type is to be written, and so take a fifth longer for a page. Whatever here is called JSON is a text and never null.
 */

/**
 * How a value is written: a number or a boolean as it is, a word in quotes, a text in quotes and with escapes, anything
 * else by PostgreSQL. A word is known to hold nothing that would have to be escaped.
 */
export type JsonForm = 'plain' | 'word' | 'text' | 'any';

export interface JsonPart {
  readonly key: string;
  /** JSON. */
  readonly sql: Sql;
}

/** The JSON of a value; of SQL's null, JSON's. */
export function jsonValue(value: Sql, form: JsonForm): Sql {
  return jsonOrNull(written(value, form));
}

function written(value: Sql, form: JsonForm): Sql {
  if (form === 'plain') return sql`(${value})::text`;
  if (form === 'word' || isInTransit(value)) return sql`'"' || (${value}) || '"'`;
  if (form === 'text') return sql`to_json((${value})::text)::text`;
  // The column gives a type to what has none, such as null.
  return sql`(select to_json(value)::text from (select ${value}) as one(value))`;
}

/** The JSON that is there, or null: of one row that may not be found. */
export function jsonOrNull(json: Sql): Sql {
  return sql`coalesce(${json}, 'null')`;
}

export function jsonObject(parts: readonly JsonPart[]): Sql {
  if (parts.length === 0) return sql`'{}'`;
  const joined = parts.flatMap(({ key, sql: json }, place) => [
    sql.lit(`${place === 0 ? '{' : ','}${JSON.stringify(key)}:`),
    json,
  ]);
  return sql`(${sql.join(joined, sql` || `)} || '}')`;
}

/** The array of one JSON for each row that is gathered, by an aggregate with the order and the filter given. */
export function jsonArray(json: Sql, { order = sql``, filter = sql`` } = {}): Sql {
  return sql`('[' || coalesce(string_agg(${json}, ',' ${order}) ${filter}, '') || ']')`;
}
