import {
  type LockedApplication,
  loadForCommand,
  recordApplicationEvent,
} from '../applications/application.commands.js';
import { enterStage, pauseClock } from '../applications/application-clock.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requireText } from '../doorway/requirements.js';
import { stageByKey } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { makeFinal } from './decision-ending.js';
import { codesOf } from './decision-wording.js';
import { IntentToRefuse } from './intent.entity.js';
import { endIntent } from './pending.commands.js';
import { Decision } from './review.entity.js';
import { longestText, type ReviewInput } from './review-requirements.js';

type ApplicationResult = { readonly applicationId: string };
interface OpenIntent {
  readonly intent: IntentToRefuse;
  readonly decision: Decision;
}
type IntentInput = ReviewInput & { readonly intentId: string };

/** Announces a refusal that is countersigned, so that the partner may answer it before it is final. */
export function announceIntent(
  work: Work,
  { application }: LockedApplication,
  decision: Decision,
  answerBefore: Date,
): void {
  const intent = work.em.create(IntentToRefuse, {
    id: work.ids.next(),
    applicationId: application.id,
    decisionId: decision.id,
    announcedAt: work.now,
    answerBefore,
    ending: null,
    endedAt: null,
    endedBy: null,
    response: null,
    rescindedReason: null,
  });
  decision.status = 'ANNOUNCED';
  application.status = 'INTENT_TO_REFUSE';
  application.statusBefore = null;
  pauseClock(work, application, 'INTENT_ANNOUNCED');
  recordApplicationEvent(work, application, 'application.intent_to_refuse_announced', {
    intentId: encodeId('intent', intent.id),
    reasons: decision.reasons,
    reasonCodes: codesOf(decision.standardReasons),
    answerBefore: answerBefore.toISOString(),
  });
}

/** Answers an intent to refuse: the application goes back to those who decide, who read the answer. */
export const answerIntentToRefuse: Command<IntentInput & { readonly response: string }, ApplicationResult> = {
  name: 'application.answerIntentToRefuse',
  async run(work, { applicationId, intentId, response, expectedVersion }) {
    const locked = await loadForCommand(work, applicationId, 'answerIntentToRefuse', { expectedVersion });
    const { intent, decision } = await requireOpen(work, applicationId, intentId);
    intent.response = requireText(response, ['response'], longestText);
    await decideAnew(work, locked, { intent, decision }, 'ANSWERED', () => {
      const intentId = encodeId('intent', intent.id);
      recordApplicationEvent(work, locked.application, 'application.intent_to_refuse_answered', { intentId });
    });
    return { applicationId };
  },
};

/** Waives the time to answer: the refusal is final, and can be appealed from now on. */
export const acceptIntentToRefuse: Command<IntentInput, ApplicationResult> = {
  name: 'application.acceptIntentToRefuse',
  async run(work, { applicationId, intentId, expectedVersion }) {
    const locked = await loadForCommand(work, applicationId, 'acceptIntentToRefuse', { expectedVersion });
    const { intent, decision } = await requireOpen(work, applicationId, intentId);
    endIntent(work, intent, 'ACCEPTED');
    recordApplicationEvent(work, locked.application, 'application.intent_to_refuse_accepted', {
      intentId: encodeId('intent', intent.id),
    });
    decision.becameFinalAt = work.now;
    await makeFinal(work, locked, decision);
    return { applicationId };
  },
};

/** Takes an announced refusal back, for a reason that the partner is told. */
export const rescindIntentToRefuse: Command<IntentInput & { readonly reason: string }, ApplicationResult> = {
  name: 'application.rescindIntentToRefuse',
  async run(work, { applicationId, intentId, reason, expectedVersion }) {
    const locked = await loadForCommand(work, applicationId, 'rescindIntentToRefuse', { expectedVersion });
    const { intent, decision } = await requireOpen(work, applicationId, intentId);
    const told = requireText(reason, ['reason'], longestText);
    intent.rescindedReason = told;
    await decideAnew(work, locked, { intent, decision }, 'RESCINDED', () => {
      const intentId = encodeId('intent', intent.id);
      const event = 'application.intent_to_refuse_rescinded';
      recordApplicationEvent(work, locked.application, event, { intentId, reason: told });
    });
    return { applicationId };
  },
};

/** Makes a refusal final that was not answered in time; given by the portal itself. */
export const finalizeRefusal: Command<{ readonly applicationId: string }, ApplicationResult> = {
  name: 'application.finalizeRefusal',
  async run(work, { applicationId }) {
    const locked = await loadForCommand(work, applicationId, 'finalizeRefusal');
    const { intent, decision } = await requireOpen(work, applicationId, null);
    endIntent(work, intent, 'EXPIRED');
    decision.becameFinalAt = work.now;
    await makeFinal(work, locked, decision);
    return { applicationId };
  },
};

/** @param intentId the one that the caller read; null for whichever is open */
async function requireOpen(work: Work, applicationId: string, intentId: string | null): Promise<OpenIntent> {
  const intent = await work.em.findOne(IntentToRefuse, { applicationId, ending: null });
  if (!intent || (intentId !== null && intent.id !== intentId))
    throw Refusal.notFound('open intent to refuse', ['intentId']);
  return { intent, decision: await work.em.findOneOrFail(Decision, { id: intent.decisionId }) };
}

/** Ends an intent without a refusal, and puts the application back to where its decision is proposed. */
async function decideAnew(
  work: Work,
  { application, facts }: LockedApplication,
  { intent, decision }: OpenIntent,
  ending: 'ANSWERED' | 'RESCINDED',
  tell: () => void,
): Promise<void> {
  endIntent(work, intent, ending);
  decision.status = 'LAPSED';
  application.status = 'IN_REVIEW';
  tell();
  const stage = stageByKey(facts.workflow, application.stageKey);
  if (stage) await enterStage(work, application, facts.workflow, stage, `INTENT_${ending}`);
}
