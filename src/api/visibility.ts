import { sql } from 'kysely';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { Sql } from '../platform/reading/projection.js';
import type { Viewer } from './request.js';

/** In SQL: is this one of the viewer's own organizations? */
export function isOwn(organizationId: Sql, viewer: Viewer): Sql {
  const own = organizationsOf(viewer.actor);
  return own.length === 0 ? sql`false` : sql`${organizationId} = any(${`{${own.join(',')}}`}::text::uuid[])`;
}

/**
 * In SQL: does the viewer see what staff see of this organization? Staff who belong to it do not: what is written
 * about an organization by its reviewers stays hidden from its members, whatever else they are.
 */
export function isSeenByStaff(organizationId: Sql, viewer: Viewer): Sql {
  return seesEveryOrganization(viewer.actor) ? sql`not ${isOwn(organizationId, viewer)}` : sql`false`;
}

/** Viewers for whom whatever is for staff is not there at all. */
export function isNoStaff(viewer: Viewer): boolean {
  return !seesEveryOrganization(viewer.actor);
}

export function isSignedIn(viewer: Viewer): Sql {
  return viewer.actor.kind === 'ANONYMOUS' ? sql`false` : sql`true`;
}
