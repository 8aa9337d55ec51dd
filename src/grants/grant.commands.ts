import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requireIdentified, requireText, requireVersion } from '../doorway/requirements.js';
import { organizationsOf, seesEveryGrant, standingOf } from '../lifecycle/actor.js';
import {
  expiryNoticeDue,
  type GrantCommand,
  type GrantFacts,
  type GrantStatus,
  ruleOnGrant,
} from '../lifecycle/grant.js';
import { releaseRuling, type ScopeRuling } from '../lifecycle/release-scope.js';
import type { Ruling } from '../lifecycle/ruling.js';
import type { SuspensionCause } from '../lifecycle/suspension.js';
import { Refusal } from '../platform/errors.js';
import { isOfSystemsProducts, systemOfActor } from '../provisioning/system-of-actor.queries.js';
import { finishTaskOf, followGrant, makeTask } from '../provisioning/task-making.commands.js';
import { claimPlace, type Found, freePlace } from '../waves/place.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { grantedTerms } from './granted-terms.queries.js';
import { grantIsHeldByScreening } from './held-grants.queries.js';
import { ruleOnRelease } from './release-ruling.queries.js';
import { lift, openSuspension, openSuspensionsOf, toOpenSuspension } from './suspending.js';

const longestReason = 4000;

export type GrantResult = { readonly grantId: string };

export interface NewGrant {
  readonly applicationId: string;
  readonly decisionId: string;
  readonly organizationId: string;
  readonly programId: string;
  readonly conditions: readonly string[];
  /** Whether the grant may wait until its product’s release permits it. */
  readonly inPrinciple: boolean;
}

/** The grant of an approval; `announce` reports its event, so that the approval can be told first. */
export interface ApprovedGrant {
  readonly id: string;
  readonly status: GrantStatus;
  readonly announce: () => void;
}

/**
 * Creates the grant that follows an approval, within the command that approves. It cannot be used before a
 * provisioning system has acknowledged it.
 * @throws Refusal NOT_ALLOWED_NOW when the release does not permit it, and the approval is not in principle
 */
