import { sql } from 'kysely';
import type { Eyes, ProjectedField } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { personProjection } from '../identity/identity.queries.js';
import type { Row, Sql } from '../platform/reading/projection.js';

/** In SQL: does the row's application belong to an organization of the viewer's? */
export function isPartnersOwn(row: Row, eyes: Eyes): Sql {
  return ofApplication(row, (organizationId) => isOwn(organizationId, eyes));
}

/** In SQL: does the viewer see what staff see of the row's application? */
export function isForStaff(row: Row, eyes: Eyes): Sql {
  return ofApplication(row, (organizationId) => isSeenByStaff(organizationId, eyes));
}

function ofApplication(row: Row, holds: (organizationId: Sql) => Sql): Sql {
  // Not `exists`, for which PostgreSQL may gather the applications of everybody beforehand.
  return sql`(select ${holds(sql`owner.organization_id`)} from application as owner
    where owner.id = ${row('application_id')})`;
}

export function person(reference: string): ProjectedField {
  return { kind: 'one', to: () => personProjection, on: (row, found) => sql`${found('id')} = ${row(reference)}` };
}

/** A person whom only staff are told of. */
export function staffsPerson(reference: string): ProjectedField {
  return {
    kind: 'one',
    to: () => personProjection,
    on: (row, found, eyes) => sql`${found('id')} = ${row(reference)} and ${isForStaff(row, eyes)}`,
  };
}
