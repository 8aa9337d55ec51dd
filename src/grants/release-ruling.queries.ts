import { sql } from 'kysely';
import { directivesInForce } from '../directives/in-force.queries.js';
import { type Permission, permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import { ruleOnScope, type ScopeRuling } from '../lifecycle/release-scope.js';
import { organizationInScope, organizationsInScope } from '../organizations/scope.queries.js';
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
 * What is permitted of a product at this moment. Whoever asks keeps the product from being halted until they are done.
 * @throws Error when there is no such product
 */
export async function lockPermission(database: RawSql, productCode: string, now: Date): Promise<Permission> {
  const found = await sql<{ stated: ReleaseStatus }>`
    select stated_status as stated from product where code = ${productCode} for share`.execute(database);
  const [product] = found.rows;
  if (!product) throw new Error(`There is no product ${productCode}.`);
  return permissionOf(productCode, product.stated, await directivesInForce(database), now);
}

/** How a permission rules on organizations, by their ids. */
export async function rulingsOn(
  database: RawSql,
  permission: Permission,
  organizationIds: readonly string[],
): Promise<ReadonlyMap<string, ScopeRuling>> {
  const organizations = await organizationsInScope(database, organizationIds);
  return new Map([...organizations].map(([id, one]) => [id, ruleOnScope(permission, one)]));
}

/** Does the product's release permit it to the organization at this moment? Whoever gives access has asked here first. */
export async function ruleOnRelease(
  database: RawSql,
  {
    productCode,
    organizationId,
    now,
  }: { readonly productCode: string; readonly organizationId: string; readonly now: Date },
): Promise<ScopeRuling> {
  const permission = await lockPermission(database, productCode, now);
  return ruleOnScope(permission, await organizationInScope(database, organizationId));
}
