import { type ApplicationKind, type GrantToAmend, ruleOnGrantToAmend, ruleOnGrantToRenew } from './amendment.js';
import {
  type ApplicationCommand,
  type ApplicationGuard,
  type ApplicationStatus,
  allApplicationCommands,
  applicationRule,
  applicationStatuses,
} from './application.js';
import { holdsAny, rolesThatHandle } from './assignment.js';
import { isRecused, type StandingRecusal, whyRecused } from './recusal.js';
import type { AfterEnd } from './reopening.js';
import type { ActorStanding } from './roles.js';
import { accepted, type Objection, objection, type Ruling } from './ruling.js';
import { ruleOnStanding, type ScreeningStanding } from './screening.js';
import { lackingAtStage, type StageProgress } from './stage-requirements.js';
import { isDecisionStage, stageByKey, type Workflow } from './workflow.js';

/** All that the rules need to know of an application, gathered before they are asked. */
export interface ApplicationFacts extends StageProgress {
  readonly status: ApplicationStatus;
  /** Whether it ever was; otherwise nobody of staff knows of it. */
  readonly wasSubmitted: boolean;
  /** Where INFORMATION_REQUESTED and DECISION_PROPOSED came from, and what was withdrawn or closed. */
  readonly statusBefore: ApplicationStatus | null;
  readonly stageKey: string | null;
  readonly workflow: Workflow;
  /** What is still missing before it can be submitted; looked at in DRAFT and RETURNED only. */
  readonly submissionProblems: readonly Objection[];
  /** Who proposed the decision that waits for a countersignature. */
  readonly proposedBy: string | null;
  /** Who gave the first of the two countersignatures that it needs. */
  readonly signedBy: string | null;
  /** The outcome of that decision, or of the one about to be proposed; null when there is neither. */
  readonly outcome: 'APPROVE' | 'APPROVE_WITH_CONDITIONS' | 'REFUSE' | null;
  /** Until when the partner may answer the intent to refuse that is open. */
  readonly answerBefore: Date | null;
  /** Has the partner answered an intent to refuse? Then a refusal needs no other one. */
  readonly answeredIntent: boolean;
  /** Everybody who proposed or countersigned a decision that became final earlier. */
  readonly decidedBefore: readonly string[];
  /** Staff recused from the organization. */
  readonly recused: readonly StandingRecusal[];
  /** How the organization stands with the screening lists; looked at when it could be decided only. */
  readonly screening: ScreeningStanding;
  /** Who has it in hand; null when nobody does. */
  readonly assignedTo: string | null;
  /** Whether the partner asks for more time to answer what is asked now. */
  readonly extensionWaits: boolean;
  /** Whether there is an answered request that could be asked again; looked at in SUBMITTED and IN_REVIEW. */
  readonly hasAnsweredRequest: boolean;
  readonly decidedAt: Date | null;
  readonly appealedAt: Date | null;
  /** Null while it is not over, and for what was never submitted. */
  readonly afterEnd: AfterEnd | null;
  readonly kind: ApplicationKind;
  /** The grant that follows from it, or that it amends; looked at when it could be amended only. */
  readonly grant: GrantToAmend | null;
}

type Guard = (facts: ApplicationFacts, actor: ActorStanding, now: Date) => Ruling;

const notInvolved: Guard = (facts, actor) => {
  if (actor.belongsToOrganization)
    return objection('FOUR_EYES', 'You belong to this organization, so other staff must handle its applications.');
  const why = whyRecused(facts.recused, actor.personId);
  return why ? objection('FOUR_EYES', `${why}, so other staff must handle its applications.`) : accepted;
};

