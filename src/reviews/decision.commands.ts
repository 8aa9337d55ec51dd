import {
  type LockedApplication,
  loadForCommand,
  recordApplicationEvent,
} from '../applications/application.commands.js';
import { awaitCountersignature, enterStage, leaveQueue } from '../applications/application-clock.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson, requireText, requireTexts } from '../doorway/requirements.js';
import { amendGrant } from '../grants/amendment.commands.js';
import { createGrant } from '../grants/grant.commands.js';
import { appealDeadline } from '../lifecycle/application-guards.js';
import { stageByKey } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { lapseReopening } from './pending.commands.js';
import { Decision, type DecisionOutcome } from './review.entity.js';

import {
  longestCondition,
  longestText,
  mostConditions,
  type ReviewInput,
  requireConditions,
} from './review-requirements.js';

export interface ProposeDecisionInput extends ReviewInput {
  readonly outcome: DecisionOutcome;
  /** Why, for the partner; needed for a refusal. */
  readonly reasons: readonly string[];
  readonly conditions: readonly string[];
  /** For staff only. */
  readonly internalNote?: string | null;
}

/** Proposes how to decide. Nothing is decided before another decider has countersigned. */
export const proposeDecision: Command<ProposeDecisionInput, { applicationId: string; decisionId: string }> = {
  name: 'application.proposeDecision',
  async run(work, input) {
    const { application, facts } = await loadForCommand(work, input.applicationId, 'proposeDecision', input);
    const person = requirePerson(work.actor);
    const reasons = requireTexts(input.reasons, ['reasons'], mostConditions, longestCondition);
    if (input.outcome === 'REFUSE' && reasons.length === 0) {
      throw Refusal.of('REQUIRED', 'A refusal gives the partner at least one reason.', ['reasons']);
    }
    const decision = work.em.create(Decision, {
      id: work.ids.next(),
      applicationId: application.id,
      onAppeal: facts.status === 'UNDER_APPEAL',
      outcome: input.outcome,
      reasons,
      conditions: requireConditions(input.outcome, input.conditions),
      internalNote: input.internalNote?.trim() ? requireText(input.internalNote, ['internalNote'], longestText) : '',
      status: 'PROPOSED',
      proposedBy: person.personId,
      proposedAt: work.now,
      countersignedBy: null,
      countersignedAt: null,
      declinedReason: null,
      supersededAt: null,
      version: 1,
    });
    application.statusBefore = application.status;
    application.status = 'DECISION_PROPOSED';
    awaitCountersignature(work, application, facts.workflow);
    recordApplicationEvent(work, application, 'application.decision_proposed', {
      decisionId: encodeId('decision', decision.id),
    });
    return { applicationId: application.id, decisionId: decision.id };
  },
};

/** Makes the proposed decision final. An approval creates its grant, or changes the one it amends, in the same transaction. */
export const countersign: Command<
  ReviewInput & { readonly decisionId: string },
  { applicationId: string; grantId: string | null }
> = {
  name: 'application.countersign',
  async run(work, { applicationId, decisionId, expectedVersion }) {
    const locked = await loadForCommand(work, applicationId, 'countersign', { expectedVersion });
    const person = requirePerson(work.actor);
    const decision = await requireProposed(work, applicationId, decisionId);
    decision.status = 'COUNTERSIGNED';
    decision.countersignedBy = person.personId;
    decision.countersignedAt = work.now;
    const { application } = locked;
    application.status = statusAfter[decision.outcome];
    application.statusBefore = null;
    application.decidedAt = work.now;
    leaveQueue(work, application);
    const grantId =
      decision.outcome === 'REFUSE' ? refuse(work, locked, decision) : await approve(work, locked, decision);
    return { applicationId, grantId };
  },
};

/** Sends a proposed decision back. It stays on record, and another one must be proposed. */
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

const statusAfter = {
  APPROVE: 'APPROVED',
  APPROVE_WITH_CONDITIONS: 'APPROVED_WITH_CONDITIONS',
  REFUSE: 'REFUSED',
} as const;

async function requireProposed(work: Work, applicationId: string, decisionId: string): Promise<Decision> {
  const decision = await work.em.findOne(Decision, { applicationId, status: 'PROPOSED' });
  if (decision?.id === decisionId) return decision;
  throw Refusal.of('CONFLICT', 'This is not the decision that waits now; read the application again.', ['decisionId']);
}

async function approve(work: Work, { application }: LockedApplication, decision: Decision): Promise<string> {
  const { amendsId, kind } = application;
  const approved = { decisionId: decision.id, conditions: decision.conditions };
  const grant = amendsId
    ? await amendGrant(work, { ...approved, amendsId, amendmentId: application.id })
    : await createGrant(work, {
        ...approved,
        applicationId: application.id,
        organizationId: application.organizationId,
        programId: application.programId,
        programVersionId: application.programVersionId,
      });
  recordApplicationEvent(work, application, 'application.approved', {
    decisionId: encodeId('decision', decision.id),
    grantId: encodeId('grant', grant.id),
    kind,
    conditions: decision.conditions,
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
    appealBefore: until?.toISOString() ?? null,
  });
  return null;
}
