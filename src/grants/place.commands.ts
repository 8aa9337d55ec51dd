import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { standingOf } from '../lifecycle/actor.js';
import { ruleOnGrant } from '../lifecycle/grant.js';
import { ruleOnScope, type ScopeRuling } from '../lifecycle/release-scope.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { lockPlaces } from '../waves/place.commands.js';
import { permit } from './grant.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { lockPermission } from './release-ruling.queries.js';

/** How many places one command gives, each with an audit record of its own. */
const batch = 100;

/**
 * Gives the free places of an open wave to those who wait and to whom its product's release permits it, the next first.
 * Given by the portal itself, until nobody is let in any more.
 */
export const givePlaces: Command<
  { readonly waveId: string; readonly productCode: string },
  { readonly given: number }
> = {
  name: 'grant.givePlaces',
  async run(work, { waveId, productCode }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal gives places by itself.');
    const permission = await lockPermission(work.sql, productCode, work.now);
    const wave = await lockPlaces(work, { waveId, productCode });
    if (!wave) return { given: 0 };
    const rulings = new Map<string, ScopeRuling>();
    const next = await wave.next(batch, ({ organization }) => {
      const ruling = ruleOnScope(permission, organization);
      rulings.set(organization.id, ruling);
      return ruling.objections.length === 0;
    });
    const grants = await lockWaiting(
      work,
      next.map(({ grantId }) => grantId),
    );
    for (const one of next) {
      const [grant, ruling] = [grants.get(one.grantId), rulings.get(one.organizationId)];
      if (!grant || !ruling) continue;
      begin(work, grant, ruling);
      wave.give(one);
      recordGrantEvent(work, grant, 'grant.place_given', {
        waveId: encodeId('wave', waveId),
        endsAt: grant.endsAt.toISOString(),
      });
    }
    return { given: grants.size };
  },
};

/** Those that somebody is changing at this moment are left for the next time. */
async function lockWaiting(work: Work, ids: readonly string[]): Promise<ReadonlyMap<string, AccessGrant>> {
  const grants = await work.em.find(
    AccessGrant,
    { id: { $in: [...ids] } },
    { lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
  );
  const standing = standingOf(work.actor, null);
  const givable = grants.filter((grant) => {
    const { status, endsAt } = grant;
    const facts = { status, endsAt, suspensions: [], deprovisionedAt: null, isHeldByScreening: false };
    return ruleOnGrant('givePlace', facts, standing, work.now).length === 0;
  });
  return new Map(givable.map((grant) => [grant.id, grant]));
}

/** The time that was granted is counted from the day on which there is something to use. */
function begin(work: Work, grant: AccessGrant, ruling: ScopeRuling): void {
  const time = grant.endsAt.getTime() - grant.startsAt.getTime();
  grant.status = 'PENDING_PROVISIONING';
  grant.startsAt = work.now;
  grant.endsAt = new Date(work.now.getTime() + time);
  grant.updatedAt = work.now;
  permit(work, grant, ruling);
}
