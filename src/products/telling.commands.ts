import { sql } from 'kysely';
import { directivesInForce } from '../directives/in-force.queries.js';
import type { Command, Work } from '../doorway/command.js';
import { permissionOf, type ReleaseStatus, statusHeldSince } from '../lifecycle/release.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { noteRelease } from './noting.commands.js';
import { lockProducts } from './product.commands.js';
import { organizationsConcerned } from './telling.queries.js';

/** How many organizations one command tells, each with an audit record of its own. */
const batch = 200;

/** Keeps that time changed a product's release, because a directive took effect or ended; given by the portal itself. */
export const noteReleaseChange: Command<{ readonly productCode: string }, { readonly productCode: string }> = {
  name: 'product.noteReleaseChange',
  async run(work, { productCode }) {
    requireSystem(work);
    const [product] = await lockProducts(work, [productCode]);
    if (!product) throw Refusal.notFound('product', ['productCode']);
    const directives = await directivesInForce(work.sql);
    const { status } = permissionOf(productCode, product.statedStatus, directives, work.now);
    const at = statusHeldSince(productCode, product.statedStatus, directives, work.now);
    await noteRelease(work, { productCode, was: status, is: status, at });
    return { productCode };
  },
};

/**
 * Tells the next organizations of a change that none has been told of yet, each once; given by the portal itself until
 * there is none left.
 */
export const tellReleaseChange: Command<{ readonly changeId: string }, { readonly told: number }> = {
  name: 'product.tellReleaseChange',
  async run(work, { changeId }) {
    requireSystem(work);
    const change = await lockUntold(work, changeId);
    if (!change) return { told: 0 };
    const { productId, productCode, from, to, effectiveAt, toldUpTo } = change;
    const concerned = await organizationsConcerned(work.sql, { productCode, after: toldUpTo, most: batch });
    for (const organizationId of concerned)
      work.record({
        event: 'product.release_changed',
        payload: { productId: encodeId('product', productId), productCode, from, to, effectiveAt },
        // Not the product: what is about a product is shown to authorities, and who applies for it is none of their business.
        subject: { kind: 'organization', id: organizationId },
        organizationId,
      });
    const last = concerned.at(-1) ?? toldUpTo;
    const toldAt = concerned.length < batch ? work.now : null;
    await sql`update release_change set told_up_to = ${last}, told_at = ${toldAt} where id = ${changeId}`.execute(
      work.sql,
    );
    return { told: toldAt ? 0 : concerned.length };
  },
};

interface UntoldChange {
  readonly productId: string;
  readonly productCode: string;
  readonly from: ReleaseStatus;
  readonly to: ReleaseStatus;
  readonly effectiveAt: string;
  readonly toldUpTo: string | null;
}

async function lockUntold(work: Work, id: string): Promise<UntoldChange | undefined> {
  const found = await sql<Omit<UntoldChange, 'effectiveAt'> & { readonly effectiveAt: Date | string }>`
    select p.id as "productId", p.code as "productCode", c.from_status as "from", c.to_status as "to",
      c.effective_at as "effectiveAt", c.told_up_to as "toldUpTo"
    from release_change as c join product as p on p.code = c.product_code
    where c.id = ${id} and c.told_at is null for update of c`.execute(work.sql);
  const [row] = found.rows;
  return row && { ...row, effectiveAt: new Date(row.effectiveAt).toISOString() };
}

function requireSystem(work: Work): void {
  if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal tells of releases by itself.');
}