const guards: Record<ApplicationGuard, Guard> = {
  complete: (facts) => facts.submissionProblems,

  inTimeToAppeal: (facts, _actor, now) => {
    if (facts.appealedAt)
      return objection('ALREADY_EXISTS', 'This application was appealed before; an appeal can be made once.');
    const deadline = appealDeadline(facts);
    if (deadline && now > deadline)
      return objection('EXPIRED', `The time to appeal ended on ${deadline.toISOString()}.`);
    return accepted;
  },

  inTimeToAnswer: ({ answerBefore }, _actor, now) =>
    answerBefore !== null && now >= answerBefore
      ? objection('EXPIRED', `The time to answer ended on ${answerBefore.toISOString()}.`)
      : accepted,

  timeToAnswerIsOver: ({ answerBefore }, _actor, now) =>
    answerBefore !== null && now < answerBefore
      ? objection('NOT_ALLOWED_NOW', `The partner may answer until ${answerBefore.toISOString()}.`)
      : accepted,

  notInvolved,

  extensionWaits: ({ extensionWaits }) =>
    extensionWaits ? accepted : objection('NOT_ALLOWED_NOW', 'The partner does not ask for more time.'),

  noExtensionWaits: ({ extensionWaits }) =>
    extensionWaits ? objection('ALREADY_EXISTS', 'More time was asked for already; staff have not decided.') : accepted,

  hasAnsweredRequest: ({ hasAnsweredRequest }) =>
    hasAnsweredRequest ? accepted : objection('NOT_ALLOWED_NOW', 'No question of staff was answered before.'),

  handlesStage: ({ workflow, stageKey, status }, actor) =>
    holdsAny(actor, rolesThatHandle(workflow, stageKey, status), 'At this stage an application is handled by'),

  inNobodysHands: ({ assignedTo }, actor) => {
    if (assignedTo === null) return accepted;
    return assignedTo === actor.personId
      ? objection('ALREADY_EXISTS', 'You have this application in hand already.')
      : objection('NOT_ALLOWED_NOW', 'Somebody else has this application in hand; have it assigned to you instead.');
  },

  inOwnHands: ({ assignedTo }, actor) => {
    if (assignedTo === null) return objection('NOT_ALLOWED_NOW', 'Nobody has this application in hand.');
    if (assignedTo === actor.personId || actor.roles.includes('PROGRAM_MANAGER')) return accepted;
    const message = 'Somebody else has this application in hand; they, or a program manager, can release it.';
    return objection('NOT_ALLOWED_NOW', message);
  },

  stageAsksForRecommendations: (facts, actor) => {
    const asked = (stageByKey(facts.workflow, facts.stageKey)?.requiredRecommendations ?? []).map(({ role }) => role);
    if (asked.length === 0) return objection('NOT_ALLOWED_NOW', 'The present stage takes no recommendations.');
    return holdsAny(actor, asked, 'At this stage recommendations are given by');
  },

  stageAsksForChecks: (facts, actor) => {
    const checks = stageByKey(facts.workflow, facts.stageKey)?.requiredChecks ?? [];
    if (checks.length === 0) return objection('NOT_ALLOWED_NOW', 'The present stage asks for no checks.');
    return holdsAny(actor, [...new Set(checks.flatMap(({ by }) => by))], 'At this stage checks are marked by');
  },

  canLeaveStage: (facts, actor) => {
    const stage = stageByKey(facts.workflow, facts.stageKey);
    if (!stage || isDecisionStage(facts.workflow, stage.key))
      return objection('NOT_ALLOWED_NOW', 'This is the last stage: propose a decision instead.');
    const ruling = holdsAny(actor, stage.advanceBy, 'At this stage an application is moved on by');
    return ruling.length > 0 ? ruling : stageProblems(facts);
  },

  atDecisionStage: (facts) => {
    if (facts.status === 'UNDER_APPEAL') return accepted;
    if (!isDecisionStage(facts.workflow, facts.stageKey))
      return objection('NOT_ALLOWED_NOW', 'A decision is proposed at the last stage; move the application on first.');
    return stageProblems(facts);
  },

  notProposer: (facts, actor) =>
    actor.personId !== null && facts.proposedBy === actor.personId
      ? objection('FOUR_EYES', 'You proposed this decision; another decider must countersign or decline it.')
      : accepted,

  notSignedYet: (facts, actor) =>
    actor.personId !== null && facts.signedBy === actor.personId
      ? objection(
          'FOUR_EYES',
          'You countersigned this decision already; it takes a third person, who neither proposed nor countersigned it.',
        )
      : accepted,

  didNotDecideBefore: (facts, actor) =>
    actor.personId !== null && facts.decidedBefore.includes(actor.personId)
      ? objection(
          'FOUR_EYES',
          'You took part in the decision that is appealed; people who did not must decide the appeal.',
        )
      : accepted,

  screeningAllows: ({ outcome, screening }) =>
    outcome === null || outcome === 'REFUSE' ? accepted : ruleOnStanding(screening),

  grantStands: ({ kind, status, outcome, grant }, _actor, now) => {
    // A refusal, or a proposal of which nobody has said what it is to be, leaves the grant alone.
    const isWritten = status === 'DRAFT' || status === 'RETURNED';
    const wouldChangeIt = isWritten || (outcome !== null && outcome !== 'REFUSE');
    return kind !== 'NEW' && wouldChangeIt ? ruleOnGrantToAmend(grant, now) : accepted;
  },

  hasGrantToAmend: ({ grant }, _actor, now) => ruleOnGrantToAmend(grant, now),

  hasGrantToRenew: ({ grant }, _actor, now) => ruleOnGrantToRenew(grant, now),

  notRecusedYet: (facts, actor) =>
    isRecused(facts.recused, actor.personId)
      ? objection('ALREADY_EXISTS', 'You are recused from this organization already.')
      : accepted,

  wasSubmitted: (facts) =>
    facts.wasSubmitted
      ? accepted
      : objection('NOT_ALLOWED_NOW', 'This application was never submitted, so staff know nothing of it.'),

  // Staff who belong to the organization as viewers write for neither side.
  onOneSide: (facts, actor, now) =>
    actor.roles.includes('OWNER') || actor.roles.includes('APPLICANT') ? accepted : notInvolved(facts, actor, now),

  grantEnded: ({ afterEnd }) =>
    afterEnd?.hasGrant
      ? objection('NOT_ALLOWED_NOW', 'A grant of this application has not ended; it must be revoked first.')
      : accepted,

  notReplaced: ({ afterEnd }) =>
    afterEnd?.isReplaced
      ? objection('ALREADY_EXISTS', 'The organization has another open application to the program, which replaces it.')
      : accepted,

  noReopeningProposed: ({ afterEnd }) => {
    if (!afterEnd) return objection('NOT_ALLOWED_NOW', 'It was never submitted, so there is nothing to go on with.');
    return afterEnd.proposedBy
      ? objection('ALREADY_EXISTS', 'That it be reopened is proposed already, and waits for another administrator.')
      : accepted;
  },

  reopeningProposed: ({ afterEnd }) =>
    afterEnd?.proposedBy
      ? accepted
      : objection('NOT_ALLOWED_NOW', 'Nobody has proposed to reopen it, or that was answered meanwhile.'),

  notProposerOfReopening: ({ afterEnd }, actor) =>
    actor.personId !== null && afterEnd?.proposedBy === actor.personId
      ? objection('FOUR_EYES', 'You proposed to reopen it; another administrator must confirm or decline that.')
      : accepted,
};

