import { type LockedApplication, recordApplicationEvent } from '../applications/application.commands.js';
import { leaveQueue } from '../applications/application-clock.commands.js';
import type { Work } from '../doorway/command.js';
import { amendGrant, renewGrant } from '../grants/amendment.commands.js';
import { createGrant } from '../grants/grant.commands.js';
import { appealDeadline } from '../lifecycle/application-guards.js';
import { encodeId } from '../platform/ids.js';
import { codesOf } from './decision-wording.js';
import type { Decision } from './review.entity.js';

const statusAfter = {
  APPROVE: 'APPROVED',
  APPROVE_WITH_CONDITIONS: 'APPROVED_WITH_CONDITIONS',
  REFUSE: 'REFUSED',
} as const;

/** Makes a decision final. An approval creates its grant, or changes the one it amends, in the same transaction; answers the grant's id. */
export async function makeFinal(work: Work, locked: LockedApplication, decision: Decision): Promise<string | null> {
  const { application } = locked;
  decision.status = 'COUNTERSIGNED';
  application.status = statusAfter[decision.outcome];
  application.statusBefore = null;
  application.decidedAt = work.now;
  leaveQueue(work, application);
  return decision.outcome === 'REFUSE' ? refuse(work, locked, decision) : approve(work, locked, decision);
}

async function approve(work: Work, { application }: LockedApplication, decision: Decision): Promise<string> {
  const { amendsId, kind } = application;
  const approved = { decisionId: decision.id, conditions: decision.conditions };
  const change = kind === 'RENEWAL' ? renewGrant : amendGrant;
  const grant = amendsId
    ? await change(work, { ...approved, amendsId, applicationId: application.id })
    : await createGrant(work, {
        ...approved,
        applicationId: application.id,
        organizationId: application.organizationId,
        programId: application.programId,
        inPrinciple: decision.inPrinciple,
      });
  recordApplicationEvent(work, application, 'application.approved', {
    decisionId: encodeId('decision', decision.id),
    grantId: encodeId('grant', grant.id),
    kind,
    inPrinciple: decision.inPrinciple,
    grantStatus: grant.status,
    conditions: decision.conditions,
    conditionCodes: codesOf(decision.standardConditions),
  });
  grant.announce();
  return grant.id;
}

function refuse(work: Work, { application, facts }: LockedApplication, decision: Decision): null {
  // An appeal can be made once, so the refusal of one is final.
  const until = decision.onAppeal ? null : appealDeadline({ decidedAt: work.now, workflow: facts.workflow });
  recordApplicationEvent(work, application, 'application.refused', {
    decisionId: encodeId('decision', decision.id),
    reasons: decision.reasons,
    reasonCodes: codesOf(decision.standardReasons),
    appealBefore: until?.toISOString() ?? null,
  });
  return null;
}
