import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { comingNarrowings, type DirectiveInForce, permissionOf } from '../lifecycle/release.js';
import { type OrganizationInScope, ruleOnScope } from '../lifecycle/release-scope.js';
import { scopeColumns } from '../organizations/scope.queries.js';
import { narrowOrganizations, narrowProducts, planNarrowings } from '../products/narrowing.commands.js';
import { noteRelease } from '../products/noting.commands.js';
import { lockProducts } from '../products/product.commands.js';
import type { Product } from '../products/product.entity.js';
import { applyReleaseQueue } from '../products/release-job.js';
import { directivesInForce } from './in-force.queries.js';

/**
 * Makes a change of what is ordered, and shuts at once what is permitted no more by it: a product that is halted, or
 * the organizations that fall out of scope. A job marks their grants afterwards.
 * @param codes the products concerned; null for every
 */
export async function changeRelease(work: Work, codes: readonly string[] | null, change: () => void): Promise<void> {
  const products = await lockProducts(work, codes ?? (await allProductCodes(work)));
  const before = await directivesInForce(work.sql);
  change();
  await work.em.flush();
  const after = await directivesInForce(work.sql);
  for (const product of products) await narrow(work, product, before, after);
  work.enqueue(applyReleaseQueue, { productCodes: products.map(({ code }) => code) });
}

async function narrow(
  work: Work,
  { code, statedStatus }: Product,
  before: readonly DirectiveInForce[],
  after: readonly DirectiveInForce[],
): Promise<void> {
  await planNarrowings(work, code, comingNarrowings(code, after, work.now));
  const was = permissionOf(code, statedStatus, before, work.now);
  const is = permissionOf(code, statedStatus, after, work.now);
  await noteRelease(work, { productCode: code, was: was.status, is: is.status, at: work.now });
  if (is.status === 'HALTED') {
    if (was.status !== 'HALTED') await narrowProducts(work, [code]);
    return;
  }
  const holders = await organizationsWithAccess(work, code);
  const shutOut = holders.filter(
    (holder) => ruleOnScope(was, holder).objections.length === 0 && ruleOnScope(is, holder).objections.length > 0,
  );
  if (shutOut.length > 0)
    await narrowOrganizations(
      work,
      shutOut.map(({ id }) => id),
      code,
    );
}

async function allProductCodes(work: Work): Promise<readonly string[]> {
  const found = await sql<{ code: string }>`select code from product order by code`.execute(work.sql);
  return found.rows.map(({ code }) => code);
}

async function organizationsWithAccess(work: Work, productCode: string) {
  const found = await sql<OrganizationInScope>`select ${scopeColumns} from organization as o
    where exists (select from access_grant as g
      where g.organization_id = o.id and g.product_code = ${productCode} and g.status in ('ACTIVE', 'SUSPENDED'))`.execute(
    work.sql,
  );
  return found.rows;
}
