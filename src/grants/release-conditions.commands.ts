import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import type { GrantStatus } from '../lifecycle/grant.js';
import { conditionsLacking, type ScopeRuling } from '../lifecycle/release-scope.js';
import { Refusal } from '../platform/errors.js';
import { followGrant } from '../provisioning/task-making.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { lastOfPage, type PageOfGrants } from './grants-of-product.js';
import { lockPermission, rulingsOn } from './release-ruling.queries.js';

/** How many grants one command looks at. */
const batch = 500;

/** Grants that are permitted, or will be asked whether they are before they can be used. Others are given conditions then. */
export const statusesWithConditions: readonly GrantStatus[] = ['WAITLISTED', 'PENDING_PROVISIONING', 'ACTIVE'];

/**
 * Adds to grants of a product what the directives that permit them lay down, when they do not carry it yet. Looks at
 * those after the given one, in the order of their ids; given by the portal itself, until there is none left.
 */
export const addConditions: PageOfGrants = {
  name: 'grant.addConditions',
  async run(work, { productCode, after }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal applies releases by itself.');
    const permission = await lockPermission(work.sql, productCode, work.now);
    if (permission.status === 'HALTED') return { last: null };
    const found = await sql<{ id: string; organizationId: string; conditions: readonly string[] }>`
      select g.id, g.organization_id as "organizationId", g.conditions from access_grant as g
      where g.product_code = ${productCode} and g.status = any(${[...statusesWithConditions]}::text[])
        and (${after}::uuid is null or g.id > ${after}::uuid) order by g.id limit ${batch}`.execute(work.sql);
    const rulings = await rulingsOn(
      work.sql,
      permission,
      found.rows.map(({ organizationId }) => organizationId),
    );
    const lacking = found.rows.filter(
      ({ organizationId, conditions }) => conditionsLacking(rulings.get(organizationId), conditions).length > 0,
    );
    await add(
      work,
      lacking.map(({ id }) => id),
      rulings,
    );
    return lastOfPage(found.rows, batch);
  },
};

async function add(work: Work, ids: readonly string[], rulings: ReadonlyMap<string, ScopeRuling>): Promise<void> {
  const grants = await work.em.find(
    AccessGrant,
    { id: { $in: [...ids] }, status: { $in: [...statusesWithConditions] } },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  for (const grant of grants) {
    const conditionsBefore = grant.conditions;
    const ruling = rulings.get(grant.organizationId);
    const lacking = conditionsLacking(ruling, conditionsBefore);
    if (!ruling || lacking.length === 0) continue;
    grant.conditions = [...conditionsBefore, ...lacking];
    grant.permittedBy = ruling.permittedBy;
    grant.updatedAt = work.now;
    await followGrant(work, grant, { changed: true });
    recordGrantEvent(work, grant, 'grant.conditions_added', { conditions: grant.conditions, conditionsBefore });
  }
}
