import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requireIdentified, requireText, requireVersion } from '../doorway/requirements.js';
import { organizationsOf, seesEveryGrant, standingOf } from '../lifecycle/actor.js';
import { type GrantCommand, type GrantFacts, ruleOnGrant } from '../lifecycle/grant.js';
import { releaseRuling, type ScopeRuling } from '../lifecycle/release-scope.js';
import type { SuspensionCause } from '../lifecycle/suspension.js';
import { seatsAskedFor } from '../lifecycle/wave.js';
import { organizationInScope } from '../organizations/scope.queries.js';
import { Refusal } from '../platform/errors.js';
import { claimPlace, freePlace } from '../waves/place.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
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
  readonly programVersionId: string;
  readonly conditions: readonly string[];
}

/**
 * Creates the grant that follows an approval, within the command that approves. It cannot be used before a
 * provisioning system has acknowledged it. `announce` reports the event, so that the approval can be told first.
 */
export async function createGrant(work: Work, approved: NewGrant): Promise<{ id: string; announce: () => void }> {
  const { programVersionId, conditions, ...places } = approved;
  const { number, grantMonths, productCode, seats } = await termsOfGrant(work, approved);
  const { organizationId } = places;
  const release = await requirePermitted(work, { productCode, organizationId });
  const id = work.ids.next();
  const organization = await organizationInScope(work.sql, organizationId);
  const place = await claimPlace(work, { grantId: id, productCode, organizationId, organization, seats });
  const grant = work.em.create(AccessGrant, {
    id,
    reference: `G-${work.now.getUTCFullYear()}-${number.padStart(6, '0')}`,
    ...places,
    productCode,
    status: place && 'position' in place ? 'WAITLISTED' : 'PENDING_PROVISIONING',
    conditions: [...new Set([...conditions, ...release.conditions])],
    startsAt: work.now,
    endsAt: monthsLater(work.now, grantMonths),
    provisionedAt: null,
    deprovisionedAt: null,
    permittedAt: work.now,
    permittedBy: release.permittedBy,
    statusReason: null,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
  const announce = () => {
    recordGrantEvent(work, grant, 'grant.created', {});
    if (place && 'position' in place) recordGrantEvent(work, grant, 'grant.waitlisted', { position: place.position });
  };
  return { id, announce };
}

/** What of a new grant its program and its application say. */
async function termsOfGrant(work: Work, { programVersionId, applicationId }: NewGrant) {
  const found = await sql<{ number: string; grant_months: number; product_code: string; seats: unknown }>`
    select nextval('access_grant_reference_sequence')::text as number, v.grant_months, p.product_code,
      (select a.answers -> 'seats' from application as a where a.id = ${applicationId}) as seats
    from program_version as v join program as p on p.id = v.program_id where v.id = ${programVersionId}`.execute(
    work.sql,
  );
  const [row] = found.rows;
  if (!row) throw new Error(`There is no program version ${programVersionId}.`);
  const { number, grant_months: grantMonths, product_code: productCode, seats } = row;
  return { number, grantMonths, productCode, seats: seatsAskedFor(seats) };
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
    const grant = await loadForCommand(work, input, 'acknowledge');
    permit(work, grant, await requirePermitted(work, grant));
    grant.status = 'ACTIVE';
    grant.provisionedAt = work.now;
    recordGrantEvent(work, grant, 'grant.activated', {});
    return { grantId: grant.id };
  },
};

/** A provisioning system says that access was closed in the product. */
export const acknowledgeDeprovisioning: Command<GrantInput, GrantResult> = {
  name: 'grant.acknowledgeDeprovisioning',
  async run(work, input) {
    const grant = await loadForCommand(work, input, 'acknowledgeDeprovisioning');
    grant.deprovisionedAt = work.now;
    recordGrantEvent(work, grant, 'grant.deprovisioned', {});
    return { grantId: grant.id };
  },
};

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
    lift(work, grant, { open, lifted, reason });
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
    return { grantId: grant.id };
  },
};

async function loadForCommand(
  work: Work,
  { grantId, expectedVersion, cause = null }: GrantInput & { readonly cause?: SuspensionCause | null },
  command: GrantCommand,
): Promise<AccessGrant> {
  requireIdentified(work.actor);
  const grant = await work.em.findOne(AccessGrant, { id: grantId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const isOwn = grant !== null && organizationsOf(work.actor).includes(grant.organizationId);
  if (!grant || !(isOwn || seesEveryGrant(work.actor))) throw Refusal.notFound('grant', ['grantId']);
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
function monthsLater(start: Date, months: number): Date {
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end;
}
