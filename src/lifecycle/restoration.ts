import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';
import type { Capacity, WaveOrder } from './wave.js';

/** Where a restoration stands: grants that a product's release had shut are let in again, in an order and in batches. */
export const restorationStatuses = {
  PLANNED: 'Planned by one person, and waiting for another to confirm it; it restores nothing.',
  CONFIRMED: 'Confirmed by a second person; each batch is restored from its time on.',
  COMPLETED: 'Carried out: nothing more is restored by it.',
  STOPPED: 'Stopped before it was carried out. What it restored stands.',
  WITHDRAWN: 'Withdrawn before it was confirmed.',
} as const;

export type RestorationStatus = keyof typeof restorationStatuses;

/** In which order grants are restored. */
export const restorationOrders = {
  OLDEST_FIRST: 'The oldest grant goes first.',
  PRIORITY: 'Grants of those on a list go first, in its order; then the oldest.',
  DRAW: 'Grants are drawn by a seed that is recorded.',
} as const;

export type RestorationOrder = keyof typeof restorationOrders;

/** The same as an order of those who wait, of whom the oldest grant has waited longest. */
export function asWaveOrder(order: RestorationOrder): WaveOrder {
  return order === 'OLDEST_FIRST' ? 'FIRST_COME' : order;
}

/** How many are restored from a moment on, besides those of the batches before. */
export interface RestorationBatch extends Capacity {
  readonly opensAt: Date;
}

export interface RestorationRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly RestorationStatus[];
  readonly to: readonly RestorationStatus[];
}

/** The table of restorations: role × command × status. Planning one is a plain command (permissions.ts). */
export const restorationCommands = {
  confirm: {
    does: 'Confirms a restoration, so that it begins; never by whoever planned it.',
    by: ['PROGRAM_MANAGER'],
    from: ['PLANNED'],
    to: ['CONFIRMED'],
  },
  stop: {
    does: 'Stops a restoration, or withdraws one that is not confirmed yet.',
    by: ['PROGRAM_MANAGER'],
    from: ['PLANNED', 'CONFIRMED'],
    to: ['STOPPED', 'WITHDRAWN'],
  },
} as const satisfies Record<string, RestorationRule>;

export type RestorationCommand = keyof typeof restorationCommands;
export const allRestorationCommands = Object.keys(restorationCommands) as RestorationCommand[];

export interface RestorationFacts {
  readonly status: RestorationStatus;
  readonly plannedBy: string;
}

/** May this actor give this command on a restoration? Role, then status, then the four eyes. */
export function ruleOnRestoration(
  command: RestorationCommand,
  { status, plannedBy }: RestorationFacts,
  actor: ActorStanding,
): Ruling {
  const { by, from }: RestorationRule = restorationCommands[command];
  if (!by.some((role) => actor.roles.includes(role)))
    return objection('FORBIDDEN', `Your role does not allow this. It takes ${by.join(' or ')}.`);
  if (!from.includes(status))
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the restoration is ${status}: ${restorationStatuses[status]}`,
    );
  if (command === 'confirm' && actor.personId !== null && actor.personId === plannedBy)
    return objection('FOUR_EYES', 'You planned this restoration; another person must confirm it.');
  return accepted;
}

export function availableRestorationCommands(facts: RestorationFacts, actor: ActorStanding): RestorationCommand[] {
  return allRestorationCommands.filter((command) => ruleOnRestoration(command, facts, actor).length === 0);
}