/**
 * May this actor give this command now? Role first, then status, then the command's guards, so that nobody learns
 * from a refusal more than their role lets them see.
 */
export function ruleOnApplication(
  command: ApplicationCommand,
  facts: ApplicationFacts,
  actor: ActorStanding,
  now: Date,
): Ruling {
  const rule = applicationRule(command);
  const ofRole = ruleOnRole(command, actor);
  if (ofRole.length > 0) return ofRole;
  const status = statusKnownTo(actor, facts);
  if (!rule.from.includes(status)) {
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the application is ${status}: ${applicationStatuses[status]}`,
    );
  }
  for (const name of rule.guards) {
    const ruling = guards[name](facts, actor, now);
    if (ruling.length > 0) return ruling;
  }
  return accepted;
}

/** May somebody in this actor's roles ever give the command? */
export function ruleOnRole(command: ApplicationCommand, actor: ActorStanding): Ruling {
  const { by } = applicationRule(command);
  return by.some((role) => actor.roles.includes(role))
    ? accepted
    : objection('FORBIDDEN', `Your role does not allow this. It takes ${by.join(' or ')}.`);
}

/**
 * The status by which this actor is judged. Members of the organization are not to learn that a decision is proposed,
 * neither from what is allowed nor from a refusal, so for them the application stands where it stood before.
 */
function statusKnownTo(actor: ActorStanding, facts: ApplicationFacts): ApplicationStatus {
  return actor.belongsToOrganization ? statusForPartners(facts) : facts.status;
}

/** The status as partners may hear of it. */
export function statusForPartners({
  status,
  statusBefore,
}: {
  readonly status: ApplicationStatus;
  readonly statusBefore?: ApplicationStatus | null;
}): ApplicationStatus {
  return status === 'DECISION_PROPOSED' ? (statusBefore ?? 'IN_REVIEW') : status;
}

/** Exactly the commands that would be accepted from this actor now. */
export function availableApplicationCommands(
  facts: ApplicationFacts,
  actor: ActorStanding,
  now: Date,
): ApplicationCommand[] {
  return allApplicationCommands.filter((command) => ruleOnApplication(command, facts, actor, now).length === 0);
}

/** The last moment at which a refusal can be appealed; null when nothing is decided. */
export function appealDeadline(facts: Pick<ApplicationFacts, 'decidedAt' | 'workflow'>): Date | null {
  return facts.decidedAt && new Date(facts.decidedAt.getTime() + facts.workflow.appealWithinDays * 24 * 60 * 60 * 1000);
}

/** Everything that the present stage asks for and that is not there yet; nothing outside of review. */
export function stageProblems(facts: ApplicationFacts): Ruling {
  const stage = facts.status === 'IN_REVIEW' ? stageByKey(facts.workflow, facts.stageKey) : null;
  return stage ? lackingAtStage(stage, facts) : accepted;
}
