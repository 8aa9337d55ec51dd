import type { Command } from '../doorway/command.js';
import { ruleOnScope, type ScopeRuling } from '../lifecycle/release-scope.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { followGrant } from '../provisioning/task-making.commands.js';
import { lockPlaces } from '../waves/place.commands.js';
import { begin, lockToBegin } from './beginning.js';
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
    const grants = await lockToBegin(
      work,
      next.map(({ grantId }) => grantId),
      'givePlace',
    );
    for (const one of next) {
      const [grant, ruling] = [grants.get(one.grantId), rulings.get(one.organizationId)];
      if (!grant || !ruling) continue;
      begin(work, grant, 'PENDING_PROVISIONING', ruling);
      await followGrant(work, grant);
      wave.give(one);
      recordGrantEvent(work, grant, 'grant.place_given', {
        waveId: encodeId('wave', waveId),
        endsAt: grant.endsAt.toISOString(),
      });
    }
    return { given: grants.size };
  },
};
