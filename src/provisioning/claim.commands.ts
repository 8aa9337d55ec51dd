import { sql } from 'kysely';
import { directivesInForce } from '../directives/in-force.queries.js';
import type { Command, Work } from '../doorway/command.js';
import { isPermittedSql } from '../grants/release-ruling.queries.js';
import { hasBegun, lease, mostClaimed, type TaskKind } from '../lifecycle/provisioning.js';
import { permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import { ruleOnScope } from '../lifecycle/release-scope.js';
import { organizationsInScope } from '../organizations/scope.queries.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { requireSystem } from './requirements.js';

/** A task that could be handed out, locked. */
interface Candidate {
  readonly id: string;
  readonly kind: TaskKind;
  readonly attempts: number;
  readonly productCode: string;
  readonly stated: ReleaseStatus;
  readonly organizationId: string;
  readonly isPermitted: boolean;
}

export interface ClaimInput {
  readonly limit: number;
  /** Some of the system's products; null for all. */
  readonly productCodes: readonly string[] | null;
  readonly leaseSeconds: number | null;
}

/** How long a task is set aside whose grant is not permitted, before it is looked at again. */
const heldSeconds = 60;

/** So often it is looked for more, when some of what was found must be held back. */
const rounds = 5;

/**
 * Hands out tasks: closing access first, then whatever has waited longest. Nobody else is given them until the lease is
 * over. What the product's release does not permit is not handed out. The answer names the tasks, one after another.
 */
export const claimProvisioningTasks: Command<ClaimInput, { readonly taskIds: string }> = {
  name: 'provisioning.claim',
  async run(work, input) {
    const system = await requireSystem(work, 'claim', 'PROVISION');
    const { limit, productCodes, leaseSeconds } = requireClaim(input, system.productCodes);
    const claimed: string[] = [];
    for (let round = 0; round < rounds && claimed.length < limit; round += 1) {
      const found = await candidates(work, productCodes, limit - claimed.length);
      const held = await heldBack(work, found);
      await hold(work, held);
      const rest = found.filter(({ id }) => !held.some((one) => one.id === id)).map(({ id }) => id);
      claimed.push(...rest);
      await take(work, rest, system.id, leaseSeconds);
      if (held.length === 0) break;
    }
    if (claimed.length > 0)
      work.record({
        event: 'provisioning.claimed',
        payload: {
          systemId: encodeId('provisioningsystem', system.id),
          name: system.name,
          taskIds: claimed.map((id) => encodeId('provisioningtask', id)),
          claimedUntil: new Date(work.now.getTime() + leaseSeconds * 1000).toISOString(),
        },
        subject: { kind: 'provisioningsystem', id: system.id },
        organizationId: null,
      });
    return { taskIds: claimed.join(',') };
  },
};

function requireClaim({ limit, productCodes, leaseSeconds }: ClaimInput, own: readonly string[]) {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostClaimed)
    throw Refusal.of('INVALID', `One claim takes from 1 to ${mostClaimed} tasks.`, ['limit']);
  const seconds = leaseSeconds ?? lease.usual;
  if (!Number.isInteger(seconds) || seconds < lease.least || seconds > lease.most)
    throw Refusal.of('INVALID', `A lease lasts from ${lease.least} to ${lease.most} seconds.`, ['leaseSeconds']);
  const strange = (productCodes ?? []).findIndex((code) => !own.includes(code));
  if (strange >= 0)
    throw Refusal.of('NOT_FOUND', 'Your system is not registered for this product.', ['productCodes', String(strange)]);
  return { limit, productCodes: productCodes ?? own, leaseSeconds: seconds };
}

/** Those that come first, passing over what others are at this moment looking at. */
async function candidates(work: Work, productCodes: readonly string[], limit: number): Promise<readonly Candidate[]> {
  const isPermitted = isPermittedSql((name) => sql.ref(`g.${name}`), sql`${work.now}::timestamptz`);
  const found = await sql<Candidate>`
    select t.id, t.kind, t.attempts, t.product_code as "productCode", p.stated_status as stated, g.organization_id as "organizationId",
      ${isPermitted} as "isPermitted"
    from product as p cross join lateral (
        select * from provisioning_task as task
        where task.product_code = p.code and task.status in ('OPEN', 'CLAIMED') and task.ready_at <= ${work.now}
        order by (task.kind <> 'DEPROVISION'), task.created_at, task.id limit ${limit} for update skip locked) as t
      join access_grant as g on g.id = t.grant_id
    where p.code = any(${[...productCodes]}::text[])
    order by (t.kind <> 'DEPROVISION'), t.created_at, t.id limit ${limit}`.execute(work.sql);
  return found.rows;
}

/** Those that would open access which the release of the product shuts. Closing is never held back. */
async function heldBack(work: Work, found: readonly Candidate[]): Promise<readonly Candidate[]> {
  const doubtful = found.filter(({ kind, isPermitted }) => kind !== 'DEPROVISION' && !isPermitted);
  if (doubtful.length === 0) return [];
  // A grant that was shut may be permitted again by now.
  const directives = await directivesInForce(work.sql);
  const organizations = await organizationsInScope(
    work.sql,
    doubtful.map(({ organizationId }) => organizationId),
  );
  return doubtful.filter(({ productCode, stated, organizationId }) => {
    const organization = organizations.get(organizationId);
    const permission = permissionOf(productCode, stated, directives, work.now);
    return !organization || ruleOnScope(permission, organization).objections.length > 0;
  });
}

/** Sets them aside. What a system had in hand already may have been opened in part: it is to be closed first. */
async function hold(work: Work, held: readonly Candidate[]): Promise<void> {
  const later = new Date(work.now.getTime() + heldSeconds * 1000);
  const waiting = held.filter((task) => !hasBegun(task)).map(({ id }) => id);
  if (waiting.length > 0)
    await sql`update provisioning_task set ready_at = ${later}, version = version + 1 where id = any(${waiting}::uuid[])`.execute(
      work.sql,
    );
  const begun = held.filter(hasBegun).map(({ id }) => id);
  if (begun.length === 0) return;
  await sql`update provisioning_task set status = 'CANCELLED', claimed_until = null, updated_at = ${work.now}, version = version + 1
    where id = any(${begun}::uuid[])`.execute(work.sql);
  await sql`insert into provisioning_task (id, grant_id, product_code, kind, status, directive_ids, since_at, created_at, due_at,
      ready_at, attempts, updated_at)
    select given.new_id, t.grant_id, t.product_code, 'DEPROVISION', 'OPEN', '{}', ${work.now}, ${work.now},
      ${work.now}::timestamptz + make_interval(mins => p.close_within_minutes), ${work.now}, 0, ${work.now}
    from unnest(${begun}::uuid[], ${begun.map(() => work.ids.next())}::uuid[]) as given (id, new_id)
      join provisioning_task as t on t.id = given.id join product as p on p.code = t.product_code`.execute(work.sql);
}

async function take(work: Work, ids: readonly string[], systemId: string, leaseSeconds: number): Promise<void> {
  if (ids.length === 0) return;
  const until = new Date(work.now.getTime() + leaseSeconds * 1000);
  await sql`update provisioning_task set status = 'CLAIMED', system_id = ${systemId}, claimed_until = ${until}, ready_at = ${until},
      attempts = attempts + 1, updated_at = ${work.now}, version = version + 1
    where id = any(${[...ids]}::uuid[])`.execute(work.sql);
}
