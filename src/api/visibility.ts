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

/** Viewers for whom whatever is for staff is not there at all. */
export function isNoStaff(eyes: Eyes): boolean {
  return !eyes.seesEveryOrganization;
}

export function isSignedIn(eyes: Eyes): Sql {
  return eyes.isSignedIn ? sql`true` : sql`false`;
}
