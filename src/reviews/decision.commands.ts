import {
  type LockedApplication,
  loadForCommand,
  recordApplicationEvent,
} from '../applications/application.commands.js';
import { awaitCountersignature, enterStage } from '../applications/application-clock.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson, requireText } from '../doorway/requirements.js';
import type { ApplicationKind } from '../lifecycle/amendment.js';
import { answerBefore, countersignaturesNeeded } from '../lifecycle/decisions.js';
import { stageByKey } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { makeFinal } from './decision-ending.js';
import { type DecisionWords, requireWording } from './decision-wording.js';
import { announceIntent } from './intent.commands.js';
import { lapseReopening } from './pending.commands.js';
import { Decision, type DecisionOutcome } from './review.entity.js';
import { longestText, type ReviewInput } from './review-requirements.js';

export interface ProposeDecisionInput extends ReviewInput, DecisionWords {
  /** Approve although the product’s release may not permit it yet; access follows when it does. */
  readonly inPrinciple?: boolean;
  /** For staff only. */
  readonly internalNote?: string | null;
}

/** Proposes how to decide. Nothing is decided before as many others have countersigned as the program says. */
export const proposeDecision: Command<ProposeDecisionInput, { applicationId: string; decisionId: string }> = {
  name: 'application.proposeDecision',
  async run(work, input) {
    const { application, facts } = await loadForCommand(work, input.applicationId, 'proposeDecision', input);
    const person = requirePerson(work.actor);
    const inPrinciple = input.inPrinciple ?? false;
    if (inPrinciple) requireCanBeInPrinciple(input.outcome, application.kind);
    const decision = work.em.create(Decision, {
      id: work.ids.next(),
      applicationId: application.id,
      onAppeal: facts.status === 'UNDER_APPEAL',
      outcome: input.outcome,
      inPrinciple,
      ...(await requireWording(work, application.programId, input)),
      internalNote: input.internalNote?.trim() ? requireText(input.internalNote, ['internalNote'], longestText) : '',
      status: 'PROPOSED',
      proposedBy: person.personId,
      proposedAt: work.now,
      countersignaturesNeeded: countersignaturesNeeded(facts.workflow, input.outcome),
      firstCountersignedBy: null,
      firstCountersignedAt: null,
      countersignedBy: null,
      countersignedAt: null,
      becameFinalAt: null,
      declinedReason: null,
      supersededAt: null,
      version: 1,
    });
    application.statusBefore = application.status;
    application.status = 'DECISION_PROPOSED';
    awaitCountersignature(work, application, facts.workflow);
    recordApplicationEvent(work, application, 'application.decision_proposed', {
      decisionId: encodeId('decision', decision.id),
      inPrinciple,
    });
    return { applicationId: application.id, decisionId: decision.id };
  },
};

/** A grant that there is can be used or not, and nothing of it waits; so a change of it is decided when it is permitted. */
function requireCanBeInPrinciple(outcome: DecisionOutcome, kind: ApplicationKind): void {
  if (outcome === 'REFUSE')
    throw Refusal.of('INVALID', 'Only an approval can be in principle, and this is a refusal.', ['inPrinciple']);
  if (kind === 'NEW') return;
  const message = 'Only what asks for a new grant can be approved in principle, and this would change one there is.';
  throw Refusal.of('INVALID', message, ['inPrinciple']);
}

/**
 * Countersigns the proposed decision. The last of the countersignatures that it needs makes it final, or announces the
 * refusal when its partner may answer first.
 */
export const countersign: Command<
  ReviewInput & { readonly decisionId: string },
  { applicationId: string; grantId: string | null }
