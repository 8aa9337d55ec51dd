import { LockMode } from '@mikro-orm/core';
import type { Work } from '../doorway/command.js';
import { requireAccepted } from '../doorway/requirements.js';
import { ruleOnGrantToAmend } from '../lifecycle/amendment.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { followGrant } from '../provisioning/task-making.commands.js';
import { resizePlace } from '../waves/place.commands.js';
import { type ApprovedGrant, monthsLater, requirePermitted } from './grant.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { type GrantedTerms, grantedTerms } from './granted-terms.queries.js';
import { seatsUsed } from './named-user.commands.js';

export interface ApprovedChange {
  /** The application that the grant follows from. */
  readonly amendsId: string;
  /** The amendment or the renewal. */
  readonly applicationId: string;
  readonly decisionId: string;
  readonly conditions: readonly string[];
}

type ChangedGrant = Promise<ApprovedGrant>;

/**
 * Changes a grant as an approved amendment says, within the command that approves; `announce` reports the event, so that
 * the approval can be told first.
 * @throws Refusal when the grant has ended meanwhile, its product’s release does not permit it, it would have fewer
 *   seats than users, or more than the wave has left in which it holds a place
 */
export async function amendGrant(work: Work, amendment: ApprovedChange): ChangedGrant {
  const { grant, changes } = await change(work, amendment);
  const particulars = { amendmentId: encodeId('application', amendment.applicationId), ...changes };
  return {
    id: grant.id,
    status: grant.status,
    announce: () => recordGrantEvent(work, grant, 'grant.amended', particulars),
  };
}

/**
 * The same for an approved renewal, which puts off the grant's end: it lasts as long again from the end it had, so that
 * nobody loses time by renewing early.
 */
export async function renewGrant(work: Work, renewal: ApprovedChange): ChangedGrant {
  const { grant, changes, terms } = await change(work, renewal);
  const endsBefore = grant.endsAt;
  grant.endsAt = monthsLater(endsBefore, terms.grantMonths);
  grant.expiryNoticed = null;
  const particulars = {
    renewalId: encodeId('application', renewal.applicationId),
    endsAt: grant.endsAt.toISOString(),
    endsBefore: endsBefore.toISOString(),
    ...changes,
  };
  return {
    id: grant.id,
    status: grant.status,
    announce: () => recordGrantEvent(work, grant, 'grant.renewed', particulars),
  };
}

/** The grant is locked after the application, as everywhere. */
async function change(work: Work, approved: ApprovedChange) {
  const grant = await work.em.findOne(
    AccessGrant,
    { applicationId: approved.amendsId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'desc' } },
  );
  requireAccepted(ruleOnGrantToAmend(grant, work.now));
  if (!grant) throw new Error('A grant that is not there was accepted.');
  const conditionsBefore = grant.conditions;
  const release = await requirePermitted(work, grant);
  grant.conditions = [...new Set([...approved.conditions, ...release.conditions])];
  const terms = await grantedTerms(work.sql, approved.applicationId);
  await giveSeats(work, grant, terms);
  grant.updatedAt = work.now;
  await followGrant(work, grant, { changed: true });
  const { conditions, seats, regions } = grant;
  const decisionId = encodeId('decision', approved.decisionId);
  return { grant, terms, changes: { decisionId, conditions, conditionsBefore, seats, regions } };
}

/** @throws Refusal NOT_ALLOWED_NOW when more users are named than there would be seats; LIMIT_REACHED when its wave has not so many */
async function giveSeats(work: Work, grant: AccessGrant, { seats, regions }: GrantedTerms): Promise<void> {
  const used = seats < grant.seats ? await seatsUsed(work, grant.id) : 0;
  if (used > seats) {
    const message = `It asks for ${seats} seats, and ${used} users are named: the partner must remove ${used - seats} first.`;
    throw Refusal.of('NOT_ALLOWED_NOW', message);
  }
  grant.seats = seats;
  await resizePlace(work, grant.id, seats);
  grant.regions = regions;
}
