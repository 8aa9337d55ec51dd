import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { standingOf } from '../lifecycle/actor.js';
import { ruleOnGrant } from '../lifecycle/grant.js';
import type { ScopeRuling } from '../lifecycle/release-scope.js';
import { asWaveOrder } from '../lifecycle/restoration.js';
import { type Claim, nextInside, orderKey } from '../lifecycle/wave.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { drawnNumber } from '../waves/place.commands.js';
import { permit } from './grant.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { isHeldByScreeningSql } from './held-grants.queries.js';
import { lockPermission, rulingsOn } from './release-ruling.queries.js';
import { recordRestorationEvent } from './restoration.commands.js';
import { Restoration, RestoredGrant } from './restoration.entity.js';
import { liftSuspension, openSuspensionsOf, toOpenSuspension } from './suspending.js';
import { isSuspendedForSql } from './suspension.queries.js';

/** How many grants one command restores, each with audit records of its own. */
const batch = 100;

/** A grant that the product's release had shut and permits again. */
interface Restorable extends Claim {
  readonly id: string;
  readonly ruling: ScopeRuling;
  /** Screening has not been heard about it yet. */
  readonly isHeld: boolean;
}

interface Turn extends Restorable {
  readonly batch: number;
}

/**
 * Restores the next grants of a restoration: of those in scope, in its order, as many as its open batches let in. Lifts
 * what the release had shut, and nothing else. Given by the portal itself, until there is none left; whatever it
 * restored is on record with it, so a crash repeats nothing.
 */
export const restoreNext: Command<{ readonly restorationId: string }, { readonly restored: number }> = {
  name: 'grant.restore',
  async run(work, { restorationId }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal carries out restorations by itself.');
    const restoration = await work.em.findOne(
      Restoration,
      { id: restorationId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (restoration?.status !== 'CONFIRMED') return { restored: 0 };
    const inside = await work.em.find(RestoredGrant, { restorationId });
    const waiting = await restorable(work, restoration);
    const turns = turnsOf(restoration, inside, waiting, work.now);
    const restored = await restore(work, restoration, turns.slice(0, batch));
    const isOver = restoration.batches.every(({ opensAt }) => new Date(opensAt) <= work.now);
    if (isOver && turns.length === 0 && !waiting.some(({ isHeld }) => isHeld)) {
      restoration.status = 'COMPLETED';
      restoration.endedAt = work.now;
      restoration.updatedAt = work.now;
      recordRestorationEvent(work, restoration, 'restoration.completed', {
        restored: inside.length,
        left: waiting.length,
      });
    }
    return { restored };
  },
};

/** Grants that could be restored now, the next first. What it has restored once is not restored again. */
async function restorable(work: Work, restoration: Restoration): Promise<readonly Restorable[]> {
  const { id, productCode, ordering, priority, seed } = restoration;
  const row = (name: string) => sql.ref(`g.${name}`);
  const permission = await lockPermission(work.sql, productCode, work.now);
  const found = await sql<{ id: string; organizationId: string; seats: number; isHeld: boolean }>`
    select g.id, g.organization_id as "organizationId", g.seats,
      (not ${isSuspendedForSql(row, 'REVIEW')} and ${isHeldByScreeningSql(row)}) as "isHeld"
    from access_grant as g
    where g.product_code = ${productCode} and g.status = 'SUSPENDED' and g.ends_at > ${work.now}
      and g.shut_by_release
      and not exists (select from restored_grant as r where r.restoration_id = ${id} and r.grant_id = g.id)
    order by g.created_at, g.id`.execute(work.sql);
  const rulings = await rulingsOn(
    work.sql,
    permission,
    found.rows.map(({ organizationId }) => organizationId),
  );
  return found.rows
    .flatMap((grant) => {
      const ruling = rulings.get(grant.organizationId);
      if (!ruling || ruling.objections.length > 0) return [];
      const drawn = seed ? drawnNumber(seed, grant.id) : null;
      const key = orderKey(asWaveOrder(ordering), priority, { organizationId: grant.organizationId, drawn });
      return [{ ...grant, ruling, key }];
    })
    .sort((one, other) => one.key - other.key);
}

/** Who is let in by which batch: the earliest that has room. */
function turnsOf(
  { batches }: Restoration,
  inside: readonly RestoredGrant[],
  waiting: readonly Restorable[],
  now: Date,
): readonly Turn[] {
  const turns: Turn[] = [];
  let left = waiting.filter(({ isHeld }) => !isHeld);
  for (const [place, capacity] of batches.entries()) {
    if (new Date(capacity.opensAt) > now) break;
    const number = place + 1;
    const chosen = nextInside(
      capacity,
      inside.filter((one) => one.batch === number),
      left,
    );
    turns.push(...chosen.map((one) => ({ ...one, batch: number })));
    left = left.filter((one) => !chosen.includes(one));
  }
  return turns;
}

/** Those that somebody is changing at this moment are left for the next time. */
async function restore(work: Work, restoration: Restoration, turns: readonly Turn[]): Promise<number> {
  const grants = await work.em.find(
    AccessGrant,
    { id: { $in: turns.map(({ id }) => id) } },
    { lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
  );
  const locked = new Map(grants.map((grant) => [grant.id, grant]));
  let restored = 0;
  for (const turn of turns) {
    const grant = locked.get(turn.id);
    if (!grant || !(await mayBeRestored(work, grant))) continue;
    permit(work, grant, turn.ruling);
    await liftSuspension(work, grant, { cause: 'RELEASE', reason: restoration.reason });
    note(work, restoration, turn, grant);
    restored += 1;
  }
  return restored;
}

async function mayBeRestored(work: Work, grant: AccessGrant): Promise<boolean> {
  const suspensions = (await openSuspensionsOf(work, grant.id)).map(toOpenSuspension);
  const { status, endsAt, deprovisionedAt = null } = grant;
  const facts = { status, endsAt, suspensions, deprovisionedAt, isHeldByScreening: false };
  return ruleOnGrant('restore', facts, standingOf(work.actor, null), work.now).length === 0;
}

/** Keeps that it was restored, with the batch and the directives, beside what the partner is told. */
function note(work: Work, { id }: Restoration, turn: Turn, grant: AccessGrant): void {
  work.em.create(RestoredGrant, {
    id: work.ids.next(),
    restorationId: id,
    grantId: grant.id,
    organizationId: grant.organizationId,
    seats: turn.seats,
    batch: turn.batch,
    restoredAt: work.now,
  });
  recordGrantEvent(work, grant, 'grant.restored', {
    restorationId: encodeId('restoration', id),
    batch: turn.batch,
    directiveIds: turn.ruling.permittedBy.map((directiveId) => encodeId('directive', directiveId)),
    conditions: grant.conditions,
  });
}
