import { LockMode } from '@mikro-orm/core';
import type { Work } from '../doorway/command.js';
import { requireAccepted } from '../doorway/requirements.js';
import { ruleOnGrantToAmend } from '../lifecycle/amendment.js';
import { encodeId } from '../platform/ids.js';
import { followGrant } from '../provisioning/task-making.commands.js';
import { requirePermitted } from './grant.commands.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';

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
  grant.updatedAt = work.now;
  await followGrant(work, grant, { changed: true });
  const changes = {
    amendmentId: encodeId('application', amendment.amendmentId),
    decisionId: encodeId('decision', amendment.decisionId),
    conditions: grant.conditions,
    conditionsBefore,
  };
  return { id: grant.id, announce: () => recordGrantEvent(work, grant, 'grant.amended', changes) };
}
