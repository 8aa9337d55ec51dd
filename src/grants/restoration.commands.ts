import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import {
  requireAccepted,
  requirePermission,
  requirePerson,
  requireText,
  requireVersion,
} from '../doorway/requirements.js';
import type { EventPayload } from '../events/catalogue.js';
import { standingOf } from '../lifecycle/actor.js';
import {
  type RestorationBatch,
  type RestorationCommand,
  type RestorationOrder,
  ruleOnRestoration,
} from '../lifecycle/restoration.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { newToken } from '../platform/secrets.js';
import { codeOfProduct } from '../products/product.commands.js';
import { requirePlaces, requirePriority } from '../waves/wave-requirements.commands.js';
import { Restoration, type StoredBatch } from './restoration.entity.js';
import { restoreQueue } from './restoration-turn.queries.js';

const longestReason = 4000;
const mostBatches = 50;

type RestorationResult = { readonly restorationId: string };
interface OneRestoration {
  readonly restorationId: string;
  readonly expectedVersion?: number | null;
}

export interface RestorationInput {
  readonly productId: string;
  readonly ordering: RestorationOrder;
  readonly priority: readonly string[];
  readonly reason: string;
  readonly batches: readonly RestorationBatch[];
}

/** Plans how the grants that a product's release had shut are let in again. It restores nothing before another confirms it. */
export const planRestoration: Command<RestorationInput, RestorationResult> = {
  name: 'restoration.plan',
  async run(work, input) {
    requirePermission('planRollouts', work.actor, null);
    const person = requirePerson(work.actor);
    const restoration = work.em.create(Restoration, {
      id: work.ids.next(),
      productCode: await codeOfProduct(work, input.productId),
      status: 'PLANNED',
      ordering: input.ordering,
      priority: await requirePriority(work, input),
      seed: null,
      reason: requireText(input.reason, ['reason'], longestReason),
      batches: requireBatches(input.batches),
      plannedBy: person.personId,
      plannedAt: work.now,
      confirmedBy: null,
      confirmedAt: null,
      endedBy: null,
      endedAt: null,
      endedReason: null,
      version: 1,
      updatedAt: work.now,
    });
    recordRestorationEvent(work, restoration, 'restoration.planned', {});
    return { restorationId: restoration.id };
  },
};

/** Confirms a restoration that another person planned. It is carried out by a job, each batch from its time on. */
export const confirmRestoration: Command<OneRestoration, RestorationResult> = {
  name: 'restoration.confirm',
  duplicates: { restoration_confirmed_unique: 'Another restoration of this product goes on; it is stopped first.' },
  async run(work, input) {
    const restoration = await loadForCommand(work, input, 'confirm');
    const { productCode } = restoration;
    if (await work.em.findOne(Restoration, { productCode, status: 'CONFIRMED' }))
      throw Refusal.of('ALREADY_EXISTS', 'Another restoration of this product goes on; it is stopped first.');
    restoration.status = 'CONFIRMED';
    restoration.confirmedBy = requirePerson(work.actor).personId;
    restoration.confirmedAt = work.now;
    // Not chosen by whoever planned it, who could try until a friend is drawn.
    if (restoration.ordering === 'DRAW') restoration.seed = newToken();
    recordRestorationEvent(work, restoration, 'restoration.confirmed', { seed: restoration.seed ?? null });
    work.enqueue(restoreQueue, {});
    return { restorationId: restoration.id };
  },
};

/** Stops a restoration, or withdraws one that was only planned. One person suffices; what it restored stands. */
export const stopRestoration: Command<OneRestoration & { readonly reason: string }, RestorationResult> = {
  name: 'restoration.stop',
  async run(work, { reason, ...input }) {
    const restoration = await loadForCommand(work, input, 'stop');
    const said = requireText(reason, ['reason'], longestReason);
    restoration.status = restoration.status === 'PLANNED' ? 'WITHDRAWN' : 'STOPPED';
    restoration.endedBy = requirePerson(work.actor).personId;
    restoration.endedAt = work.now;
    restoration.endedReason = said;
    recordRestorationEvent(work, restoration, 'restoration.stopped', { reason: said });
    return { restorationId: restoration.id };
  },
};

async function loadForCommand(
  work: Work,
  { restorationId, expectedVersion }: OneRestoration,
  command: RestorationCommand,
): Promise<Restoration> {
  requirePermission('planRollouts', work.actor, null);
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
  const restoration = await work.em.findOne(Restoration, { id: restorationId }, lock);
  if (!restoration) throw Refusal.notFound('restoration', ['restorationId']);
  requireVersion(restoration.version, expectedVersion);
  requireAccepted(ruleOnRestoration(command, restoration, standingOf(work.actor, null)));
  restoration.updatedAt = work.now;
  return restoration;
}

/** @throws Refusal unless there is a batch, and each opens after the one before it */
function requireBatches(batches: readonly RestorationBatch[]): StoredBatch[] {
  if (batches.length === 0) throw Refusal.of('REQUIRED', 'A restoration has one batch at least.', ['batches']);
  if (batches.length > mostBatches)
    throw Refusal.of('LIMIT_REACHED', `At most ${mostBatches} batches fit here.`, ['batches']);
  return batches.map(({ opensAt, organizations, seats }, place) => {
    const before = batches[place - 1];
    const path = ['batches', String(place)];
    if (before && before.opensAt >= opensAt)
      throw Refusal.of('INVALID', 'A batch opens after the one before it.', [...path, 'opensAt']);
    return {
      opensAt: opensAt.toISOString(),
      organizations: requirePlaces(organizations, [...path, 'capacityOrganizations']),
      seats: requirePlaces(seats, [...path, 'capacitySeats']),
    };
  });
}

type RestorationEvent =
  | 'restoration.planned'
  | 'restoration.confirmed'
  | 'restoration.stopped'
  | 'restoration.completed';

export function recordRestorationEvent<Name extends RestorationEvent>(
  work: Work,
  { id, productCode, ordering }: Restoration,
  event: Name,
  particulars: Omit<EventPayload<Name>, 'restorationId' | 'productCode' | 'ordering'>,
): void {
  work.record({
    event,
    // The compiler cannot put a generic payload together from its two parts.
    payload: {
      ...{ restorationId: encodeId('restoration', id), productCode, ordering },
      ...particulars,
    } as unknown as EventPayload<Name>,
    subject: { kind: 'restoration', id },
    organizationId: null,
  });
}
