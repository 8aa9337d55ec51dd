import { sql } from 'kysely';
import type { ProjectedField, Projection } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { personToldTo } from '../identity/identity.queries.js';
import type { SuspensionCause } from '../lifecycle/suspension.js';
import { column, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';
import { isPermittedSql } from './release-ruling.queries.js';

/** Not for staff who belong to the organization either. */
const staffsPerson = (name: string): ProjectedField =>
  personToldTo(
    name,
    (row, eyes) => sql`(select ${isSeenByStaff(sql`g.organization_id`, eyes)}
      from access_grant as g where g.id = ${row('grant_id')})`,
  );

/** Seen by whoever sees the grant; never asked for by itself. */
export const suspensionProjection: Projection = {
  type: 'GrantSuspension',
  table: 'grant_suspension',
  visible: () => sql`true`,
  fields: {
    cause: column('cause'),
    reason: column('reason'),
    since: momentColumn('since_at'),
    suspendedBy: staffsPerson('since_by'),
    liftedAt: momentColumn('lifted_at'),
    liftedBy: staffsPerson('lifted_by'),
    liftedReason: column('lifted_reason'),
  },
};

/** In SQL, over a grant's row: is it suspended for this cause? */
export function isSuspendedForSql(row: Row, cause: SuspensionCause): Sql {
  return sql`exists (select from grant_suspension as s
    where s.grant_id = ${row('id')} and s.cause = ${sql.lit(cause)} and s.lifted_at is null)`;
}

/** In SQL, over a grant's row: would it have to be marked if its product's release shut it? One index has these rows. */
export function isUnmarkedSql(row: Row): Sql {
  return sql`(${row('status')} in ('ACTIVE', 'SUSPENDED') and not ${row('shut_by_release')})`;
}

/** In SQL, over a grant's row: has its product's release shut it, without that being marked yet? */
export function isShutSql(row: Row, now: Sql): Sql {
  return sql`(${isUnmarkedSql(row)} and not ${isPermittedSql(row, now)})`;
}

/**
 * In SQL: the ids of a product's grants of which `isShutSql` holds. This begins at what has narrowed the release, so it
 * reads those grants and no others, however many there are.
 */
export function shutGrantsSql(productCode: Sql, now: Sql): Sql {
  const unmarked = sql`g.product_code = ${productCode} and ${isUnmarkedSql((name) => sql.ref(`g.${name}`))}`;
  return sql`select g.id from access_grant as g
    where ${unmarked} and g.permitted_at <= (select max(n.from_at) from release_narrowing as n
      where n.product_code = ${productCode} and n.organization_id is null and n.from_at <= ${now})
    union all
    select g.id from release_narrowing as n join access_grant as g on g.organization_id = n.organization_id
    where coalesce(n.product_code, ${productCode}) = ${productCode} and ${unmarked} and n.from_at between g.permitted_at and ${now}`;
}

/** In SQL, over a grant's row: the causes that were not lifted yet, as `OpenSuspension` has them. */
export function openSuspensionsSql(row: Row): Sql {
  return sql`(select coalesce(json_agg(json_build_object('cause', s.cause, 'by', s.since_by)), '[]')
    from grant_suspension as s where s.grant_id = ${row('id')} and s.lifted_at is null)`;
}
