import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import type { TaskKind } from '../lifecycle/provisioning.js';

/** A grant that its product's release has shut, and by which directives. */
export interface HaltedGrant {
  readonly id: string;
  readonly directiveIds: readonly string[];
}

/**
 * Has access closed for grants, which are locked and which their product's release suspends together: in the same command
 * and in a few statements whatever their number. What is being closed already goes on, and says that this is one more
 * reason. The time is counted from when the release shut them.
 */
export async function closeAccessOf(work: Work, grants: readonly HaltedGrant[]): Promise<void> {
  const open = await openTasksOf(work, grants);
  await cancel(
    work,
    [...open.values()].filter(({ kind }) => kind !== 'DEPROVISION'),
  );
  const closing = new Map([...open].filter(([, { kind }]) => kind === 'DEPROVISION'));
  await addReasons(work, closing, grants);
  await order(
    work,
    grants.filter(({ id }) => !closing.has(id)),
  );
}

interface OpenTask {
  readonly id: string;
  readonly grantId: string;
  readonly kind: TaskKind;
}

/**
 * What is being done with these grants, of which there is one thing at most. It is looked up for one grant after the other,
 * because what the planner believes of the number of open tasks is from before a halt, and wrong during one.
 */
async function openTasksOf(work: Work, grants: readonly HaltedGrant[]): Promise<ReadonlyMap<string, OpenTask>> {
  const found = await sql<OpenTask>`select open.id, open.kind, given.grant_id as "grantId"
    from unnest(${grants.map(({ id }) => id)}::uuid[]) as given (grant_id)
      cross join lateral (select t.id, t.kind from provisioning_task as t
        where t.grant_id = given.grant_id and t.status in ('OPEN', 'CLAIMED') limit 1) as open`.execute(work.sql);
  return new Map(found.rows.map((task) => [task.grantId, task]));
}

async function cancel(work: Work, tasks: readonly OpenTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await sql`update provisioning_task set status = 'CANCELLED', claimed_until = null, updated_at = ${work.now}, version = version + 1
    where id = any(${tasks.map(({ id }) => id)}::uuid[]) and status in ('OPEN', 'CLAIMED')`.execute(work.sql);
}

async function addReasons(
  work: Work,
  closing: ReadonlyMap<string, OpenTask>,
  grants: readonly HaltedGrant[],
): Promise<void> {
  const more = grants.flatMap((grant) => {
    const task = closing.get(grant.id);
    return task ? [{ id: task.id, directives: asArray(grant) }] : [];
  });
  if (more.length === 0) return;
  await sql`update provisioning_task as t set directive_ids = t.directive_ids || given.directives::uuid[]
    from unnest(${more.map(({ id }) => id)}::uuid[], ${more.map(({ directives }) => directives)}::text[]) as given (id, directives)
    where t.id = given.id and t.status in ('OPEN', 'CLAIMED') and given.directives <> '{}'`.execute(work.sql);
}

async function order(work: Work, grants: readonly HaltedGrant[]): Promise<void> {
  const ids = grants.map(() => work.ids.next());
  await sql`insert into provisioning_task (id, grant_id, product_code, kind, status, directive_ids, since_at, created_at, due_at,
      ready_at, attempts, updated_at)
    select given.id, g.id, g.product_code, 'DEPROVISION', 'OPEN', given.directives::uuid[], shut.since_at, ${work.now},
      ${work.now}::timestamptz + make_interval(mins => p.close_within_minutes), ${work.now}, 0, ${work.now}
    from unnest(${ids}::uuid[], ${grants.map(({ id }) => id)}::uuid[], ${grants.map(asArray)}::text[]) as given (id, grant_id, directives)
      join access_grant as g on g.id = given.grant_id join product as p on p.code = g.product_code
      cross join lateral (select coalesce(min(n.from_at), ${work.now}::timestamptz) as since_at from release_narrowing as n
        where n.from_at between g.permitted_at and ${work.now}
          and (n.product_code = g.product_code and n.organization_id is null
            or n.organization_id = g.organization_id and coalesce(n.product_code, g.product_code) = g.product_code)) as shut
    where g.provisioned_at is not null and g.deprovisioned_at is null`.execute(work.sql);
}

function asArray({ directiveIds }: HaltedGrant): string {
  return `{${directiveIds.join(',')}}`;
}
