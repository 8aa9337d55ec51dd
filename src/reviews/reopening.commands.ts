import {
  type LockedApplication,
  loadForCommand,
  recordApplicationEvent,
  recordBeside,
} from '../applications/application.commands.js';
import { enterIntake, enterStage } from '../applications/application-clock.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson, requireText } from '../doorway/requirements.js';
import { isDecided, reopenedStatus } from '../lifecycle/reopening.js';
import { stageByKey } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { Reopening } from './reopening.entity.js';
import { Decision } from './review.entity.js';
import { longestText, type ReviewInput } from './review-requirements.js';

export interface ProposeReopeningInput extends ReviewInput {
  /** For the partner, once it is confirmed. */
  readonly reason: string;
  /** For staff only. */
  readonly internalReason: string;
}

/** Proposes to reopen an application that was closed in error. Members of the organization notice nothing of it. */
export const proposeReopening: Command<ProposeReopeningInput, { applicationId: string; reopeningId: string }> = {
  name: 'application.proposeReopening',
  async run(work, { applicationId, reason, internalReason, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'proposeReopening', { expectedVersion });
    const person = requirePerson(work.actor);
    const reopening = work.em.create(Reopening, {
      id: work.ids.next(),
      applicationId,
      fromStatus: application.status,
      reason: requireText(reason, ['reason'], longestText),
      internalReason: requireText(internalReason, ['internalReason'], longestText),
      status: 'PROPOSED',
      proposedBy: person.personId,
      proposedAt: work.now,
      decidedBy: null,
      decidedAt: null,
      declinedReason: null,
      version: 1,
    });
    recordBeside(work, application, 'application.reopening_proposed', {
      reopeningId: encodeId('reopening', reopening.id),
    });
    return { applicationId, reopeningId: reopening.id };
  },
};

interface AnswerInput extends ReviewInput {
  readonly reopeningId: string;
}

/**
 * Reopens an application where its work stopped, in nobody's hands, under the version it has. A decision that stood is set
 * aside and stays on record; the time charged before counts.
 */
export const confirmReopening: Command<AnswerInput, { applicationId: string }> = {
  name: 'application.confirmReopening',
  duplicates: {
    application_open_unique: 'The organization has another open application to the program, which replaces it.',
  },
  async run(work, { applicationId, reopeningId, expectedVersion }) {
    const locked = await loadForCommand(work, applicationId, 'confirmReopening', { expectedVersion });
    const { application } = locked;
    const reopening = await answer(work, applicationId, reopeningId, 'CONFIRMED');
    const stage = await goBack(work, locked);
    recordApplicationEvent(work, application, 'application.reopened', {
      reopeningId: encodeId('reopening', reopening.id),
      fromStatus: reopening.fromStatus,
      stage: stage?.key ?? null,
      reason: reopening.reason,
    });
    const { workflow } = locked.facts;
    if (stage) await enterStage(work, application, workflow, stage, 'REOPENED');
    else if (application.status === 'SUBMITTED') await enterIntake(work, application, workflow, 'REOPENED');
    return { applicationId };
  },
};

/** Leaves the application closed. The proposal stays on record, and another one can be made. */
export const declineReopening: Command<AnswerInput & { readonly reason: string }, { applicationId: string }> = {
  name: 'application.declineReopening',
  async run(work, { applicationId, reopeningId, reason, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'declineReopening', { expectedVersion });
    const reopening = await answer(work, applicationId, reopeningId, 'DECLINED');
    reopening.declinedReason = requireText(reason, ['reason'], longestText);
    recordBeside(work, application, 'application.reopening_declined', {
      reopeningId: encodeId('reopening', reopening.id),
    });
    return { applicationId };
  },
};

/** @throws Refusal CONFLICT when it is another one that waits */
async function answer(
  work: Work,
  applicationId: string,
  reopeningId: string,
  status: 'CONFIRMED' | 'DECLINED',
): Promise<Reopening> {
  const person = requirePerson(work.actor);
  const reopening = await work.em.findOne(Reopening, { applicationId, status: 'PROPOSED' });
  if (reopening?.id !== reopeningId)
    throw Refusal.of('CONFLICT', 'This is not the proposal that waits now; read the application again.', [
      'reopeningId',
    ]);
  reopening.status = status;
  reopening.decidedBy = person.personId;
  reopening.decidedAt = work.now;
  return reopening;
}

/** Makes the application what it was when its work stopped; answers the stage at which it goes on, if it was at one. */
async function goBack(work: Work, { application, facts }: LockedApplication) {
  const { workflow } = facts;
  const wasDecided = isDecided(facts.status);
  application.status = reopenedStatus(facts);
  application.statusBefore = null;
  application.closedReason = null;
  application.assigneeId = null;
  if (!wasDecided) return stageByKey(workflow, application.stageKey);
  const standing = await work.em.find(
    Decision,
    { applicationId: application.id, status: 'COUNTERSIGNED', supersededAt: null },
    { orderBy: { id: 'desc' } },
  );
  const [last, appealed] = standing;
  if (last) last.supersededAt = work.now;
  // Under appeal, what was appealed stands as it did.
  application.decidedAt = application.status === 'UNDER_APPEAL' ? (appealed?.countersignedAt ?? null) : null;
  return workflow.stages.at(-1) ?? null;
}
