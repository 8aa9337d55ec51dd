import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import type { ScopeRuling } from '../lifecycle/release-scope.js';
import { Refusal } from '../platform/errors.js';
import { followGrant } from '../provisioning/task-making.commands.js';
import { claimPlace } from '../waves/place.commands.js';
import { begin, lockToBegin } from './beginning.js';
import { statusWith } from './grant.commands.js';
import type { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { lastOfPage, type PageOfGrants } from './grants-of-product.js';
import { lockPermission, rulingsOn } from './release-ruling.queries.js';

/** How many grants one command looks at, each with an audit record of its own when it is let in. */
const batch = 100;

/**
 * Lets in the grants of a product that were approved in principle and that its release permits now, the oldest approval
 * first. Looks at those after the given one: ids are made in the order of time. Given by the portal itself, until there
 * is none left.
 */
export const letIn: PageOfGrants = {
  name: 'grant.letIn',
  async run(work, { productCode, after }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal lets grants in by itself.');
    const permission = await lockPermission(work.sql, productCode, work.now);
    if (permission.status === 'HALTED') return { last: null };
    const waiting = await nextInPrinciple(work, productCode, after);
    const rulings = await rulingsOn(
      work.sql,
      permission,
      waiting.map(({ organizationId }) => organizationId),
    );
    const permitted = waiting.filter(({ organizationId }) => rulings.get(organizationId)?.objections.length === 0);
    const grants = await lockToBegin(
      work,
      permitted.map(({ id }) => id),
      'letIn',
    );
    for (const { id, organizationId } of permitted) {
      const [grant, ruling] = [grants.get(id), rulings.get(organizationId)];
      if (grant && ruling) await letInOne(work, grant, ruling);
    }
    return lastOfPage(waiting, batch);
  },
};

interface InPrinciple {
  readonly id: string;
  readonly organizationId: string;
}

async function nextInPrinciple(work: Work, productCode: string, after: string | null): Promise<readonly InPrinciple[]> {
  const found = await sql<InPrinciple>`select g.id, g.organization_id as "organizationId" from access_grant as g
    where g.product_code = ${productCode} and g.status = 'APPROVED_IN_PRINCIPLE'
      and (${after}::uuid is null or g.id > ${after}::uuid) order by g.id limit ${batch}`.execute(work.sql);
  return found.rows;
}

async function letInOne(work: Work, grant: AccessGrant, ruling: ScopeRuling): Promise<void> {
  const { id: grantId, productCode, organizationId, seats } = grant;
  const found = await claimPlace(work, { grantId, productCode, organizationId, seats });
  begin(work, grant, statusWith(found), ruling);
  await followGrant(work, grant);
  recordGrantEvent(work, grant, 'grant.let_in', {
    position: found && 'position' in found ? found.position : null,
    conditions: grant.conditions,
    endsAt: grant.endsAt.toISOString(),
  });
  // Whoever comes next counts the places from the database.
  if (found) await work.em.flush();
}
