import { FlushMode, LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import {
  dueAt,
  type GrantToFollow,
  isSurelyOpen,
  type ProvisioningTimes,
  type TaskKind,
  taskCalledFor,
} from '../lifecycle/provisioning.js';
import { ProvisioningTask } from './provisioning-task.entity.js';

/** A grant as far as tasks follow from it. */
export interface FollowedGrant extends GrantToFollow {
  readonly id: string;
  readonly productCode: string;
}

/**
 * Says what is to be done in the product for a grant as it stands now, within the command that changed it. A task that
 * is under way and still right stays; any other is cancelled, and a newer one takes its place.
 * @param changed whether what the product was told of the grant may be out of date
 */
export async function followGrant(
  work: Work,
  grant: FollowedGrant,
  { changed = false }: { readonly changed?: boolean } = {},
): Promise<void> {
  const underWay = await taskUnderWay(work, grant.id);
  const isActive = grant.status === 'ACTIVE';
  const isOpening = underWay !== null && underWay.kind !== 'DEPROVISION';
  // Tasks of an active grant are about its being open, and stay right until it is suspended or ends.
  const afresh = isActive && isOpening ? underWay.kind : isActive && changed ? 'CHANGE' : null;
  const wanted = taskCalledFor(grant, underWay) ?? afresh;
  // What is in hand may have been read before the change, so it is handed out anew.
  const isStale = changed && isOpening && underWay.status === 'CLAIMED';
  if (underWay && underWay.kind === wanted && !isStale) return;
  const free = underWay ? freeAgain(work, underWay) : work.now;
  if (underWay) cancel(work, underWay);
  if (wanted) await makeTask(work, grant, wanted, { readyAt: wanted === 'DEPROVISION' ? work.now : free });
}

/** What of a new task is not as usual. */
type MoreOfTask = Partial<Pick<ProvisioningTask, 'readyAt' | 'sinceAt' | 'escalatedAt' | 'directiveIds'>>;

/** Makes one task of a grant that has none under way. */
export async function makeTask(
  work: Work,
  { id: grantId, productCode }: Pick<FollowedGrant, 'id' | 'productCode'>,
  kind: TaskKind,
  more: MoreOfTask = {},
): Promise<ProvisioningTask> {
  const found = await sql<ProvisioningTimes>`select close_within_minutes as "closeWithinMinutes",
    open_within_minutes as "openWithinMinutes" from product where code = ${productCode}`.execute(work.sql);
  const [times] = found.rows;
  if (!times) throw new Error(`There is no product ${productCode}.`);
  return create(work, { grantId, productCode, kind, dueAt: dueAt(kind, work.now, times), ...more });
}

/** The task of a grant that waits or is in hand, locked; null when nothing is to be done. The grant is locked already. */
export function taskUnderWay(work: Work, grantId: string): Promise<ProvisioningTask | null> {
  const isUnderWay = { grantId, status: { $in: ['OPEN', 'CLAIMED'] } } as const;
  // Tasks of other grants are written at the end only: MikroORM would make new ones before it cancels those they replace.
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, flushMode: FlushMode.COMMIT };
  return work.em.findOne(ProvisioningTask, isUnderWay, options);
}

/** Is access surely still open in the product? Not when a system was told already to close it. */
export async function isStillOpen(work: Work, grant: FollowedGrant): Promise<boolean> {
  return isSurelyOpen(grant, await taskUnderWay(work, grant.id));
}

/** Finishes the task of this kind, if one is under way, because a machine acknowledged the grant itself. */
export async function finishTaskOf(
  work: Work,
  grantId: string,
  kind: TaskKind,
  systemId: string | null,
): Promise<void> {
  const underWay = await taskUnderWay(work, grantId);
  if (underWay?.kind === kind) finish(work, underWay, { systemId, reference: null });
}

/** Marks a task as done. */
export function finish(
  work: Work,
  task: ProvisioningTask,
  { systemId, reference }: { readonly systemId: string | null; readonly reference: string | null },
): void {
  task.status = 'DONE';
  task.systemId = systemId;
  task.reference = reference;
  task.claimedUntil = null;
  task.finishedAt = work.now;
  task.updatedAt = work.now;
}

/** Cancels a task that is not to be done any more. */
export function cancel(work: Work, task: ProvisioningTask): void {
  task.status = 'CANCELLED';
  task.claimedUntil = null;
  task.updatedAt = work.now;
}

/** From when on nobody is at work on a task that is cancelled now: its system may still be closing access. */
function freeAgain(work: Work, { claimedUntil }: ProvisioningTask): Date {
  return claimedUntil && claimedUntil > work.now ? claimedUntil : work.now;
}

function create(
  work: Work,
  task: Pick<ProvisioningTask, 'grantId' | 'productCode' | 'kind' | 'dueAt'> & MoreOfTask,
): ProvisioningTask {
  return work.em.create(ProvisioningTask, {
    id: work.ids.next(),
    status: 'OPEN',
    directiveIds: [],
    sinceAt: work.now,
    createdAt: work.now,
    readyAt: work.now,
    attempts: 0,
    systemId: null,
    claimedUntil: null,
    reference: null,
    finishedAt: null,
    failedAt: null,
    failureReason: null,
    escalatedAt: null,
    readBackBy: null,
    readBackAt: null,
    version: 1,
    updatedAt: work.now,
    ...task,
  });
}
