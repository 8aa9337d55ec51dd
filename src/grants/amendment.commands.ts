import { LockMode } from '@mikro-orm/core';
import type { Work } from '../doorway/command.js';
import { requireAccepted } from '../doorway/requirements.js';
import { ruleOnGrantToAmend } from '../lifecycle/amendment.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { requirePermitted } from './grant.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { grantedTerms } from './granted-terms.queries.js';
import { seatsUsed } from './named-user.commands.js';

export interface ApprovedAmendment {
  /** The application that the grant follows from. */
  readonly amendsId: string;
  readonly amendmentId: string;
  readonly decisionId: string;
  readonly conditions: readonly string[];
}

/**
 * Changes a grant as an approved amendment says, within the command that approves; `announce` reports the event, so that
 * the approval can be told first. The grant is locked after the amendment, as everywhere.
 * @throws Refusal when the grant has ended meanwhile, or its product’s release does not permit it
 */
export async function amendGrant(
  work: Work,
  amendment: ApprovedAmendment,
): Promise<{ id: string; announce: () => void }> {
  const grant = await work.em.findOne(
    AccessGrant,
    { applicationId: amendment.amendsId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'desc' } },
  );
  requireAccepted(ruleOnGrantToAmend(grant, work.now));
  if (!grant) throw new Error('A grant that is not there was accepted.');
  const conditionsBefore = grant.conditions;
  const release = await requirePermitted(work, grant);
  grant.conditions = [...new Set([...amendment.conditions, ...release.conditions])];
  const { seats, regions } = await giveExtent(work, grant, amendment.amendmentId);
  grant.updatedAt = work.now;
  const changes = {
    amendmentId: encodeId('application', amendment.amendmentId),
    decisionId: encodeId('decision', amendment.decisionId),
    conditions: grant.conditions,
    conditionsBefore,
    seats,
    regions,
  };
  return { id: grant.id, announce: () => recordGrantEvent(work, grant, 'grant.amended', changes) };
}

/**
 * Gives a locked grant the seats and regions that an application asked for.
 * @throws Refusal NOT_ALLOWED_NOW when more users are named than there would be seats
 */
export async function giveExtent(
  work: Work,
  grant: AccessGrant,
  applicationId: string,
): Promise<{ readonly seats: number; readonly regions: readonly string[] }> {
  const { seats, regions } = await grantedTerms(work.sql, applicationId);
  const used = seats < grant.seats ? await seatsUsed(work, grant.id) : 0;
  if (used > seats) {
    const message = `It asks for ${seats} seats, and ${used} users are named: the partner must remove ${used - seats} first.`;
    throw Refusal.of('NOT_ALLOWED_NOW', message);
  }
  grant.seats = seats;
  grant.regions = regions;
  return { seats, regions };
}
