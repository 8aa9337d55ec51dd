/** SQL for one value of the answer, in the form that its writer wants. */
export type Written = string;

/**
 * Writes JSON in SQL. There are two ways: PostgreSQL's JSON functions, which everybody uses, and joining texts, which
 * takes the database half the time and the writer care: what is not quoted must be known to need no quoting.
 */
export interface JsonWriter {
  object(fields: Readonly<Record<string, Written>>): Written;
  /** The rows of `from`, which is all that follows `from` in a select. */
  list(value: Written, from: string, order?: string): Written;
  /** Null unless the condition holds. */
  when(condition: string, value: Written): Written;
  /** A text that people wrote. */
  text(sql: string): Written;
  /** A text that needs no quoting: an enum value, a hash, an id or a moment. */
  word(sql: string): Written;
  /** A number or a boolean. */
  plain(sql: string): Written;
  /** The same, where it can be null. */
  orNull(value: Written): Written;
  /** The finished text. */
  finish(value: Written): string;
}

export const byFunctions: JsonWriter = {
  object: (fields) => {
    const columns = Object.entries(fields).map(([key, value]) => `${value} as "${key}"`);
    return `(select row_to_json(r) from (select ${columns.join(', ')}) as r)`;
  },
  list: (value, from, order) =>
    `(select coalesce(json_agg(${value}${order ? ` order by ${order}` : ''}), '[]'::json) from ${from})`,
  when: (condition, value) => `case when ${condition} then ${value} end`,
  text: (sql) => sql,
  word: (sql) => sql,
  plain: (sql) => sql,
  orNull: (value) => value,
  finish: (value) => `(${value})::text`,
};

export const byJoining: JsonWriter = {
  object: (fields) => {
    const parts = Object.entries(fields).map(([key, value], at) => `'${at === 0 ? '{' : ','}"${key}":' || ${value}`);
    return `(${parts.join(' || ')} || '}')`;
  },
  list: (value, from, order) =>
    `(select '[' || coalesce(string_agg(${value}, ','${order ? ` order by ${order}` : ''}), '') || ']' from ${from})`,
  when: (condition, value) => `case when ${condition} then ${value} else 'null' end`,
  text: (sql) => `to_json(${sql})::text`,
  word: (sql) => `'"' || ${sql} || '"'`,
  plain: (sql) => `(${sql})::text`,
  orNull: (value) => `coalesce(${value}, 'null')`,
  finish: (value) => value,
};
