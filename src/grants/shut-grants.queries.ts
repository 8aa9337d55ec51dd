import { sql } from 'kysely';
import type { Sql } from '../platform/reading/projection.js';

/**
 * In SQL: the ids of a product's grants that its release has shut, without that being marked yet; as `isShutSql` says of
 * one. This begins at what has narrowed the release, so it reads those grants and no others, however many there are.
 */
export function shutGrantsSql(productCode: Sql, now: Sql): Sql {
  const unmarked = sql`g.product_code = ${productCode} and g.status in ('ACTIVE', 'SUSPENDED') and not g.shut_by_release`;
  return sql`select g.id from access_grant as g
    where ${unmarked} and g.permitted_at <= (select max(n.from_at) from release_narrowing as n
      where n.product_code = ${productCode} and n.organization_id is null and n.from_at <= ${now})
    union all
    select g.id from release_narrowing as n join access_grant as g on g.organization_id = n.organization_id
    where coalesce(n.product_code, ${productCode}) = ${productCode} and ${unmarked} and n.from_at between g.permitted_at and ${now}`;
}
