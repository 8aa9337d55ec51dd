import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { answerNotices, lapseMoment, nextNotice, type ThreadSide } from '../lifecycle/information-request.js';
import type { Workflow } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { DueDateExtension, InformationMessage, InformationRequest } from './information-request.entity.js';

/** The longest question, answer, message or reason. */
export const longestText = 8000;

/** What every command on an information request names. */
export interface RequestInput {
  readonly applicationId: string;
  readonly informationRequestId: string;
  readonly expectedVersion?: number | null;
}

/** The longest that staff may give a partner: a year. */
const longestAnswerMs = 365 * 24 * 60 * 60 * 1000;

/** @throws Refusal INVALID when nobody could answer by then, or nobody would wait so long. */
export function requireDueInTime(dueAt: Date, now: Date): void {
  if (dueAt <= now) throw Refusal.of('INVALID', 'The answer must be due in the future.', ['dueAt']);
  if (dueAt.getTime() - now.getTime() > longestAnswerMs) {
    throw Refusal.of('INVALID', 'The answer must be due within a year.', ['dueAt']);
  }
}

/** @throws Refusal NOT_FOUND when this is not the request of the application that is open. */
export async function requireOpenRequest(
  { em }: Work,
  { applicationId, informationRequestId }: RequestInput,
): Promise<InformationRequest> {
  const request = await em.findOne(InformationRequest, { applicationId, status: 'OPEN' });
  if (request?.id !== informationRequestId)
    throw Refusal.notFound('open information request', ['informationRequestId']);
  return request;
}

/** Says until when an answer is due, and so when the partner is reminded and when the application lapses. */
export function setDueDate(request: InformationRequest, dueAt: Date, workflow: Workflow, now: Date): void {
  request.dueAt = dueAt;
  request.lapsesAt = lapseMoment(dueAt, workflow);
  scheduleNotice(request, workflow, now, { extensionWaits: false });
}

/** Says when the portal next has something to do about the request. */
export function scheduleNotice(
  request: InformationRequest,
  { calendar }: Workflow,
  now: Date,
  circumstances: { readonly extensionWaits: boolean },
): void {
  request.noticeAt = nextNotice(answerNotices(requestTimes(request), calendar), now, circumstances)?.at ?? null;
}

export function requestTimes({ dueAt, lapsesAt }: InformationRequest): { dueAt: Date; lapsesAt: Date | null } {
  return { dueAt, lapsesAt: lapsesAt ?? null };
}

/** Ends a request, and with it the wish for more time. */
export async function closeRequest(
  work: Work,
  request: InformationRequest,
  status: 'ANSWERED' | 'WITHDRAWN' | 'LAPSED',
  reason: string | null,
): Promise<void> {
  request.status = status;
  request.closedAt = work.now;
  request.closedReason = reason;
  request.noticeAt = null;
  const extension = await waitingExtension(work, request.applicationId);
  if (!extension) return;
  extension.outcome = 'OVERTAKEN';
  extension.decidedAt = work.now;
}

/** Ends the request that is open, if one is, when its application is withdrawn. It stays on record. */
export async function withdrawOpenRequest(work: Work, applicationId: string): Promise<void> {
  const request = await work.em.findOne(InformationRequest, { applicationId, status: 'OPEN' });
  if (request) await closeRequest(work, request, 'WITHDRAWN', null);
}

export function waitingExtension({ em }: Work, applicationId: string): Promise<DueDateExtension | null> {
  return em.findOne(DueDateExtension, { applicationId, outcome: 'WAITING' });
}

/** Adds to the thread of a request. @returns the message's number */
export async function addMessage(
  work: Work,
  { id, applicationId }: InformationRequest,
  { side, text, most }: { readonly side: ThreadSide; readonly text: string; readonly most?: number },
  writtenBy: string,
): Promise<number> {
  const found = await sql<{ last: number }>`select coalesce(max(number), 0) as last from information_message
    where request_id = ${id}`.execute(work.sql);
  const number = Number(found.rows[0]?.last ?? 0) + 1;
  if (most !== undefined && number > most) {
    throw Refusal.of('LIMIT_REACHED', `A thread has at most ${most} messages. Respond, or ask anew.`, ['text']);
  }
  work.em.create(InformationMessage, {
    id: work.ids.next(),
    applicationId,
    requestId: id,
    number,
    side,
    text,
    writtenBy,
    writtenAt: work.now,
  });
  return number;
}