> = {
  name: 'application.countersign',
  async run(work, { applicationId, decisionId, expectedVersion }) {
    const locked = await loadForCommand(work, applicationId, 'countersign', { expectedVersion });
    const { personId } = requirePerson(work.actor);
    const decision = await requireProposed(work, applicationId, decisionId);
    if (decision.countersignaturesNeeded > 1 && decision.firstCountersignedBy === null) {
      signFirst(work, locked, decision, personId);
      return { applicationId, grantId: null };
    }
    decision.countersignedBy = personId;
    decision.countersignedAt = work.now;
    const until = timeToAnswer(locked, decision, work.now);
    if (!until) return { applicationId, grantId: await makeFinal(work, locked, decision) };
    announceIntent(work, locked, decision, until);
    return { applicationId, grantId: null };
  },
};

/** The first of two countersignatures: the application waits on, in the time that it had. */
function signFirst(work: Work, { application }: LockedApplication, decision: Decision, personId: string): void {
  decision.firstCountersignedBy = personId;
  decision.firstCountersignedAt = work.now;
  recordApplicationEvent(work, application, 'application.decision_countersigned', {
    decisionId: encodeId('decision', decision.id),
    given: 1,
    needed: decision.countersignaturesNeeded,
  });
}

function timeToAnswer({ facts }: LockedApplication, { outcome, onAppeal }: Decision, now: Date): Date | null {
  if (outcome !== 'REFUSE') return null;
  return answerBefore(facts.workflow, { onAppeal, answeredBefore: facts.answeredIntent }, now);
}

/** Sends a proposed decision back, however often it was countersigned. It stays on record; another one must be proposed. */
export const declineToCountersign: Command<
  ReviewInput & { readonly decisionId: string; readonly reason: string },
  { applicationId: string }
> = {
  name: 'application.declineToCountersign',
  async run(work, { applicationId, decisionId, reason, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'declineToCountersign', {
      expectedVersion,
    });
    const person = requirePerson(work.actor);
    const decision = await requireProposed(work, applicationId, decisionId);
    decision.status = 'DECLINED';
    decision.countersignedBy = person.personId;
    decision.countersignedAt = work.now;
    decision.declinedReason = requireText(reason, ['reason'], longestText);
    application.status = decision.onAppeal ? 'UNDER_APPEAL' : 'IN_REVIEW';
    application.statusBefore = null;
    const stage = stageByKey(facts.workflow, application.stageKey);
    recordApplicationEvent(work, application, 'application.countersignature_declined', {
      decisionId: encodeId('decision', decision.id),
    });
    if (stage) await enterStage(work, application, facts.workflow, stage, 'COUNTERSIGNATURE_DECLINED');
    return { applicationId };
  },
};

/** Appeals against a refusal, once and in time. People who did not decide before decide it again. */
export const appealDecision: Command<ReviewInput & { readonly grounds: string }, { applicationId: string }> = {
  name: 'application.appeal',
  duplicates: {
    application_open_unique: 'Your organization has another open application for this program; withdraw it to appeal.',
    amendment_open_unique: 'Your organization has another open amendment of this grant; withdraw it to appeal.',
    renewal_open_unique: 'Your organization has another open renewal of this grant; withdraw it to appeal.',
  },
  async run(work, { applicationId, grounds, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'appeal', { expectedVersion });
    const text = requireText(grounds, ['grounds'], longestText);
    const last = facts.workflow.stages.at(-1);
    if (!last) throw new Error(`The workflow of application ${applicationId} has no stage.`);
    await lapseReopening(work, applicationId);
    application.status = 'UNDER_APPEAL';
    application.appealedAt = work.now;
    application.assigneeId = null;
    recordApplicationEvent(work, application, 'application.appealed', { grounds: text });
    await enterStage(work, application, facts.workflow, last, 'APPEALED');
    return { applicationId };
  },
};

async function requireProposed(work: Work, applicationId: string, decisionId: string): Promise<Decision> {
  const decision = await work.em.findOne(Decision, { applicationId, status: 'PROPOSED' });
  if (decision?.id === decisionId) return decision;
  throw Refusal.of('CONFLICT', 'This is not the decision that waits now; read the application again.', ['decisionId']);
}
