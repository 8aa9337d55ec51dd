import { createHash } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { requireAccepted } from '../doorway/requirements.js';
import { isAmong, type OrganizationInScope } from '../lifecycle/release-scope.js';
import { type Claim, lastPlace, nextInside, orderKey, ruleOnSeats } from '../lifecycle/wave.js';
import { organizationInScope, scopeColumns } from '../organizations/scope.queries.js';
import type { RawSql } from '../platform/database/database.js';
import { encodeId } from '../platform/ids.js';
import { RolloutWave, WavePlace } from './wave.entity.js';
import { turnWavesQueue } from './wave-turn.queries.js';

/** Somebody who waits for a place. */
export interface Waiting extends Claim {
  readonly placeId: string;
  readonly grantId: string;
  readonly organization: OrganizationInScope;
}

/** What a new grant found: a place, or how many are before it, itself included. */
export type Found = { readonly waveId: string } | { readonly position: number };

/**
 * Locks the waves of a product that two people agreed on, so that places are given one after the other. Whoever calls
 * has locked the product before, so none is confirmed meanwhile.
 */
export function lockWaves(work: Work, productCode: string): Promise<readonly RolloutWave[]> {
  return work.em.find(
    RolloutWave,
    { productCode, status: { $in: ['CONFIRMED', 'OPEN', 'CLOSED'] } },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { number: 'asc' }, refresh: true },
  );
}

/** A closed wave, and one whose time is over that nobody has closed yet, give nothing. */
export function givesPlaces({ status, closesAt }: RolloutWave, now: Date): boolean {
  return status === 'OPEN' && !(closesAt && closesAt <= now);
}

export function isFor(wave: RolloutWave, organization: OrganizationInScope): boolean {
  const { sectors, countries, organizations: named } = wave;
  return isAmong({ sectors, countries, named, namesOrganizations: named.length > 0 }, organization);
}

/** Who has a place of a wave. */
export async function insideOf(database: RawSql, waveId: string): Promise<readonly Claim[]> {
  const found = await sql<Claim>`select organization_id as "organizationId", seats from wave_place
    where wave_id = ${waveId} and status = 'HELD'`.execute(database);
  return found.rows;
}

/**
 * Finds a place for a new grant of a product with waves, or puts it on the waiting list; null when the product has none.
 * The waves stay locked until the command ends, so that no two grants are given the last place.
 */
export async function claimPlace(
  work: Work,
  claim: Claim & { readonly grantId: string; readonly productCode: string },
): Promise<Found | null> {
  const waves = await lockWaves(work, claim.productCode);
  if (waves.length === 0) return null;
  const organization = await organizationInScope(work.sql, claim.organizationId);
  const waiting = await waitingFor(work.sql, claim.productCode);
  for (const wave of waves.filter((one) => givesPlaces(one, work.now) && isFor(one, organization))) {
    const before = waiting.filter((one) => isFor(wave, one.organization));
    const inside = await insideOf(work.sql, wave.id);
    if (!nextInside(capacityOf(wave), inside, [...before, claim]).includes(claim)) continue;
    createPlace(work, claim, { status: 'HELD', waveId: wave.id, givenAt: work.now, orderKey: 0 });
    return { waveId: wave.id };
  }
  const last = waves.findLast(({ status }) => status === 'OPEN');
  const key = last ? orderKey(last.ordering, last.priority, { ...claim, drawn: null }) : lastPlace;
  createPlace(work, claim, { status: 'WAITING', waveId: null, givenAt: null, orderKey: key });
  return { position: (await countBefore(work.sql, claim.productCode, key)) + 1 };
}

function createPlace(
  work: Work,
  claim: Claim & { readonly grantId: string; readonly productCode: string },
  place: Pick<WavePlace, 'status' | 'waveId' | 'givenAt' | 'orderKey'>,
): void {
  const { grantId, productCode, organizationId, seats } = claim;
  work.em.create(WavePlace, {
    id: work.ids.next(),
    ...{ grantId, productCode, organizationId, seats },
    ...place,
    waitingSince: work.now,
    freedAt: null,
  });
}

export function capacityOf({ capacityOrganizations: organizations, capacitySeats: seats }: RolloutWave) {
  return { organizations: organizations ?? null, seats: seats ?? null };
}

/** Everybody who waits for a place of a product, the next first. */
export async function waitingFor(database: RawSql, productCode: string): Promise<readonly Waiting[]> {
  const found = await sql<{
    placeId: string;
    grantId: string;
    seats: number;
    id: string;
    sector: string;
    country: string;
    isOperator: boolean;
  }>`
    select w.id as "placeId", w.grant_id as "grantId", w.seats, o.* from wave_place as w
    join lateral (select ${scopeColumns} from organization as o where o.id = w.organization_id) as o on true
    where w.product_code = ${productCode} and w.status = 'WAITING' order by w.order_key, w.waiting_since, w.id`.execute(
    database,
  );
  return found.rows.map(({ placeId, grantId, seats, ...organization }) => ({
    ...{ placeId, grantId, seats, organization },
    organizationId: organization.id,
  }));
}

