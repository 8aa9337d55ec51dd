import { FlushMode } from '@mikro-orm/core';
import type { Work } from '../doorway/command.js';
import { personOf } from '../lifecycle/actor.js';
import type { OpenSuspension, SuspensionCause } from '../lifecycle/suspension.js';
import { followGrant, isStillOpen } from '../provisioning/task-making.commands.js';
import type { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { GrantSuspension } from './suspension.entity.js';

interface CauseAndReason {
  readonly cause: SuspensionCause;
  /** The partner reads it. */
  readonly reason: string;
}

/** The causes of a grant, which is locked, that were not lifted yet; the oldest first. */
export async function openSuspensionsOf(work: Work, grantId: string): Promise<GrantSuspension[]> {
  // What this command has done to others is written at its end, in an order in which nothing stands twice.
  const options = { orderBy: { sinceAt: 'asc', id: 'asc' }, flushMode: FlushMode.COMMIT } as const;
  const found = await work.em.find(GrantSuspension, { grantId, liftedAt: null }, options);
  return found.filter(({ liftedAt }) => liftedAt == null);
}

export function toOpenSuspension({ cause, sinceBy }: GrantSuspension): OpenSuspension {
  return { cause, by: sinceBy ?? null };
}

/**
 * Suspends a grant, which is locked, for a cause; besides those for which it is suspended already.
 * @returns false, and nothing is done, when it is suspended for this cause already
 */
export async function openSuspension(
  work: Work,
  grant: AccessGrant,
  { cause, reason }: CauseAndReason,
): Promise<boolean> {
  const open = await openSuspensionsOf(work, grant.id);
  if (open.some((one) => one.cause === cause)) return false;
  work.em.create(GrantSuspension, {
    id: work.ids.next(),
    grantId: grant.id,
    cause,
    reason,
    sinceAt: work.now,
    sinceBy: personOf(work.actor),
    liftedAt: null,
    liftedBy: null,
    liftedReason: null,
  });
  if (cause === 'RELEASE') grant.shutByRelease = true;
  grant.updatedAt = work.now;
  if (open.length > 0) {
    recordGrantEvent(work, grant, 'grant.suspension_added', { cause, reason });
    return true;
  }
  grant.status = 'SUSPENDED';
  grant.statusReason = reason;
  grant.deprovisionedAt = null;
  recordGrantEvent(work, grant, 'grant.suspended', { cause, reason });
  await followGrant(work, grant);
  return true;
}

/**
 * Lifts one cause of a grant, which is locked. When it was the last, the grant can be used again; where access was
 * closed in the product meanwhile, provisioning must be acknowledged anew.
 * @returns false, and nothing is done, when the grant is not suspended for this cause
 */
export async function liftSuspension(
  work: Work,
  grant: AccessGrant,
  { cause, reason }: CauseAndReason,
): Promise<boolean> {
  const open = await openSuspensionsOf(work, grant.id);
  const lifted = open.filter((one) => one.cause === cause);
  if (lifted.length === 0) return false;
  await lift(work, grant, { open, lifted, reason });
  return true;
}

/** Lifts these of the open causes, and reinstates the grant when none is left. */
export async function lift(
  work: Work,
  grant: AccessGrant,
  {
    open,
    lifted,
    reason,
  }: {
    readonly open: readonly GrantSuspension[];
    readonly lifted: readonly GrantSuspension[];
    readonly reason: string;
  },
): Promise<void> {
  for (const suspension of lifted) {
    suspension.liftedAt = work.now;
    suspension.liftedBy = personOf(work.actor);
    suspension.liftedReason = reason;
    if (suspension.cause === 'RELEASE') grant.shutByRelease = false;
  }
  grant.updatedAt = work.now;
  if (lifted.length < open.length) {
    for (const { cause } of lifted) recordGrantEvent(work, grant, 'grant.suspension_lifted', { cause, reason });
    return;
  }
  const isOpen = await isStillOpen(work, grant);
  grant.status = isOpen ? 'ACTIVE' : 'PENDING_PROVISIONING';
  if (!isOpen) grant.provisionedAt = null;
  grant.deprovisionedAt = null;
  grant.statusReason = reason;
  recordGrantEvent(work, grant, 'grant.reinstated', { reason });
  await followGrant(work, grant, { changed: true });
}
