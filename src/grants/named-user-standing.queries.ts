import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { hasListInForceSql } from '../screening/standing.queries.js';

/** In SQL: is the user called like somebody on a list, and nobody has cleared that? */
export function hasUnclearedHitOfUserSql(userId: Sql): Sql {
  return sql`exists (select from screening_hit as hit where hit.subject_id = ${userId} and hit.subject_kind = 'NAMED_USER'
    and hit.status in ('OPEN', 'INCONCLUSIVE', 'TRUE_MATCH'))`;
}

/** In SQL, over a user's row: is the review of the name under way, or what it found not cleared? */
export function isUnderReviewSql(row: Row): Sql {
  return sql`(${hasUnclearedHitOfUserSql(row('id'))} or (${row('screened_at')} is null and ${hasListInForceSql}))`;
}

/** The users named by an organization who have a hit that is not cleared. */
export async function heldNamedUsers(database: RawSql, organizationId: string): Promise<ReadonlySet<string>> {
  const found = await sql<{ id: string }>`select u.id from named_user as u where u.organization_id = ${organizationId}
    and u.removed_at is null and ${hasUnclearedHitOfUserSql(sql`u.id`)}`.execute(database);
  return new Set(found.rows.map(({ id }) => id));
}
