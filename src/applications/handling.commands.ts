import type { Command } from '../doorway/command.js';
import { requireText } from '../doorway/requirements.js';
import { stageAfter } from '../lifecycle/workflow.js';
import { lapsePendingReview } from '../reviews/pending.commands.js';
import { loadForCommand, recordApplicationEvent } from './application.commands.js';
import { enterStage, leaveQueue } from './application-clock.commands.js';
import type { ApplicationResult } from './drafting.commands.js';

const longestReason = 4000;

interface HandlingInput {
  readonly applicationId: string;
  readonly expectedVersion?: number | null;
}
interface ReasonedInput extends HandlingInput {
  readonly reason: string;
}

/** Takes the application in and puts it at the first stage of its workflow. */
export const startReview: Command<HandlingInput, ApplicationResult> = {
  name: 'application.startReview',
  async run(work, { applicationId, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'startReview', { expectedVersion });
    const [first] = facts.workflow.stages;
    if (!first) throw new Error(`The workflow of application ${applicationId} has no stage.`);
    application.status = 'IN_REVIEW';
    recordApplicationEvent(work, application, 'application.review_started', { stage: first.key });
    await enterStage(work, application, facts.workflow, first, 'REVIEW_STARTED');
    return { applicationId };
  },
};

/** Moves the application on to the next stage of its workflow. */
export const advanceStage: Command<HandlingInput, ApplicationResult> = {
  name: 'application.advanceStage',
  async run(work, { applicationId, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'advanceStage', { expectedVersion });
    const fromStage = application.stageKey ?? '';
    const next = stageAfter(facts.workflow, fromStage);
    if (!next) throw new Error(`Application ${applicationId} is at its last stage, which the rules let it leave.`);
    application.assigneeId = null;
    recordApplicationEvent(work, application, 'application.stage_advanced', { fromStage, stage: next.key });
    await enterStage(work, application, facts.workflow, next, 'STAGE_ADVANCED');
    return { applicationId };
  },
};

/** Returns the application to the partner, who corrects it and submits it again as a new revision. */
export const returnForCorrection: Command<ReasonedInput, ApplicationResult> = {
  name: 'application.returnForCorrection',
  async run(work, { applicationId, reason, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'returnForCorrection', { expectedVersion });
    application.status = 'RETURNED';
    application.stageKey = null;
    application.closedReason = requireText(reason, ['reason'], longestReason);
    leaveQueue(work, application);
    recordApplicationEvent(work, application, 'application.returned_for_correction', {
      reason: application.closedReason,
    });
    return { applicationId };
  },
};

/** Closes the application without deciding it. */
export const returnWithoutAction: Command<ReasonedInput, ApplicationResult> = {
  name: 'application.returnWithoutAction',
  async run(work, { applicationId, reason, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'returnWithoutAction', { expectedVersion });
    application.statusBefore = application.status;
    application.status = 'CLOSED';
    application.closedReason = requireText(reason, ['reason'], longestReason);
    leaveQueue(work, application);
    recordApplicationEvent(work, application, 'application.returned_without_action', {
      reason: application.closedReason,
    });
    return { applicationId };
  },
};

/** Withdraws the application; an open question and a proposed decision lapse with it. */
export const withdrawApplication: Command<HandlingInput & { readonly reason?: string | null }, ApplicationResult> = {
  name: 'application.withdraw',
  async run(work, { applicationId, reason, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'withdraw', { expectedVersion });
    const { status, statusBefore } = application;
    const given = reason?.trim() ? requireText(reason, ['reason'], longestReason) : null;
    await lapsePendingReview(work, applicationId);
    const isPending = status === 'INFORMATION_REQUESTED' || status === 'DECISION_PROPOSED';
    application.statusBefore = isPending ? statusBefore : status;
    application.status = 'WITHDRAWN';
    application.closedReason = given;
    leaveQueue(work, application);
    recordApplicationEvent(work, application, 'application.withdrawn', { reason: given });
    return { applicationId };
  },
};
