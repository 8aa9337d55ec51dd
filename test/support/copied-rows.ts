import { type RawBuilder, sql } from 'kysely';

export interface Copying {
  /** Columns that are other than in the row that is copied, which is `r`. */
  readonly columns: Readonly<Record<string, RawBuilder<unknown>>>;
  /** What stands in the from clause besides, such as a series that makes several copies of each row. */
  readonly beside?: RawBuilder<unknown>;
  readonly where: RawBuilder<unknown>;
}

/**
 * In SQL: copies rows of a table, with other values in some columns. The changed row is made in the from clause, once; in
 * the select clause PostgreSQL would make it anew for every column, and plan that, too.
 */
export function copyRows(table: string, { columns, beside, where }: Copying): RawBuilder<unknown> {
  const pairs = Object.entries(columns).flatMap(([name, value]) => [sql.lit(name), value]);
  return sql`insert into ${sql.table(table)} select made.* from ${sql.table(table)} as r${beside ? sql`, ${beside}` : sql``},
    lateral jsonb_populate_record(r, jsonb_build_object(${sql.join(pairs)})) as made where ${where}`;
}
