import {
  type LockedApplication,
  loadForCommand,
  recordApplicationEvent,
} from '../applications/application.commands.js';
import {
  awaitCountersignature,
  enterStage,
  leaveQueue,
  pauseClock,
  resumeClock,
} from '../applications/application-clock.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson, requireText, requireTexts } from '../doorway/requirements.js';
import { createGrant } from '../grants/grant.commands.js';
import { appealDeadline } from '../lifecycle/application-guards.js';
import { stageByKey } from '../lifecycle/workflow.js';
import { addWorkingTime } from '../lifecycle/working-time.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import {
  Decision,
  type DecisionOutcome,
  InformationRequest,
  Recommendation,
  type RecommendationKind,
  Recusal,
} from './review.entity.js';

const longestText = 8000;
const mostConditions = 50;
const longestCondition = 1000;

/** How long a partner has to answer when the question names no date: twenty working days of eight hours. */
const answerWithinMs = 20 * 8 * 60 * 60 * 1000;

/** The longest that staff may give a partner: a year. */
const longestAnswerMs = 365 * 24 * 60 * 60 * 1000;

interface ReviewInput {
  readonly applicationId: string;
  readonly expectedVersion?: number | null;
}

/** Asks the partner a question. The clock stops until it is answered. */
export const requestInformation: Command<
  ReviewInput & { readonly question: string; readonly dueAt?: Date | null },
  { applicationId: string; informationRequestId: string }
> = {
  name: 'application.requestInformation',
  async run(work, { applicationId, question, dueAt, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'requestInformation', { expectedVersion });
    const person = requirePerson(work.actor);
    if (dueAt) requireDueInTime(dueAt, work.now);
    const request = work.em.create(InformationRequest, {
      id: work.ids.next(),
      applicationId,
      question: requireText(question, ['question'], longestText),
      askedBy: person.personId,
      askedAt: work.now,
      dueAt: dueAt ?? addWorkingTime(work.now, answerWithinMs),
      response: null,
      respondedBy: null,
      respondedAt: null,
      withdrawnAt: null,
    });
    application.statusBefore = application.status;
    application.status = 'INFORMATION_REQUESTED';
    await pauseClock(work, application, 'INFORMATION_REQUESTED');
    recordApplicationEvent(work, application, 'application.information_requested', {
      informationRequestId: encodeId('inforequest', request.id),
      dueAt: request.dueAt.toISOString(),
    });
    return { applicationId, informationRequestId: request.id };
  },
};

/** Answers the open question; the application goes back to where it was, and its clock goes on. */
export const respondToInformationRequest: Command<
  ReviewInput & { readonly informationRequestId: string; readonly response: string },
  { applicationId: string }
> = {
  name: 'application.respond',
  async run(work, { applicationId, informationRequestId, response, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'respond', { expectedVersion });
    const person = requirePerson(work.actor);
    const request = await work.em.findOne(InformationRequest, { applicationId, respondedAt: null, withdrawnAt: null });
    if (request?.id !== informationRequestId)
      throw Refusal.notFound('open information request', ['informationRequestId']);
    request.response = requireText(response, ['response'], longestText);
    request.respondedBy = person.personId;
    request.respondedAt = work.now;
    application.status = application.statusBefore ?? 'IN_REVIEW';
    application.statusBefore = null;
    await resumeClock(work, application, facts.workflow);
    recordApplicationEvent(work, application, 'application.information_provided', {
      informationRequestId: encodeId('inforequest', request.id),
    });
    return { applicationId };
  },
};

export interface RecommendInput extends ReviewInput {
  readonly kind: RecommendationKind;
  readonly comment: string;
  readonly conditions: readonly string[];
}

/** Gives one's recommendation at the present stage; an earlier one of one's own is superseded and stays on record. */
export const recommend: Command<RecommendInput, { applicationId: string; recommendationId: string }> = {
  name: 'application.recommend',
  async run(work, input) {
    const { application } = await loadForCommand(work, input.applicationId, 'recommend', input);
    const person = requirePerson(work.actor);
    const conditions = requireConditions(input.kind, input.conditions);
    const stageKey = application.stageKey ?? '';
    const place = {
      applicationId: application.id,
      revision: application.revision,
      stageKey,
      reviewerId: person.personId,
    };
    const earlier = await work.em.findOne(Recommendation, { ...place, supersededAt: null });
    if (earlier) {
      earlier.supersededAt = work.now;
      // Written first: only one recommendation of a reviewer may stand.
      await work.em.flush();
    }
    const given = work.em.create(Recommendation, {
      id: work.ids.next(),
      ...place,
      kind: input.kind,
      comment: requireText(input.comment, ['comment'], longestText),
      conditions,
      recommendedAt: work.now,
      supersededAt: null,
    });
    recordApplicationEvent(work, application, 'application.recommended', {
      recommendationId: encodeId('recommendation', given.id),
      stage: stageKey,
    });
    return { applicationId: application.id, recommendationId: given.id };
  },
};

