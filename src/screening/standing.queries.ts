import { sql } from 'kysely';
import type { ScreeningStanding } from '../lifecycle/screening.js';
import type { RawSql } from '../platform/database/database.js';
import type { Sql } from '../platform/reading/projection.js';
import { screeningThresholdSql } from '../programs/screening-policy.queries.js';
import { matcherVersion } from './matcher.js';

/** In SQL: is there anything to screen against? */
export const hasListInForceSql: Sql = sql`exists (select from screening_list as l where l.current_version_id is not null)`;

/**
 * In SQL: was the organization screened against every list in force, by the rules of today, with everybody who belongs
 * to it now?
 */
export function isScreeningCurrentSql(organizationId: Sql): Sql {
  // Names that no statement around this one uses, because what is given may be a column of such a statement.
  return sql`exists (select from organization_screening as screened
    join organization as as_it_is on as_it_is.id = screened.organization_id
    where screened.organization_id = ${organizationId} and screened.matcher = ${sql.lit(matcherVersion)}
      and as_it_is.updated_at <= screened.screened_at
      and screened.threshold <= ${screeningThresholdSql(sql`screened.organization_id`)}
      and not exists (select from membership as m
        where m.organization_id = screened.organization_id and m.created_at > screened.screened_at)
      and not exists (select from screening_list as l where l.current_version_id <> all(screened.version_ids)))`;
}

/** In SQL, over the hit `hit`: is it about the organization or its members? One about a named user keeps out that user only. */
const isOfOrganization: Sql = sql`hit.subject_kind <> 'NAMED_USER'`;

/** In SQL: the organization's `ScreeningStanding`. */
export function screeningStandingSql(organizationId: Sql): Sql {
  const hasHit = (statuses: string) => sql`exists (select from screening_hit as hit
    where hit.organization_id = ${organizationId} and ${isOfOrganization} and hit.status in (${sql.raw(statuses)}))`;
  return sql`case when ${hasHit("'TRUE_MATCH'")} then 'TRUE_MATCH' when ${hasHit("'OPEN', 'INCONCLUSIVE'")} then 'HITS_OPEN'
    when ${hasListInForceSql} and not ${isScreeningCurrentSql(organizationId)} then 'NOT_SCREENED' else 'CLEAR' end`;
}

/** In SQL: are there hits that are not cleared? */
export function hasUnclearedHitSql(organizationId: Sql): Sql {
  return sql`exists (select from screening_hit as hit where hit.organization_id = ${organizationId} and ${isOfOrganization}
    and hit.status in ('OPEN', 'INCONCLUSIVE', 'TRUE_MATCH'))`;
}

/** In SQL: was somebody of the organization's found to be a listed party? */
export function hasTrueMatchSql(organizationId: Sql): Sql {
  return sql`exists (select from screening_hit as hit where hit.organization_id = ${organizationId} and hit.status = 'TRUE_MATCH')`;
}

export async function readScreeningStanding(database: RawSql, organizationId: string): Promise<ScreeningStanding> {
  const found = await sql<{ standing: ScreeningStanding }>`
    select ${screeningStandingSql(sql`${organizationId}::uuid`)} as standing`.execute(database);
  return found.rows[0]?.standing ?? 'NOT_SCREENED';
}

/** In SQL: has the organization named a user whose name was not looked for yet? */
function hasUnscreenedUserSql(organizationId: Sql): Sql {
  return sql`exists (select from named_user as u join access_grant as g on g.id = u.grant_id
    where u.organization_id = ${organizationId} and u.removed_at is null and u.screened_at is null
      and g.status in ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'))`;
}

export async function hasUnscreenedUser(database: RawSql, organizationId: string): Promise<boolean> {
  const found = await sql<{ has: boolean }>`
    select ${hasUnscreenedUserSql(sql`${organizationId}::uuid`)} as has`.execute(database);
  return found.rows[0]?.has === true;
}

/** Organizations that were not screened as they, their users and the lists are now, in no order, so that several workers share them. */
export async function organizationsToScreen(database: RawSql, limit: number): Promise<string[]> {
  const found = await sql<{ id: string }>`select o.id from organization as o
    where ${hasListInForceSql} and (not ${isScreeningCurrentSql(sql`o.id`)} or ${hasUnscreenedUserSql(sql`o.id`)})
    order by random() limit ${limit}`.execute(database);
  return found.rows.map(({ id }) => id);
}