export async function createGrant(work: Work, approved: NewGrant): Promise<ApprovedGrant> {
  const { conditions, inPrinciple, ...places } = approved;
  const { organizationId } = places;
  const { productCode, grantMonths, seats, regions } = await grantedTerms(work.sql, places.applicationId);
  const numbers = await sql<{ number: string }>`select nextval('access_grant_reference_sequence') as number`.execute(
    work.sql,
  );
  const release = await ruleOnRelease(work.sql, { productCode, organizationId, now: work.now });
  const isPermitted = release.objections.length === 0;
  if (!isPermitted && !inPrinciple) requireAccepted(withHint(releaseRuling(release)));
  const id = work.ids.next();
  const place = isPermitted ? await claimPlace(work, { grantId: id, productCode, organizationId, seats }) : null;
  const grant = work.em.create(AccessGrant, {
    id,
    reference: `G-${work.now.getUTCFullYear()}-${String(numbers.rows[0]?.number).padStart(6, '0')}`,
    ...places,
    productCode,
    status: isPermitted ? statusWith(place) : 'APPROVED_IN_PRINCIPLE',
    conditions: [...new Set([...conditions, ...(isPermitted ? release.conditions : [])])],
    startsAt: work.now,
    endsAt: monthsLater(work.now, grantMonths),
    seats,
    regions,
    expiryNoticed: null,
    provisionedAt: null,
    deprovisionedAt: null,
    permittedAt: work.now,
    permittedBy: isPermitted ? release.permittedBy : [],
    statusReason: null,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
  if (grant.status === 'PENDING_PROVISIONING') await makeTask(work, { id, productCode }, 'PROVISION');
  const announce = () => {
    recordGrantEvent(work, grant, 'grant.created', { seats, regions });
    if (place && 'position' in place) recordGrantEvent(work, grant, 'grant.waitlisted', { position: place.position });
  };
  return { id, status: grant.status, announce };
}

/** Whoever may not approve now is told how they could. */
function withHint(objections: Ruling): Ruling {
  const hint = 'It can be approved in principle instead: decline, and propose it with `inPrinciple`.';
  return objections.map(({ message, ...objection }) => ({ ...objection, message: `${message} ${hint}` }));
}

/** Where a grant stands that is permitted, by the place that was found for it. */
export function statusWith(found: Found | null): 'WAITLISTED' | 'PENDING_PROVISIONING' {
  return found && 'position' in found ? 'WAITLISTED' : 'PENDING_PROVISIONING';
}

interface GrantInput {
  readonly grantId: string;
  readonly expectedVersion?: number | null;
}
interface ReasonedInput extends GrantInput {
  readonly reason: string;
}

/** A provisioning system says that access was opened in the product; from now on the grant can be used. */
export const acknowledgeProvisioning: Command<GrantInput, GrantResult> = {
  name: 'grant.acknowledge',
  async run(work, input) {
    const grant = await openedInProduct(work, input);
    await finishTaskOf(work, grant.id, 'PROVISION', await systemOfActor(work));
    return { grantId: grant.id };
  },
};

/** Makes a grant active, because access was opened in the product. */
export async function openedInProduct(work: Work, input: GrantInput): Promise<AccessGrant> {
  const grant = await loadForCommand(work, input, 'acknowledge');
  permit(work, grant, await requirePermitted(work, grant));
  grant.status = 'ACTIVE';
  grant.provisionedAt = work.now;
  recordGrantEvent(work, grant, 'grant.activated', {});
  return grant;
}

/** A provisioning system says that access was closed in the product. */
export const acknowledgeDeprovisioning: Command<GrantInput, GrantResult> = {
  name: 'grant.acknowledgeDeprovisioning',
  async run(work, input) {
    const grant = await closedInProduct(work, input);
    await finishTaskOf(work, grant.id, 'DEPROVISION', await systemOfActor(work));
    return { grantId: grant.id };
  },
};

/** Says of a grant that access was closed in the product. */
export async function closedInProduct(work: Work, input: GrantInput): Promise<AccessGrant> {
  const grant = await loadForCommand(work, input, 'acknowledgeDeprovisioning');
  grant.deprovisionedAt = work.now;
  recordGrantEvent(work, grant, 'grant.deprovisioned', {});
  return grant;
}

/**
 * Stops a grant at once. One person suffices; to reinstate it takes another. The portal itself says for which cause it
 * suspends, whoever else does so as staff.
 */
export const suspendGrant: Command<ReasonedInput & { readonly cause?: SuspensionCause }, GrantResult> = {
  name: 'grant.suspend',
  async run(work, input) {
    const cause = work.actor.kind === 'SYSTEM' && input.cause ? input.cause : 'STAFF';
    const grant = await loadForCommand(work, { ...input, cause }, 'suspend');
    await openSuspension(work, grant, { cause, reason: requireText(input.reason, ['reason'], longestReason) });
    return { grantId: grant.id };
  },
};

/** Lifts one cause of a grant's suspension, or all of them; when none is left, the grant can be used again. */
export const reinstateGrant: Command<ReasonedInput & { readonly cause?: SuspensionCause | null }, GrantResult> = {
  name: 'grant.reinstate',
  async run(work, input) {
    const grant = await loadForCommand(work, input, 'reinstate');
    const reason = requireText(input.reason, ['reason'], longestReason);
    const open = await openSuspensionsOf(work, grant.id);
    const lifted = open.filter(({ cause }) => !input.cause || cause === input.cause);
    if (lifted.length === open.length || lifted.some(({ cause }) => cause === 'RELEASE'))
      permit(work, grant, await requirePermitted(work, grant));
    await lift(work, grant, { open, lifted, reason });
    return { grantId: grant.id };
  },
};

/** Ends a grant for good. */
export const revokeGrant: Command<ReasonedInput, GrantResult> = {
  name: 'grant.revoke',
  async run(work, input) {
    const grant = await loadForCommand(work, input, 'revoke');
    const reason = requireText(input.reason, ['reason'], longestReason);
    grant.status = 'REVOKED';
    grant.statusReason = reason;
    await freePlace(work, grant.id);
    recordGrantEvent(work, grant, 'grant.revoked', { reason });
    await followGrant(work, grant);
    return { grantId: grant.id };
  },
};

/** The partner gives the grant back. */
export const surrenderGrant: Command<GrantInput & { readonly reason?: string | null }, GrantResult> = {
  name: 'grant.surrender',
  async run(work, input) {
    const grant = await loadForCommand(work, input, 'surrender');
    const reason = input.reason?.trim() ? requireText(input.reason, ['reason'], longestReason) : null;
    grant.status = 'SURRENDERED';
    grant.statusReason = reason;
    await freePlace(work, grant.id);
    recordGrantEvent(work, grant, 'grant.surrendered', { reason });
    await followGrant(work, grant);
    return { grantId: grant.id };
  },
};

/** Ends a grant whose last day has passed; given by the portal itself. */
export const expireGrant: Command<GrantInput, GrantResult> = {
  name: 'grant.expire',
  async run(work, input) {
    const grant = await loadForCommand(work, input, 'expire');
    grant.status = 'EXPIRED';
    grant.statusReason = null;
    await freePlace(work, grant.id);
    recordGrantEvent(work, grant, 'grant.expired', {});
    await followGrant(work, grant);
    return { grantId: grant.id };
  },
};

/** Tells that a grant's end is near; given by the portal itself, for each notice once. */
export const noteExpiring: Command<GrantInput, GrantResult> = {
  name: 'grant.noteExpiring',
  async run(work, input) {
    const grant = await loadForCommand(work, input, 'noteExpiring');
    const days = expiryNoticeDue(grant, grant.expiryNoticed ?? null, work.now);
    if (days === null) throw Refusal.of('NOT_ALLOWED_NOW', 'There is no notice to give.');
    grant.expiryNoticed = days;
    recordGrantEvent(work, grant, 'grant.expiring', { endsAt: grant.endsAt.toISOString(), days });
    return { grantId: grant.id };
  },
};

/** @throws Refusal NOT_FOUND when the actor may not see it, CONFLICT when it moved on, or what the rules object */
export async function loadForCommand(
  work: Work,
  { grantId, expectedVersion, cause = null }: GrantInput & { readonly cause?: SuspensionCause | null },
  command: GrantCommand,
): Promise<AccessGrant> {
  requireIdentified(work.actor);
  const grant = await work.em.findOne(AccessGrant, { id: grantId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const isOwn = grant !== null && organizationsOf(work.actor).includes(grant.organizationId);
  const isSeen = isOwn || (seesEveryGrant(work.actor) && (await isOfSystemsProducts(work, grant?.productCode ?? null)));
  if (!grant || !isSeen) throw Refusal.notFound('grant', ['grantId']);
  const isHeldByScreening = command === 'reinstate' && (await grantIsHeldByScreening(work.sql, grantId));
  const ruling = ruleOnGrant(
    command,
    { ...(await factsOf(work, grant)), isHeldByScreening },
    standingOf(work.actor, grant.organizationId),
    work.now,
    cause,
  );
  if (ruling[0]?.code !== 'FORBIDDEN') requireVersion(grant.version, expectedVersion);
  requireAccepted(ruling);
  grant.updatedAt = work.now;
  return grant;
}

/**
 * Access is given only to whom the product's release permits it, and only while it does.
 * @throws Refusal NOT_ALLOWED_NOW with whatever keeps the organization out
 */
export async function requirePermitted(
  work: Work,
  { productCode, organizationId }: Pick<AccessGrant, 'productCode' | 'organizationId'>,
): Promise<ScopeRuling> {
  const ruling = await ruleOnRelease(work.sql, { productCode, organizationId, now: work.now });
  requireAccepted(releaseRuling(ruling));
  return ruling;
}

export function permit(work: Work, grant: AccessGrant, { permittedBy, conditions }: ScopeRuling): void {
  grant.permittedAt = work.now;
  grant.permittedBy = permittedBy;
  grant.conditions = [...new Set([...grant.conditions, ...conditions])];
}

async function factsOf(work: Work, grant: AccessGrant): Promise<Omit<GrantFacts, 'isHeldByScreening'>> {
  const { id, status, endsAt, deprovisionedAt } = grant;
  const open = status === 'SUSPENDED' ? await openSuspensionsOf(work, id) : [];
  return { status, endsAt, suspensions: open.map(toOpenSuspension), deprovisionedAt: deprovisionedAt ?? null };
}

/** The same day so many months later; a day the month lacks becomes its last (31 January + 1 month: 28 February). */
export function monthsLater(start: Date, months: number): Date {
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end;
}
