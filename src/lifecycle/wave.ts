import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** Where a wave of a product's rollout stands. */
export const waveStatuses = {
  PLANNED: 'Planned by one person, and waiting for another to confirm it; it lets nobody in.',
  CONFIRMED: 'Confirmed by a second person; it opens when its time comes.',
  OPEN: 'Open: it gives places as long as it has some.',
  CLOSED: 'Closed: it gives no more places. Those that it gave stand.',
  WITHDRAWN: 'Withdrawn before it was confirmed.',
} as const;

export type WaveStatus = keyof typeof waveStatuses;
export const allWaveStatuses = Object.keys(waveStatuses) as WaveStatus[];

/** In which order those who wait are let in. */
export const waveOrders = {
  FIRST_COME: 'Whoever has waited longest is next.',
  PRIORITY: 'Those on a list go first, in its order; then whoever has waited longest.',
  DRAW: 'Those who wait when it begins are drawn by a seed that is recorded; whoever comes later is behind them.',
} as const;

export type WaveOrder = keyof typeof waveOrders;

/** What a grant has in the waves of its product. */
export const placeStatuses = {
  WAITING: 'It waits for a place.',
  HELD: 'It has a place.',
  FREED: 'It has ended, and its place went back.',
} as const;

export type PlaceStatus = keyof typeof placeStatuses;

export interface WaveRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly WaveStatus[];
  readonly to: readonly WaveStatus[];
}

/** The table of waves: role × command × status. Planning one is a plain command (permissions.ts). */
export const waveCommands = {
  confirm: {
    does: 'Confirms a wave, so that it opens at its time; never by whoever planned it.',
    by: ['PROGRAM_MANAGER'],
    from: ['PLANNED'],
    to: ['CONFIRMED'],
  },
  close: {
    does: 'Closes a wave, or withdraws one that is not confirmed yet.',
    by: ['PROGRAM_MANAGER'],
    from: ['PLANNED', 'CONFIRMED', 'OPEN'],
    to: ['CLOSED', 'WITHDRAWN'],
  },
  open: { does: 'Opens a wave whose time has come.', by: ['SYSTEM'], from: ['CONFIRMED'], to: ['OPEN'] },
  end: { does: 'Closes a wave whose time is over.', by: ['SYSTEM'], from: ['CONFIRMED', 'OPEN'], to: ['CLOSED'] },
} as const satisfies Record<string, WaveRule>;

export type WaveCommand = keyof typeof waveCommands;
export const allWaveCommands = Object.keys(waveCommands) as WaveCommand[];

export interface WaveFacts {
  readonly status: WaveStatus;
  readonly plannedBy: string;
  readonly opensAt: Date;
  readonly closesAt: Date | null;
}

/** May this actor give this command on a wave now? Role, then status, then what else must hold. */
export function ruleOnWave(command: WaveCommand, facts: WaveFacts, actor: ActorStanding, now: Date): Ruling {
  const { by, from }: WaveRule = waveCommands[command];
  if (!by.some((role) => actor.roles.includes(role)))
    return objection('FORBIDDEN', `Your role does not allow this. It takes ${by.join(' or ')}.`);
  if (!from.includes(facts.status))
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the wave is ${facts.status}: ${waveStatuses[facts.status]}`,
    );
  const isOver = facts.closesAt !== null && facts.closesAt <= now;
  if (command === 'confirm' && actor.personId !== null && actor.personId === facts.plannedBy)
    return objection('FOUR_EYES', 'You planned this wave; another person must confirm it.');
  if (command === 'confirm' && isOver) return objection('EXPIRED', 'The time of this wave is over; plan another one.');
  if (command === 'open' && (facts.opensAt > now || isOver))
    return objection('NOT_ALLOWED_NOW', 'It is not the time of this wave.');
  if (command === 'end' && !isOver) return objection('NOT_ALLOWED_NOW', 'The time of this wave is not over.');
  return accepted;
}

export function availableWaveCommands(facts: WaveFacts, actor: ActorStanding, now: Date): WaveCommand[] {
  return allWaveCommands.filter((command) => ruleOnWave(command, facts, actor, now).length === 0);
}

/** How many are let in; null is without limit. */
export interface Capacity {
  readonly organizations: number | null;
  readonly seats: number | null;
}

/** Whoever wants a place. */
export interface Claim {
  readonly organizationId: string;
  readonly seats: number;
}

/** Could the claim ever be met, were nobody else there? */
export function fitsAtAll({ seats }: Capacity, claim: Claim): boolean {
  return seats === null || claim.seats <= seats;
}

/** How many seats a place may take that has so many now; null is without limit. Never fewer than it has. */
function seatsAtMost({ seats }: Capacity, inside: readonly Claim[], held: number): number | null {
  if (seats === null) return null;
  const taken = inside.reduce((sum, one) => sum + one.seats, 0);
  return held + Math.max(0, seats - taken);
}

/** May a place take so many seats instead of those it has? Fewer always; more as long as its wave has them. */
export function ruleOnSeats(
  wave: { readonly name: string; readonly capacity: Capacity },
  inside: readonly Claim[],
  { held, wanted }: { readonly held: number; readonly wanted: number },
): Ruling {
  const most = seatsAtMost(wave.capacity, inside, held);
  if (most === null || wanted <= most || wanted <= held) return accepted;
  const left = most - held;
  const message = `It asks for ${wanted} seats instead of ${held}, and the wave “${wave.name}” has ${left} left: ${most} are the most that it can have now.`;
  return objection('LIMIT_REACHED', message);
}

/**
 * Who is let in now besides those who are, of those who wait in this order. Nobody overtakes: when the next one does not
 * fit, the others wait, too. But whoever could never fit does not keep them waiting. An organization that is in takes
 * only seats.
 */
export function nextInside<Waiting extends Claim>(
  capacity: Capacity,
  inside: readonly Claim[],
  waiting: readonly Waiting[],
): readonly Waiting[] {
  const organizations = new Set(inside.map(({ organizationId }) => organizationId));
  let seats = inside.reduce((sum, one) => sum + one.seats, 0);
  const chosen: Waiting[] = [];
  for (const one of waiting) {
    if (!fitsAtAll(capacity, one)) continue;
    organizations.add(one.organizationId);
    seats += one.seats;
    if (capacity.organizations !== null && organizations.size > capacity.organizations) break;
    if (capacity.seats !== null && seats > capacity.seats) break;
    chosen.push(one);
  }
  return chosen;
}

/** Behind everybody who has a number of their own. */
export const lastPlace = 2_000_000_000;

/**
 * The number by which one of those who wait is sorted, the lowest first; among equals whoever has waited longest.
 * @param drawn the number that was drawn; null when there was no draw, or it is over
 */
export function orderKey(
  order: WaveOrder,
  priority: readonly string[],
  { organizationId, drawn }: { readonly organizationId: string; readonly drawn: number | null },
): number {
  if (order === 'FIRST_COME') return 0;
  if (order === 'DRAW') return drawn ?? lastPlace;
  const place = priority.indexOf(organizationId);
  return place < 0 ? lastPlace : place;
}
