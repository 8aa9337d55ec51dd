import { sql } from 'kysely';
import { directivesInForce } from '../directives/in-force.queries.js';
import { permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import { ruleOnScope, type ScopeRuling } from '../lifecycle/release-scope.js';
import type { RawSql } from '../platform/database/database.js';
import type { Row, Sql } from '../platform/reading/projection.js';

/**
 * In SQL, over a grant's row: is it permitted, as far as its product's release goes? What shuts a product or an
 * organization is one row, so a halt holds for all its grants from the moment it is in force, before any is marked.
 */
export function isPermittedSql(row: Row, now: Sql): Sql {
  return sql`(not exists (select from release_narrowing as n where n.product_code = ${row('product_code')}
      and n.organization_id is null and n.from_at between ${row('permitted_at')} and ${now})
    and not exists (select from release_narrowing as n where n.organization_id = ${row('organization_id')}
      and coalesce(n.product_code, ${row('product_code')}) = ${row('product_code')}
      and n.from_at between ${row('permitted_at')} and ${now}))`;
}

/**
 * Does the product's release permit it to the organization at this moment? Whoever gives access for it has asked here
 * first, and keeps the product from being halted until then.
 */
export async function ruleOnRelease(
  database: RawSql,
  {
    productCode,
    organizationId,
    now,
  }: { readonly productCode: string; readonly organizationId: string; readonly now: Date },
): Promise<ScopeRuling> {
  const found = await sql<{ stated: ReleaseStatus; sector: string; country: string; isOperator: boolean }>`
    select p.stated_status as stated, o.sector, o.country, o.is_operator as "isOperator" from product as p, organization as o
    where p.code = ${productCode} and o.id = ${organizationId} for share of p`.execute(database);
  const [row] = found.rows;
  if (!row) throw new Error(`There is no product ${productCode}, or no organization ${organizationId}.`);
  const { stated, ...organization } = row;
  const permission = permissionOf(productCode, stated, await directivesInForce(database), now);
  return ruleOnScope(permission, { id: organizationId, ...organization });
}
