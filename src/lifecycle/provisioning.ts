import type { GrantStatus } from './grant.js';
import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** What a system is to do in a product. */
export const taskKinds = {
  DEPROVISION: 'Close access. It goes before everything else.',
  PROVISION: 'Open access, under the conditions that the grant carries.',
  CHANGE: 'Access stays open; see that it is as the grant says now.',
} as const;

export type TaskKind = keyof typeof taskKinds;

/** Where a task stands. What failed is OPEN again, with a time to wait. */
export const taskStatuses = {
  OPEN: 'Waits for a system to claim it.',
  CLAIMED: 'A system has it in hand, until its lease is over.',
  DONE: 'A system says that it is done.',
  VERIFIED: 'Done, and another system has seen that it is so.',
  CONTRADICTED: 'Said to be done, and another system has seen that it is not so. A new task takes its place.',
  CANCELLED: 'Not to be done any more: the grant has changed since.',
} as const;

export type TaskStatus = keyof typeof taskStatuses;

/** What a registered system does for its products. */
export const systemDuties = {
  PROVISION: 'Opens and closes access: claims tasks, and says what came of them.',
  READ_BACK: 'Looks whether access is open, independently of the system that opened or closed it.',
} as const;

export type SystemDuty = keyof typeof systemDuties;
export const allSystemDuties = Object.keys(systemDuties) as SystemDuty[];

export interface TaskRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly TaskStatus[];
  /** The statuses it leads to; null when it leaves the status alone. */
  readonly to: TaskStatus | null | readonly TaskStatus[];
}

/** The table of tasks: role × command × status. Of a system's own products only; other tasks do not exist for it. */
export const taskCommands = {
  claim: {
    does: 'Takes a task in hand for a time; whoever had it before, and let its lease run out, has it no more.',
    by: ['PROVISIONER'],
    from: ['OPEN', 'CLAIMED'],
    to: 'CLAIMED',
  },
  complete: {
    does: 'Says that the task is done, with the reference under which the product knows it.',
    by: ['PROVISIONER'],
    from: ['CLAIMED'],
    to: 'DONE',
  },
  fail: {
    does: 'Says that it could not be done, and why. It is tried again later.',
    by: ['PROVISIONER'],
    from: ['CLAIMED'],
    to: 'OPEN',
  },
  readBack: {
    does: 'Says whether access is open, as seen by a system that did not do the task.',
    by: ['PROVISIONER'],
    from: ['DONE', 'VERIFIED'],
    to: ['VERIFIED', 'CONTRADICTED'],
  },
  escalate: {
    does: 'Tells, once, that the task was not done in time.',
    by: ['SYSTEM'],
    from: ['OPEN', 'CLAIMED'],
    to: null,
  },
} as const satisfies Record<string, TaskRule>;

export type TaskCommand = keyof typeof taskCommands;
export const allTaskCommands = Object.keys(taskCommands) as TaskCommand[];

export function taskRule(command: TaskCommand): TaskRule {
  return taskCommands[command];
}

/** May whoever acts give the command at all? */
export function ruleOnTaskRole(command: TaskCommand, actor: ActorStanding): Ruling {
  const { by } = taskRule(command);
  if (by.some((role) => actor.roles.includes(role))) return accepted;
  return objection('FORBIDDEN', `Your role does not allow this. It takes ${by.join(' or ')}.`);
}

export interface TaskFacts {
  readonly kind: TaskKind;
  readonly status: TaskStatus;
  /** The system that has the task, or did it. */
  readonly systemId: string | null;
}

/** May this system give the command on the task now? Its role was asked for before, and the task is of one of its products. */
export function ruleOnTask(
  command: Exclude<TaskCommand, 'claim' | 'escalate'>,
  task: TaskFacts,
  systemId: string,
): Ruling {
  if (!taskRule(command).from.includes(task.status))
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the task is ${task.status}: ${taskStatuses[task.status]}`,
    );
  if (command === 'readBack')
    return task.systemId === systemId
      ? objection('FOUR_EYES', 'Your own work is seen to by another system.')
      : accepted;
  return task.systemId === systemId
    ? accepted
    : objection('NOT_ALLOWED_NOW', 'Another system has this task in hand; claim it when its lease is over.');
}

/** How long a claimed task is its system's, in seconds. */
export const lease = { least: 10, usual: 300, most: 3600 } as const;

/** How many tasks one claim takes. */
export const mostClaimed = 100;

/** So many failures, and people are told, even before it is due. */
export const failuresToEscalate = 5;

const minute = 60_000;

/** How long to wait after so many attempts, in milliseconds: twice as long each time. Closing never waits for long. */
export function retryDelay(kind: TaskKind, attempts: number): number {
  const most = kind === 'DEPROVISION' ? 5 * minute : 60 * minute;
  return Math.min(most, (minute / 2) * 2 ** Math.max(0, attempts - 1));
}

/** Within how many minutes access to a product is to be closed, and to be opened. */
export interface ProvisioningTimes {
  readonly closeWithinMinutes: number;
  readonly openWithinMinutes: number;
}

export const usualTimes: ProvisioningTimes = { closeWithinMinutes: 60, openWithinMinutes: 1440 };
export const longestMinutes = 43_200;

export function dueAt(kind: TaskKind, since: Date, times: ProvisioningTimes): Date {
  const minutes = kind === 'DEPROVISION' ? times.closeWithinMinutes : times.openWithinMinutes;
  return new Date(since.getTime() + minutes * minute);
}

/** A grant, as far as it matters to what is to be done in the product. */
export interface GrantToFollow {
  readonly status: GrantStatus;
  readonly provisionedAt?: Date | null;
  readonly deprovisionedAt?: Date | null;
}

/** A task that waits or is in hand. */
export interface TaskUnderWay {
  readonly kind: TaskKind;
  readonly attempts: number;
}

/** What a grant calls for in the product; nothing when all is as it should be. */
export function taskCalledFor(grant: GrantToFollow, underWay: TaskUnderWay | null): TaskKind | null {
  if (grant.status === 'PENDING_PROVISIONING') return 'PROVISION';
  if (grant.status === 'ACTIVE') return null;
  return mayBeOpen(grant, underWay) ? 'DEPROVISION' : null;
}

/** Access was opened and not closed; or a system was told to open it, and nobody knows how far it came. */
function mayBeOpen({ provisionedAt, deprovisionedAt }: GrantToFollow, underWay: TaskUnderWay | null): boolean {
  if (provisionedAt && !deprovisionedAt) return true;
  return underWay !== null && (underWay.kind === 'DEPROVISION' || hasBegun(underWay));
}

/** Was it ever handed out? Then it may have been done in part. */
export function hasBegun({ attempts }: TaskUnderWay): boolean {
  return attempts > 0;
}

/** Is access surely still open, so that a grant that is let in again needs nothing opened? */
export function isSurelyOpen(
  { provisionedAt, deprovisionedAt }: GrantToFollow,
  underWay: TaskUnderWay | null,
): boolean {
  const isClosing = underWay?.kind === 'DEPROVISION' && hasBegun(underWay);
  return Boolean(provisionedAt) && !deprovisionedAt && !isClosing;
}
