import { loadForCommand, recordApplicationEvent } from '../applications/application.commands.js';
import { leaveQueue } from '../applications/application-clock.commands.js';
import type { Command } from '../doorway/command.js';
import { requirePerson, requireText } from '../doorway/requirements.js';
import { answerNotices, lapseMomentAfterRefusal, noticeToTell } from '../lifecycle/information-request.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { DueDateExtension, InformationRequest } from './information-request.entity.js';
import {
  closeRequest,
  longestText,
  type RequestInput,
  requestTimes,
  requireDueInTime,
  requireOpenRequest,
  scheduleNotice,
  setDueDate,
  waitingExtension,
} from './open-request.commands.js';

/** The most wishes for more time that one request takes. */
const mostExtensions = 10;

/** Asks for more time. While staff have not decided, the application does not lapse. */
export const requestDueDateExtension: Command<
  RequestInput & { readonly dueAt: Date; readonly reason: string },
  { applicationId: string }
> = {
  name: 'application.requestExtension',
  async run(work, input) {
    const { applicationId, dueAt } = input;
    const { application, facts } = await loadForCommand(work, applicationId, 'requestExtension', input);
    const { personId } = requirePerson(work.actor);
    const request = await requireOpenRequest(work, input);
    requireLater(dueAt, request, work.now);
    const reason = requireText(input.reason, ['reason'], longestText);
    if ((await work.em.count(DueDateExtension, { requestId: request.id })) >= mostExtensions) {
      const message = `More time was asked for ${mostExtensions} times already. Write to staff in the thread.`;
      throw Refusal.of('LIMIT_REACHED', message, ['informationRequestId']);
    }
    work.em.create(DueDateExtension, {
      id: work.ids.next(),
      applicationId,
      requestId: request.id,
      wantedDueAt: dueAt,
      reason,
      askedBy: personId,
      askedAt: work.now,
      outcome: 'WAITING',
      outcomeReason: null,
      decidedBy: null,
      decidedAt: null,
    });
    scheduleNotice(request, facts.workflow, work.now, { extensionWaits: true });
    recordApplicationEvent(work, application, 'application.extension_requested', {
      informationRequestId: encodeId('inforequest', request.id),
      dueAt: dueAt.toISOString(),
      reason,
    });
    return { applicationId };
  },
};

/** Gives more time, asked for or not: until when the partner wishes, if no date is said. */
export const extendDueDate: Command<RequestInput & { readonly dueAt?: Date | null }, { applicationId: string }> = {
  name: 'application.extendDueDate',
  async run(work, input) {
    const { applicationId } = input;
    const { application, facts } = await loadForCommand(work, applicationId, 'extendDueDate', input);
    const { personId } = requirePerson(work.actor);
    const request = await requireOpenRequest(work, input);
    const extension = await waitingExtension(work, applicationId);
    const dueAt = input.dueAt ?? extension?.wantedDueAt;
    if (!dueAt) throw Refusal.of('REQUIRED', 'Say until when: the partner has not asked for more time.', ['dueAt']);
    requireLater(dueAt, request, work.now);
    setDueDate(request, dueAt, facts.workflow, work.now);
    if (extension) {
      extension.outcome = 'GRANTED';
      extension.decidedBy = personId;
      extension.decidedAt = work.now;
    }
    recordApplicationEvent(work, application, 'application.due_date_extended', {
      informationRequestId: encodeId('inforequest', request.id),
      dueAt: dueAt.toISOString(),
    });
    return { applicationId };
  },
};

/** Refuses more time. The due date stays; the application does not lapse before the partner could have heard of it. */
export const refuseDueDateExtension: Command<RequestInput & { readonly reason: string }, { applicationId: string }> = {
  name: 'application.refuseExtension',
  async run(work, input) {
    const { applicationId } = input;
    const { application, facts } = await loadForCommand(work, applicationId, 'refuseExtension', input);
    const { personId } = requirePerson(work.actor);
    const request = await requireOpenRequest(work, input);
    const extension = await waitingExtension(work, applicationId);
    if (!extension) throw new Error('The rules let nothing be refused that does not wait.');
    const reason = requireText(input.reason, ['reason'], longestText);
    extension.outcome = 'REFUSED';
    extension.outcomeReason = reason;
    extension.decidedBy = personId;
    extension.decidedAt = work.now;
    request.lapsesAt = lapseMomentAfterRefusal(requestTimes(request).lapsesAt, work.now, facts.workflow.calendar);
    scheduleNotice(request, facts.workflow, work.now, { extensionWaits: false });
    recordApplicationEvent(work, application, 'application.extension_refused', {
      informationRequestId: encodeId('inforequest', request.id),
      dueAt: request.dueAt.toISOString(),
      reason,
    });
    return { applicationId };
  },
};

/**
 * Reminds the partner of what is due, or overdue; given by the portal itself. Told once: with it, the request is set to
 * what comes next. The application stays as it is.
 */
export const noteAnswerDue: Command<{ readonly applicationId: string }, { applicationId: string; told: number }> = {
  name: 'application.noteAnswerDue',
  async run(work, { applicationId }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'noteAnswerDue');
    const request = await work.em.findOneOrFail(InformationRequest, { applicationId, status: 'OPEN' });
    if (!request.noticeAt || request.noticeAt > work.now) return { applicationId, told: 0 };
    const notices = answerNotices(requestTimes(request), facts.workflow.calendar);
    const notice = noticeToTell(notices, request.noticeAt, work.now);
    scheduleNotice(request, facts.workflow, work.now, facts);
    if (!notice) return { applicationId, told: 0 };
    // Not by recordApplicationEvent: that time passes changes nothing that somebody may be deciding on.
    work.record({
      event: notice.kind === 'OVERDUE' ? 'application.answer_overdue' : 'application.answer_due_soon',
      payload: {
        applicationId: encodeId('application', application.id),
        reference: application.reference,
        status: application.status,
        informationRequestId: encodeId('inforequest', request.id),
        dueAt: request.dueAt.toISOString(),
        lapsesAt: request.lapsesAt?.toISOString() ?? null,
      },
      subject: { kind: 'application', id: application.id },
      organizationId: application.organizationId,
      applicationId: application.id,
    });
    return { applicationId, told: 1 };
  },
};

/** Ends an application whose partner has not answered long after it was due; given by the portal itself. */
export const lapseApplication: Command<{ readonly applicationId: string }, { applicationId: string }> = {
  name: 'application.lapse',
  async run(work, { applicationId }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'lapse');
    const request = await work.em.findOneOrFail(InformationRequest, { applicationId, status: 'OPEN' });
    if (!request.lapsesAt || request.lapsesAt > work.now || facts.extensionWaits)
      throw Refusal.of('NOT_ALLOWED_NOW', 'There is still time to answer.');
    const reason = `The questions of ${day(request.askedAt)} were to be answered by ${day(request.dueAt)}, and were not.`;
    await closeRequest(work, request, 'LAPSED', reason);
    application.status = 'LAPSED';
    application.statusBefore = null;
    application.closedReason = reason;
    leaveQueue(work, application);
    recordApplicationEvent(work, application, 'application.lapsed', {
      informationRequestId: encodeId('inforequest', request.id),
      reason,
    });
    return { applicationId };
  },
};

function requireLater(dueAt: Date, request: InformationRequest, now: Date): void {
  requireDueInTime(dueAt, now);
  if (dueAt > request.dueAt) return;
  const message = `More time means a later date than the present one, ${request.dueAt.toISOString()}.`;
  throw Refusal.of('INVALID', message, ['dueAt']);
}

function day(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
