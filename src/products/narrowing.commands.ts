import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';

/**
 * Shuts every grant of these products until it is found anew to be permitted, by one row a product. Whoever calls has
 * locked the products, so every grant that was permitted before is seen here, and none is permitted meanwhile.
 */
export async function narrowProducts(work: Work, codes: readonly string[]): Promise<void> {
  await sql`insert into release_narrowing (product_code, from_at)
    select p.code, greatest(${work.now}::timestamptz, (select max(g.permitted_at) from access_grant as g
      where g.product_code = p.code and g.status in ('PENDING_PROVISIONING', 'ACTIVE')))
    from product as p where p.code = any(${[...codes]}::text[])`.execute(work.sql);
}

/** The same for the grants of organizations, of one product or of every. */
export async function narrowOrganizations(
  work: Work,
  organizationIds: readonly string[],
  productCode: string | null,
): Promise<void> {
  await sql`insert into release_narrowing (product_code, organization_id, from_at)
    select ${productCode}::text, o.id, greatest(${work.now}::timestamptz, (select max(g.permitted_at) from access_grant as g
      where g.organization_id = o.id))
    from unnest(${[...organizationIds]}::uuid[]) as o (id)`.execute(work.sql);
}

/** Says anew at which moments to come a product's grants are shut until they are looked at. */
export async function planNarrowings(work: Work, productCode: string, moments: readonly Date[]): Promise<void> {
  const given = moments.map((moment) => moment.toISOString());
  await sql`with gone as (delete from release_narrowing
      where product_code = ${productCode} and organization_id is null and from_at > ${work.now})
    insert into release_narrowing (product_code, from_at)
    select ${productCode}, moment from unnest(${given}::timestamptz[]) as moment`.execute(work.sql);
}
