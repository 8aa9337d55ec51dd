import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';

/** A grant that its product's release has shut, and by which directives. */
export interface HaltedGrant {
  readonly id: string;
  readonly directiveIds: readonly string[];
}

/**
 * Has access closed for grants that their product's release suspends together, in the same command and in three
 * statements whatever their number. What is being closed already goes on, and says that this is one more reason. The time
 * is counted from when the release shut them.
 */
export async function closeAccessOf(work: Work, grants: readonly HaltedGrant[]): Promise<void> {
  const grantIds = grants.map(({ id }) => id);
  await sql`update provisioning_task set status = 'CANCELLED', claimed_until = null, updated_at = ${work.now}, version = version + 1
    where grant_id = any(${grantIds}::uuid[]) and status in ('OPEN', 'CLAIMED') and kind <> 'DEPROVISION'`.execute(
    work.sql,
  );
  const ids = grants.map(() => work.ids.next());
  const directives = grants.map(({ directiveIds }) => `{${directiveIds.join(',')}}`);
  await sql`update provisioning_task as t set directive_ids = t.directive_ids || given.directives::uuid[]
    from unnest(${grantIds}::uuid[], ${directives}::text[]) as given (grant_id, directives)
    where t.grant_id = given.grant_id and t.status in ('OPEN', 'CLAIMED') and given.directives <> '{}'`.execute(
    work.sql,
  );
  await sql`insert into provisioning_task (id, grant_id, product_code, kind, status, directive_ids, since_at, created_at, due_at,
      ready_at, attempts, updated_at)
    select given.id, g.id, g.product_code, 'DEPROVISION', 'OPEN', given.directives::uuid[], shut.since_at, ${work.now},
      ${work.now}::timestamptz + make_interval(mins => p.close_within_minutes), ${work.now}, 0, ${work.now}
    from unnest(${ids}::uuid[], ${grantIds}::uuid[], ${directives}::text[]) as given (id, grant_id, directives)
      join access_grant as g on g.id = given.grant_id join product as p on p.code = g.product_code
      cross join lateral (select coalesce(min(n.from_at), ${work.now}::timestamptz) as since_at from release_narrowing as n
        where n.from_at between g.permitted_at and ${work.now}
          and (n.product_code = g.product_code and n.organization_id is null
            or n.organization_id = g.organization_id and coalesce(n.product_code, g.product_code) = g.product_code)) as shut
    where g.provisioned_at is not null and g.deprovisioned_at is null
      and not exists (select from provisioning_task as t where t.grant_id = g.id and t.status in ('OPEN', 'CLAIMED'))`.execute(
    work.sql,
  );
}
