import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import type { Permission } from '../lifecycle/release.js';
import type { ScopeRuling } from '../lifecycle/release-scope.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { closeAccessOf } from '../provisioning/halted-grants.commands.js';
import { type GrantInEvent, recordGrantEvent } from './grant-events.js';
import { lockPermission, rulingsOn } from './release-ruling.queries.js';
import { isUnmarkedSql, shutGrantsSql } from './suspension.queries.js';

/** How many grants one command looks at, each with an audit record of its own. */
const batch = 500;

/** What partners read of it; whose order it was is told to staff. */
const reason = 'The product is not released to your organization at present, by order of an authority.';

/**
 * Looks at grants of a product that its release has shut: suspends those that are not permitted, and lets those count
 * again that are. Given by the portal itself, until there is none left.
 */
export const applyRelease: Command<
  { readonly productCode: string },
  { readonly seen: number; readonly suspended: number }
> = {
  name: 'grant.applyRelease',
  async run(work, { productCode }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal applies releases by itself.');
    const permission = await lockPermission(work.sql, productCode, work.now);
    const shut = await shutGrants(work, productCode);
    const rulings = await rulingsOn(
      work.sql,
      permission,
      shut.map(({ organizationId }) => organizationId),
    );
    const ruled = shut.flatMap((grant) => {
      const ruling = rulings.get(grant.organizationId);
      return ruling ? [{ grant, ruling }] : [];
    });
    const permitted = ruled.filter(({ ruling }) => ruling.objections.length === 0);
    if (permitted.length > 0) {
      await letCount(work, permitted);
      await recordPermitted(work, productCode, permission, permitted);
    }
    const shutOut = ruled.filter(({ ruling }) => ruling.objections.length > 0);
    const suspended = shutOut.map(({ grant }) => grant);
    await suspend(work, suspended);
    await closeAccessOf(
      work,
      shutOut.map(({ grant, ruling }) => ({ id: grant.id, directiveIds: directivesOf(ruling) })),
    );
    return { seen: shut.length, suspended: suspended.length };
  },
};

/** Those by which somebody is kept out. */
function directivesOf({ objections }: ScopeRuling): readonly string[] {
  const ids = objections.map(({ directiveId }) => directiveId).filter((id) => id !== null);
  return [...new Set(ids)];
}

/** Those that somebody has marked, or ended, since they were found are left out once they are locked. */
async function shutGrants(work: Work, productCode: string): Promise<readonly GrantInEvent[]> {
  const found = await sql<GrantInEvent>`select g.id, g.reference, g.application_id as "applicationId", g.status,
      g.organization_id as "organizationId", g.product_code as "productCode"
    from access_grant as g
    where g.id in (${shutGrantsSql(sql`${productCode}`, sql`${work.now}::timestamptz`)} limit ${batch})
      and ${isUnmarkedSql((name) => sql.ref(`g.${name}`))}
    for update of g skip locked`.execute(work.sql);
  return found.rows;
}

/** Later than whatever has shut them, which may be later than the clock of this process. */
async function letCount(
  work: Work,
  ruled: readonly { readonly grant: GrantInEvent; readonly ruling: ScopeRuling }[],
): Promise<void> {
  const ids = ruled.map(({ grant }) => grant.id);
  const permittedBy = ruled.map(({ ruling }) => JSON.stringify(ruling.permittedBy));
  await sql`update access_grant as g set permitted_by = given.permitted_by::jsonb, updated_at = ${work.now}, version = version + 1,
      permitted_at = greatest(${work.now}::timestamptz, (select max(n.from_at) from release_narrowing as n
        where (n.product_code = g.product_code or n.organization_id = g.organization_id) and n.from_at <= ${work.now}) + interval '1 millisecond')
    from unnest(${ids}::uuid[], ${permittedBy}::text[]) as given (id, permitted_by) where g.id = given.id`.execute(
    work.sql,
  );
}

/** One record for all of them, because nothing of them has changed for their partners. */
async function recordPermitted(
  work: Work,
  productCode: string,
  { status }: Permission,
  permitted: readonly { readonly grant: GrantInEvent }[],
): Promise<void> {
  const found = await sql<{ id: string }>`select id from product where code = ${productCode}`.execute(work.sql);
  const [product] = found.rows;
  if (!product) throw new Error(`There is no product ${productCode}.`);
  work.record({
    event: 'product.grants_confirmed',
    payload: {
      productId: encodeId('product', product.id),
      productCode,
      releaseStatus: status,
      grantIds: permitted.map(({ grant }) => encodeId('grant', grant.id)),
    },
    subject: { kind: 'product', id: product.id },
    organizationId: null,
  });
}

/** For a grant that is suspended for other causes already, it is one more. */
async function suspend(work: Work, grants: readonly GrantInEvent[]): Promise<void> {
  const ids = grants.map(({ id }) => id);
  const suspensions = grants.map(() => work.ids.next());
  await sql`insert into grant_suspension (id, grant_id, cause, reason, since_at)
    select given.id, given.grant_id, 'RELEASE', ${reason}, ${work.now}
    from unnest(${suspensions}::uuid[], ${ids}::uuid[]) as given (id, grant_id)`.execute(work.sql);
  await sql`update access_grant set shut_by_release = true, updated_at = ${work.now}, version = version + 1, status = 'SUSPENDED',
      status_reason = case when status = 'ACTIVE' then ${reason} else status_reason end,
      deprovisioned_at = case when status = 'ACTIVE' then null else deprovisioned_at end
    where id = any(${ids}::uuid[])`.execute(work.sql);
  for (const grant of grants) {
    const event = grant.status === 'ACTIVE' ? 'grant.suspended' : 'grant.suspension_added';
    recordGrantEvent(work, { ...grant, status: 'SUSPENDED' }, event, { cause: 'RELEASE', reason });
  }
}
