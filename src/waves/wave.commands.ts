import { sql } from 'kysely';
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
import { ruleOnWave, type WaveCommand } from '../lifecycle/wave.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { newToken } from '../platform/secrets.js';
import { codeOfProduct, lockProducts } from '../products/product.commands.js';
import { lockWaves, sortWaiting } from './place.commands.js';
import { RolloutWave } from './wave.entity.js';
import { requireWave, type WaveInput } from './wave-requirements.commands.js';
import { turnWavesQueue } from './wave-turn.queries.js';

const longestReason = 4000;

type WaveResult = { readonly waveId: string };
interface OneWave {
  readonly waveId: string;
  readonly expectedVersion?: number | null;
}

/** Plans a wave of a product. It lets nobody in before another person confirms it. */
export const planWave: Command<WaveInput, WaveResult> = {
  name: 'wave.plan',
  async run(work, input) {
    requirePermission('planRollouts', work.actor, null);
    const person = requirePerson(work.actor);
    const said = await requireWave(work, input);
    const productCode = await codeOfProduct(work, input.productId);
    await lockProducts(work, [productCode]);
    const wave = work.em.create(RolloutWave, {
      id: work.ids.next(),
      productCode,
      number: await nextNumber(work, productCode),
      status: 'PLANNED',
      ...said,
      sectors: [...said.sectors],
      countries: [...said.countries],
      organizations: [...said.organizations],
      priority: [...said.priority],
      seed: null,
      plannedBy: person.personId,
      plannedAt: work.now,
      confirmedBy: null,
      confirmedAt: null,
      openedAt: null,
      closedBy: null,
      closedAt: null,
      closedReason: null,
      version: 1,
      updatedAt: work.now,
    });
    record(work, wave, 'wave.planned', {});
    return { waveId: wave.id };
  },
};

/** Confirms a wave that another person planned. From now on its product's grants need places; it opens at its time. */
export const confirmWave: Command<OneWave, WaveResult> = {
  name: 'wave.confirm',
  async run(work, input) {
    const wave = await loadForCommand(work, input, 'confirm');
    wave.status = 'CONFIRMED';
    wave.confirmedBy = requirePerson(work.actor).personId;
    wave.confirmedAt = work.now;
    // Not chosen by whoever planned it, who could try until a friend is drawn.
    if (wave.ordering === 'DRAW') wave.seed = newToken();
    record(work, wave, 'wave.confirmed', { seed: wave.seed ?? null });
    work.enqueue(turnWavesQueue, {});
    return { waveId: wave.id };
  },
};

/** Closes a wave, or withdraws one that was only planned. One person suffices; the places that it gave stand. */
export const closeWave: Command<OneWave & { readonly reason: string }, WaveResult> = {
  name: 'wave.close',
  async run(work, { reason, ...input }) {
    const wave = await loadForCommand(work, input, 'close');
    wave.closedBy = requirePerson(work.actor).personId;
    wave.closedReason = requireText(reason, ['reason'], longestReason);
    end(work, wave, wave.status === 'PLANNED' ? 'WITHDRAWN' : 'CLOSED');
    return { waveId: wave.id };
  },
};

/** Opens a wave whose time has come, and sorts those who wait by its order; given by the portal itself. */
export const openWave: Command<OneWave, WaveResult> = {
  name: 'wave.open',
  async run(work, input) {
    const wave = await loadForCommand(work, input, 'open');
    wave.status = 'OPEN';
    wave.openedAt = work.now;
    await sortWaiting(work, wave);
    record(work, wave, 'wave.opened', {
      opensAt: wave.opensAt.toISOString(),
      closesAt: wave.closesAt?.toISOString() ?? null,
    });
    return { waveId: wave.id };
  },
};

/** Closes a wave whose time is over; given by the portal itself. */
export const endWave: Command<OneWave, WaveResult> = {
  name: 'wave.end',
  async run(work, input) {
    const wave = await loadForCommand(work, input, 'end');
    end(work, wave, 'CLOSED');
    return { waveId: wave.id };
  },
};

function end(work: Work, wave: RolloutWave, status: 'CLOSED' | 'WITHDRAWN'): void {
  wave.status = status;
  wave.closedAt = work.now;
  const reason = wave.closedReason ?? null;
  record(work, wave, status === 'CLOSED' ? 'wave.closed' : 'wave.withdrawn', { reason });
}

/** Locks a wave, with its product, against whoever looks for a place meanwhile, and asks whether it may be done. */
async function loadForCommand(
  work: Work,
  { waveId, expectedVersion }: OneWave,
  command: WaveCommand,
): Promise<RolloutWave> {
  requirePermission('planRollouts', work.actor, null);
  const found = await work.em.findOne(RolloutWave, { id: waveId });
  if (!found) throw Refusal.notFound('wave', ['waveId']);
  await lockProducts(work, [found.productCode]);
  await lockWaves(work, found.productCode);
  const wave = await work.em.findOneOrFail(RolloutWave, { id: waveId }, { refresh: true });
  requireVersion(wave.version, expectedVersion);
  const { status, plannedBy, opensAt, closesAt = null } = wave;
  requireAccepted(
    ruleOnWave(command, { status, plannedBy, opensAt, closesAt }, standingOf(work.actor, null), work.now),
  );
  wave.updatedAt = work.now;
  return wave;
}

async function nextNumber(work: Work, productCode: string): Promise<number> {
  const found = await sql<{ number: number }>`select coalesce(max(number), 0)::integer + 1 as number from rollout_wave
    where product_code = ${productCode}`.execute(work.sql);
  return Number(found.rows[0]?.number ?? 1);
}

type WaveEvent = 'wave.planned' | 'wave.confirmed' | 'wave.opened' | 'wave.closed' | 'wave.withdrawn';

function record<Name extends WaveEvent>(
  work: Work,
  { id, productCode, number, name }: RolloutWave,
  event: Name,
  particulars: Omit<EventPayload<Name>, 'waveId' | 'productCode' | 'number' | 'name'>,
): void {
  work.record({
    event,
    // The compiler cannot put a generic payload together from its two parts.
    payload: {
      waveId: encodeId('wave', id),
      productCode,
      number,
      name,
      ...particulars,
    } as unknown as EventPayload<Name>,
    subject: { kind: 'wave', id },
    organizationId: null,
  });
}
