import type { Command, Work } from '../doorway/command.js';
import { requireText } from '../doorway/requirements.js';
import { staffMember } from '../identity/staff.queries.js';
import { isRecused, type StandingRecusal } from '../lifecycle/recusal.js';
import { stageAfter } from '../lifecycle/workflow.js';
import { isMember } from '../organizations/membership.queries.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
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
    enterStage(work, application, facts.workflow, first, 'REVIEW_STARTED');
    recordApplicationEvent(work, application, 'application.review_started', { stage: first.key });
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
    enterStage(work, application, facts.workflow, next, 'STAGE_ADVANCED');
    recordApplicationEvent(work, application, 'application.stage_advanced', { fromStage, stage: next.key });
    return { applicationId };
  },
};

/** Assigns the application to a member of staff, or to nobody. */
export const assignApplication: Command<HandlingInput & { readonly staffId: string | null }, ApplicationResult> = {
  name: 'application.assign',
  async run(work, { applicationId, staffId, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'assign', { expectedVersion });
    if (staffId !== null) await requireAssignable(work, staffId, application.organizationId, facts.recused);
    application.assigneeId = staffId;
    recordApplicationEvent(work, application, 'application.assigned', {
      staffId: staffId === null ? null : encodeId('staff', staffId),
    });
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
    const given = reason?.trim() ? requireText(reason, ['reason'], longestReason) : null;
    await lapsePendingReview(work, applicationId);
    application.status = 'WITHDRAWN';
    application.closedReason = given;
    leaveQueue(work, application);
    recordApplicationEvent(work, application, 'application.withdrawn', { reason: given });
    return { applicationId };
  },
};

async function requireAssignable(
  work: Work,
  staffId: string,
  organizationId: string,
  recused: readonly StandingRecusal[],
): Promise<void> {
  const assignee = await staffMember(work.em, staffId);
  if (!assignee?.active) throw Refusal.notFound('active member of staff', ['staffId']);
  if (isRecused(recused, assignee.personId) || (await isMember(work.em, organizationId, assignee.personId))) {
    const message = 'This person belongs to the organization or is recused from it; assign somebody else.';
    throw Refusal.of('FOUR_EYES', message, ['staffId']);
  }
}
