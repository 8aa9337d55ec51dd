import { sql } from 'kysely';
import type { Sql } from '../platform/reading/slot.js';
import type { Eyes } from './eyes.js';

/** In SQL: is this one of the viewer's own organizations? */
export function isOwn(organizationId: Sql, eyes: Eyes): Sql {
  return eyes.belongsTo(organizationId);
}

/**
 * In SQL: does the viewer see what staff see of this organization? Staff who belong to it do not: what is written
 * about an organization by its reviewers stays hidden from its members, whatever else they are.
 */
export function isSeenByStaff(organizationId: Sql, eyes: Eyes): Sql {
  return eyes.seesEveryOrganization ? sql`(not ${isOwn(organizationId, eyes)})` : sql`false`;
}

/**
 * In SQL: does the viewer read what staff write for each other only? Not what is written about an organization from
 * which they are recused.
 */
export function isReadAmongStaff(organizationId: Sql, eyes: Eyes): Sql {
  if (!eyes.isPerson) return isSeenByStaff(organizationId, eyes);
  // Asked for once in a statement, and not for every row.
  return sql`(${isSeenByStaff(organizationId, eyes)} and ${organizationId} <> all(array(
    select r.organization_id from recusal as r where r.user_id = ${eyes.personId} and r.ended_at is null)))`;
}

/** Viewers for whom whatever is for staff is not there at all. */
export function isNoStaff(eyes: Eyes): boolean {
  return !eyes.seesEveryOrganization;
}

export function isSignedIn(eyes: Eyes): Sql {
  return eyes.isSignedIn ? sql`true` : sql`false`;
}
