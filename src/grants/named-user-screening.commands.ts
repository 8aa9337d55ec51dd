import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { encodeId } from '../platform/ids.js';
import { type GrantInEvent, recordGrantEvent } from './grant-events.js';
import { hasUnclearedHitOfUserSql } from './named-user-standing.queries.js';

interface UserOfGrant extends GrantInEvent {
  readonly userId: string;
  readonly wasScreened: boolean;
  readonly isHeld: boolean;
}

/**
 * Notes that names were looked for, within the command that did, and tells of users who may be let in since, or may not:
 * those who were never looked for before, and those whose hits are others than before.
 * @param heldBefore who had a hit that was not cleared, before the command changed any
 * @param screened those whose names were looked for
 */
export async function noteNamedUsersScreened(
  work: Work,
  organizationId: string,
  heldBefore: ReadonlySet<string>,
  screened: readonly string[],
): Promise<void> {
  for (const { userId, wasScreened, isHeld, ...grant } of await usersOf(work, organizationId)) {
    const isFirst = !wasScreened && screened.includes(userId);
    if (!isFirst && isHeld === heldBefore.has(userId)) continue;
    recordGrantEvent(
      work,
      grant,
      'named_user.screened',
      { namedUserId: encodeId('nameduser', userId), standing: isHeld ? 'HELD' : 'CLEAR' },
      { kind: 'nameduser', id: userId },
    );
  }
  if (screened.length === 0) return;
  await sql`update named_user set screened_at = ${work.now} where id = any(${screened}::uuid[])`.execute(work.sql);
}

/** Everybody named by an organization, on whatever grant. */
async function usersOf({ sql: database }: Work, organizationId: string): Promise<readonly UserOfGrant[]> {
  const found = await sql<UserOfGrant>`select u.id as "userId", u.screened_at is not null as "wasScreened",
      ${hasUnclearedHitOfUserSql(sql`u.id`)} as "isHeld", g.id, g.reference, g.application_id as "applicationId",
      g.organization_id as "organizationId", g.product_code as "productCode", g.status
    from named_user as u join access_grant as g on g.id = u.grant_id
    where u.organization_id = ${organizationId} and u.removed_at is null order by u.id`.execute(database);
  return found.rows;
}
