import { sql } from 'kysely';
import type { Sql } from '../platform/reading/projection.js';

/** In SQL: a moment as archives hold it: RFC 3339 in UTC, to the millisecond. */
export function moment(column: string): Sql {
  return sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** In SQL: who it was, as JSON; null when nobody was. */
export function person(column: string): Sql {
  return sql`(select json_build_object('id', u.id, 'name', u.name) from auth_user u where u.id = ${sql.ref(column)})`;
}
