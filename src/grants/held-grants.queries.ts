import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { suspendsOnHitSql } from '../programs/screening-policy.queries.js';
import { hasUnclearedHitSql } from '../screening/standing.queries.js';
import { isSuspendedForSql } from './suspension.queries.js';

/** In SQL, over a grant's row: would its program suspend it now, because of hits that are not cleared? */
export function isHeldByScreeningSql(row: Row): Sql {
  return sql`(${hasUnclearedHitSql(row('organization_id'))} and ${suspendsOnHitSql(row('program_id'))})`;
}

export async function grantIsHeldByScreening(database: RawSql, grantId: string): Promise<boolean> {
  const found = await sql<{ held: boolean }>`
    select ${isHeldByScreeningSql((name) => sql.ref(`g.${name}`))} as held
    from access_grant as g where g.id = ${grantId}`.execute(database);
  return found.rows[0]?.held === true;
}

/** A grant that lets somebody in at this moment. */
export interface ActiveGrant {
  readonly id: string;
  readonly reference: string;
  readonly applicationId: string;
  readonly suspendsOnHit: boolean;
}

export async function activeGrantsOf(database: RawSql, organizationId: string): Promise<readonly ActiveGrant[]> {
  const found = await sql<ActiveGrant>`select g.id, g.reference, g.application_id as "applicationId",
      ${suspendsOnHitSql(sql`g.program_id`)} as "suspendsOnHit"
    from access_grant as g where g.organization_id = ${organizationId} and g.status = 'ACTIVE' order by g.id`.execute(
    database,
  );
  return found.rows;
}

/** Grants that their programs want suspended and that are not yet for this cause; of all organizations, or of one. */
export async function grantsToSuspend(database: RawSql, organizationId: string | null): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select g.id from access_grant as g
    where g.status in ('ACTIVE', 'SUSPENDED') and not ${isSuspendedForSql((name) => sql.ref(`g.${name}`), 'REVIEW')}
      and (${organizationId}::uuid is null or g.organization_id = ${organizationId})
      and ${isHeldByScreeningSql((name) => sql.ref(`g.${name}`))} order by g.id`.execute(database);
  return found.rows.map(({ id }) => id);
}
