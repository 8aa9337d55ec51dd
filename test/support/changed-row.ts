import { type RawBuilder, sql } from 'kysely';

/**
 * In SQL, in the from clause: the row `r` with other values in these columns, as `made`. There it is made once; in the
 * select clause PostgreSQL would make it anew for every column, and plan that, too.
 */
export function changedRow(columns: Readonly<Record<string, RawBuilder<unknown>>>): RawBuilder<unknown> {
  const pairs = Object.entries(columns).flatMap(([name, value]) => [sql.lit(name), value]);
  return sql`lateral jsonb_populate_record(r, jsonb_build_object(${sql.join(pairs)})) as made`;
}