async function countBefore(database: RawSql, productCode: string, key: number): Promise<number> {
  const found = await sql<{ before: number }>`select count(*)::integer as before from wave_place
    where product_code = ${productCode} and status = 'WAITING' and order_key <= ${key}`.execute(database);
  return Number(found.rows[0]?.before ?? 0);
}

/** Sorts those who wait anew, by the order of a wave that opens. */
export async function sortWaiting(work: Work, { productCode, ordering, priority, seed }: RolloutWave): Promise<void> {
  const waiting = await waitingFor(work.sql, productCode);
  const keys = waiting.map(({ grantId, organizationId }) =>
    orderKey(ordering, priority, { organizationId, drawn: seed ? drawnNumber(seed, grantId) : null }),
  );
  await sql`update wave_place as w set order_key = given.order_key
    from unnest(${waiting.map(({ placeId }) => placeId)}::uuid[], ${keys}::integer[]) as given (id, order_key)
    where w.id = given.id`.execute(work.sql);
}

/**
 * The number that a seed draws for a grant: the first seven digits of the SHA-256 of the seed, a colon and the grant's
 * id as the API has it. So anybody can draw again.
 */
export function drawnNumber(seed: string, grantId: string): number {
  const text = `${seed}:${encodeId('grant', grantId)}`;
  return Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 7), 16);
}

/** An open wave whose places can be given, and nobody else gives any meanwhile. */
export interface LockedWave {
  /** The next who wait, at most so many, of those whom the wave is for and who are let in. */
  next(most: number, isLetIn: (waiting: Waiting) => boolean): Promise<readonly Waiting[]>;
  give(waiting: Waiting): void;
}

/** Locks a wave, to give its places; null when it gives none. Whoever calls has locked the product before. */
export async function lockPlaces(
  work: Work,
  { waveId, productCode }: { readonly waveId: string; readonly productCode: string },
): Promise<LockedWave | null> {
  const wave = (await lockWaves(work, productCode)).find(({ id }) => id === waveId);
  if (!wave || !givesPlaces(wave, work.now)) return null;
  const places = new Map<string, WavePlace>();
  return {
    async next(most, isLetIn) {
      const waiting = (await waitingFor(work.sql, productCode)).filter(({ organization }) => isFor(wave, organization));
      const inside = await insideOf(work.sql, waveId);
      const chosen = nextInside(capacityOf(wave), inside, waiting.filter(isLetIn)).slice(0, most);
      const found = await work.em.find(WavePlace, { id: { $in: chosen.map(({ placeId }) => placeId) } });
      for (const place of found) places.set(place.id, place);
      return chosen;
    },
    give({ placeId }) {
      Object.assign(places.get(placeId) ?? {}, { status: 'HELD', waveId, givenAt: work.now });
    },
  };
}

/**
 * A grant that is let in, or waits, takes other seats now. Fewer may let in the next one; more are taken from what its wave
 * has left, one after the other, as places are. Whoever calls has locked the grant, and its product before the waves.
 * @throws Refusal LIMIT_REACHED when the wave has not so many left
 */
export async function resizePlace(work: Work, grantId: string, seats: number): Promise<void> {
  const place = await work.em.findOne(WavePlace, { grantId, status: { $ne: 'FREED' } });
  if (!place || place.seats === seats) return;
  if (place.status === 'HELD' && seats > place.seats) await requireSeats(work, place, seats);
  if (seats < place.seats) work.enqueue(turnWavesQueue, {});
  place.seats = seats;
}

async function requireSeats(
  work: Work,
  { productCode, waveId, seats: held }: WavePlace,
  wanted: number,
): Promise<void> {
  const wave = (await lockWaves(work, productCode)).find(({ id }) => id === waveId);
  if (!wave) throw new Error('A place that is held is of no wave.');
  const inside = await insideOf(work.sql, wave.id);
  requireAccepted(ruleOnSeats({ name: wave.name, capacity: capacityOf(wave) }, inside, { held, wanted }));
}

/** Gives back the place of a grant that has ended, or takes it off the waiting list. The next one is let in by a job. */
export async function freePlace(work: Work, grantId: string): Promise<void> {
  const place = await work.em.findOne(WavePlace, { grantId, status: { $ne: 'FREED' } });
  if (!place) return;
  if (place.status === 'HELD') work.enqueue(turnWavesQueue, {});
  place.status = 'FREED';
  place.freedAt = work.now;
}
