import { sql } from 'kysely';
import { directivesInForce } from '../directives/in-force.queries.js';
import { allApplicationStatuses, finalApplicationStatuses } from '../lifecycle/application.js';
import { allGrantStatuses, endedGrantStatuses } from '../lifecycle/grant.js';
import { permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import type { RawSql } from '../platform/database/database.js';

const liveGrants = allGrantStatuses.filter((status) => !endedGrantStatuses.includes(status));
const openApplications = allApplicationStatuses.filter((status) => !finalApplicationStatuses.includes(status));

/** Organizations with a grant of the product that has not ended, or an open application for it, in the order of their ids. */
export async function organizationsConcerned(
  database: RawSql,
  { productCode, after, most }: { readonly productCode: string; readonly after: string | null; readonly most: number },
): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select o.id from organization as o
    where (${after}::uuid is null or o.id > ${after}::uuid)
      and (exists (select from access_grant as g where g.organization_id = o.id
          and g.product_code = ${productCode} and g.status = any(${[...liveGrants]}::text[]) offset 0)
        or exists (select from application as a join program as p on p.id = a.program_id where a.organization_id = o.id
          and p.product_code = ${productCode} and a.status = any(${[...openApplications]}::text[]) offset 0))
    order by o.id limit ${most}`.execute(database);
  return found.rows.map(({ id }) => id);
}

/** Products whose release is another now than the last change that is on record, or of which none is. */
export async function productsToNote(database: RawSql, now: Date): Promise<readonly string[]> {
  const found = await sql<{ code: string; stated: ReleaseStatus; last: ReleaseStatus | null }>`
    select p.code, p.stated_status as stated, (select c.to_status from release_change as c
      where c.product_code = p.code order by c.number desc limit 1) as last
    from product as p order by p.code`.execute(database);
  const directives = await directivesInForce(database);
  return found.rows
    .filter(({ code, stated, last }) => permissionOf(code, stated, directives, now).status !== last)
    .map(({ code }) => code);
}

/** Changes that somebody is still to be told of, those of a product in their order. */
export async function changesToTell(database: RawSql): Promise<readonly { readonly changeId: string }[]> {
  const found = await sql<{ changeId: string }>`select id as "changeId" from release_change
    where told_at is null order by product_code, number`.execute(database);
  return found.rows;
}