/** Declares that one cannot judge the organization: nothing of it can be reviewed or decided by oneself any more. */
export const recuse: Command<ReviewInput & { readonly reason: string }, { applicationId: string }> = {
  name: 'application.recuse',
  duplicates: { recusal_organization_id_user_id_key: 'You are recused from this organization already.' },
  async run(work, { applicationId, reason, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'recuse', { expectedVersion });
    const person = requirePerson(work.actor);
    work.em.create(Recusal, {
      id: work.ids.next(),
      organizationId: application.organizationId,
      applicationId,
      userId: person.personId,
      reason: requireText(reason, ['reason'], longestText),
      declaredAt: work.now,
    });
    if (person.staffId !== null && application.assigneeId === person.staffId) application.assigneeId = null;
    recordApplicationEvent(work, application, 'application.recused', { personId: encodeId('person', person.personId) });
    return { applicationId };
  },
};

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
      version: 1,
    });
    application.statusBefore = application.status;
    application.status = 'DECISION_PROPOSED';
    await awaitCountersignature(work, application, facts.workflow);
    recordApplicationEvent(work, application, 'application.decision_proposed', {
      decisionId: encodeId('decision', decision.id),
    });
    return { applicationId: application.id, decisionId: decision.id };
  },
};

/** Makes the proposed decision final. An approval creates its grant in the same transaction. */
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
    await leaveQueue(work, application);
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
    if (stage) await enterStage(work, application, stage, 'COUNTERSIGNATURE_DECLINED');
    recordApplicationEvent(work, application, 'application.countersignature_declined', {
      decisionId: encodeId('decision', decision.id),
    });
    return { applicationId };
  },
};

/** Appeals against a refusal, once and in time. People who did not decide before decide it again. */
export const appealDecision: Command<ReviewInput & { readonly grounds: string }, { applicationId: string }> = {
  name: 'application.appeal',
  duplicates: {
    application_open_unique: 'Your organization has another open application for this program; withdraw it to appeal.',
  },
  async run(work, { applicationId, grounds, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'appeal', { expectedVersion });
    const text = requireText(grounds, ['grounds'], longestText);
    const last = facts.workflow.stages.at(-1);
    if (!last) throw new Error(`The workflow of application ${applicationId} has no stage.`);
    application.status = 'UNDER_APPEAL';
    application.appealedAt = work.now;
    application.assigneeId = null;
    await enterStage(work, application, last, 'APPEALED');
    recordApplicationEvent(work, application, 'application.appealed', { grounds: text });
    return { applicationId };
  },
};

/** @throws Refusal INVALID when nobody could answer by then, or nobody would wait so long. */
function requireDueInTime(dueAt: Date, now: Date): void {
  if (dueAt <= now) throw Refusal.of('INVALID', 'The answer must be due in the future.', ['dueAt']);
  if (dueAt.getTime() - now.getTime() > longestAnswerMs) {
    throw Refusal.of('INVALID', 'The answer must be due within a year.', ['dueAt']);
  }
}

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
  const grant = await createGrant(work, {
    applicationId: application.id,
    decisionId: decision.id,
    organizationId: application.organizationId,
    programId: application.programId,
    programVersionId: application.programVersionId,
    conditions: decision.conditions,
  });
  recordApplicationEvent(work, application, 'application.approved', {
    decisionId: encodeId('decision', decision.id),
    grantId: encodeId('grant', grant.id),
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

/** Conditions go with "approve with conditions", and with nothing else. */
function requireConditions(kind: RecommendationKind | DecisionOutcome, conditions: readonly string[]): string[] {
  const given = requireTexts(conditions, ['conditions'], mostConditions, longestCondition);
  if (kind === 'APPROVE_WITH_CONDITIONS' && given.length === 0) {
    throw Refusal.of('REQUIRED', 'Say at least one condition, or approve without conditions.', ['conditions']);
  }
  if (kind !== 'APPROVE_WITH_CONDITIONS' && given.length > 0) {
    throw Refusal.of('INVALID', 'Conditions go with APPROVE_WITH_CONDITIONS only.', ['conditions']);
  }
  return given;
}
