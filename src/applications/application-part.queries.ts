import { sql } from 'kysely';
import type { Eyes, ProjectedField } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { personToldTo } from '../identity/identity.queries.js';
import type { Row, Sql } from '../platform/reading/projection.js';

/** In SQL: does the application that the row is a part of belong to an organization of the viewer's? */
export function isPartnersOwn(row: Row, eyes: Eyes): Sql {
  return ofApplication(row, (organizationId) => isOwn(organizationId, eyes));
}

/** In SQL: does the viewer see what staff see of the application that the row is a part of? */
export function isForStaff(row: Row, eyes: Eyes): Sql {
  return ofApplication(row, (organizationId) => isSeenByStaff(organizationId, eyes));
}

function ofApplication(row: Row, holds: (organizationId: Sql) => Sql): Sql {
  // Not `exists`, for which PostgreSQL may gather the applications of everybody beforehand.
  return sql`(select ${holds(sql`owner.organization_id`)} from application as owner
    where owner.id = ${row('application_id')})`;
}

/** A column that only staff are told of. */
export function forStaffOf(name: string): ProjectedField {
  return { kind: 'value', sql: (row, eyes) => sql`case when ${isForStaff(row, eyes)} then ${row(name)} end` };
}

/** A person whom only staff are told of. */
export function staffsPerson(name: string): ProjectedField {
  return personToldTo(name, isForStaff);
}
