import { LockMode } from '@mikro-orm/core';
import type { Work } from '../doorway/command.js';
import { standingOf } from '../lifecycle/actor.js';
import { type GrantCommand, type GrantStatus, ruleOnGrant } from '../lifecycle/grant.js';
import type { ScopeRuling } from '../lifecycle/release-scope.js';
import { permit } from './grant.commands.js';
import { AccessGrant } from './grant.entity.js';

/** Locks grants that wait to be let in. Those that somebody is changing at this moment are left for the next time. */
export async function lockToBegin(
  work: Work,
  ids: readonly string[],
  command: GrantCommand,
): Promise<ReadonlyMap<string, AccessGrant>> {
  const grants = await work.em.find(
    AccessGrant,
    { id: { $in: [...ids] } },
    { lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
  );
  const standing = standingOf(work.actor, null);
  const free = grants.filter(({ status, endsAt }) => {
    const facts = { status, endsAt, suspensions: [], deprovisionedAt: null, isHeldByScreening: false };
    return ruleOnGrant(command, facts, standing, work.now).length === 0;
  });
  return new Map(free.map((grant) => [grant.id, grant]));
}

/** The time that was granted is counted from the day on which there is something to use. */
export function begin(work: Work, grant: AccessGrant, status: GrantStatus, ruling: ScopeRuling): void {
  const time = grant.endsAt.getTime() - grant.startsAt.getTime();
  grant.status = status;
  grant.startsAt = work.now;
  grant.endsAt = new Date(work.now.getTime() + time);
  grant.updatedAt = work.now;
  permit(work, grant, ruling);
}
