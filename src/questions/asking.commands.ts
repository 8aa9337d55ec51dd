import { sql } from 'kysely';
import { loadForCommand, recordApplicationEvent } from '../applications/application.commands.js';
import { pauseClock, resumeClock } from '../applications/application-clock.commands.js';
import { requireDocuments } from '../documents/document-choice.queries.js';
import type { Command, Work } from '../doorway/command.js';
import { requireLine, requirePerson, requireText } from '../doorway/requirements.js';
import { dueMoment, mostGiven, mostQuestions } from '../lifecycle/information-request.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { InformationQuestion, InformationRequest } from './information-request.entity.js';
import {
  addMessage,
  closeRequest,
  longestText,
  type RequestInput,
  requireDueInTime,
  requireOpenRequest,
  setDueDate,
} from './open-request.commands.js';

/** The most documents that one question asks for, and the longest name of one. */
const mostDocuments = 20;
const longestDocument = 200;
/** How often a request can be asked, so that what is kept of it stays bounded. */
const mostRounds = 20;

/** A question as staff ask it. */
export interface QuestionInput {
  readonly text: string;
  readonly isRequired: boolean;
  /** Names of the documents that it asks for. */
  readonly documents: readonly string[];
}

export interface RequestInformationInput {
  readonly applicationId: string;
  readonly questions: readonly QuestionInput[];
  readonly dueAt?: Date | null;
  /** Documents of staff for the partner to read. */
  readonly documentIds?: readonly string[] | null;
  readonly expectedVersion?: number | null;
}

/** Asks the partner questions. The clock stops until they respond. */
export const requestInformation: Command<
  RequestInformationInput,
  { applicationId: string; informationRequestId: string }
> = {
  name: 'application.requestInformation',
  async run(work, { applicationId, questions, dueAt, documentIds, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'requestInformation', { expectedVersion });
    const { workflow } = facts;
    const person = requirePerson(work.actor);
    if (dueAt) requireDueInTime(dueAt, work.now);
    const asked = requireQuestions(questions);
    const due = dueAt ?? dueMoment(work.now, workflow.calendar);
    const given = await requireDocuments(work, applicationId, documentIds ?? [], {
      among: 'OF_STAFF',
      most: mostGiven,
    });
    const request = work.em.create(InformationRequest, {
      id: work.ids.next(),
      applicationId,
      number: (await requestsSoFar(work, applicationId)) + 1,
      status: 'OPEN',
      rounds: 1,
      documentIds: given,
      askedBy: person.personId,
      askedAt: work.now,
      dueAt: due,
      lapsesAt: null,
      noticeAt: null,
      respondedBy: null,
      respondedAt: null,
      closedAt: null,
      closedReason: null,
    });
    setDueDate(request, due, workflow, work.now);
    asked.forEach((question, position) => {
      const place = { id: work.ids.next(), applicationId, requestId: request.id, number: position + 1 };
      work.em.create(InformationQuestion, { ...place, ...question });
    });
    application.statusBefore = application.status;
    application.status = 'INFORMATION_REQUESTED';
    pauseClock(work, application, 'INFORMATION_REQUESTED');
    recordApplicationEvent(work, application, 'application.information_requested', {
      informationRequestId: encodeId('inforequest', request.id),
      dueAt: due.toISOString(),
      questions: asked.length,
      documents: given.map((id) => encodeId('document', id)),
    });
    return { applicationId, informationRequestId: request.id };
  },
};

/** Asks again what was answered before; the answers that were given stand until others are given. */
export const reopenInformationRequest: Command<
  RequestInput & { readonly reason: string; readonly dueAt?: Date | null },
  { applicationId: string }
> = {
  name: 'application.reopenRequest',
  async run(work, input) {
    const { applicationId, informationRequestId, dueAt } = input;
    const { application, facts } = await loadForCommand(work, applicationId, 'reopenRequest', input);
    const person = requirePerson(work.actor);
    const request = await work.em.findOne(InformationRequest, { id: informationRequestId, applicationId });
    if (request?.status !== 'ANSWERED')
      throw Refusal.notFound('answered information request', ['informationRequestId']);
    if (request.rounds >= mostRounds) {
      const message = `This was asked ${request.rounds} times already. Make a new request.`;
      throw Refusal.of('LIMIT_REACHED', message, ['informationRequestId']);
    }
    if (dueAt) requireDueInTime(dueAt, work.now);
    const reason = requireText(input.reason, ['reason'], longestText);
    request.status = 'OPEN';
    request.rounds += 1;
    request.closedAt = null;
    setDueDate(request, dueAt ?? dueMoment(work.now, facts.workflow.calendar), facts.workflow, work.now);
    await addMessage(work, request, { side: 'STAFF', text: reason }, person.personId);
    application.statusBefore = application.status;
    application.status = 'INFORMATION_REQUESTED';
    pauseClock(work, application, 'INFORMATION_REQUESTED');
    recordApplicationEvent(work, application, 'application.information_request_reopened', {
      informationRequestId: encodeId('inforequest', request.id),
      dueAt: request.dueAt.toISOString(),
      reason,
    });
    return { applicationId };
  },
};

/** Ends a request without an answer; the review goes on with the time that was left. */
export const withdrawInformationRequest: Command<
  RequestInput & { readonly reason: string },
  { applicationId: string }
> = {
  name: 'application.withdrawRequest',
  async run(work, input) {
    const { applicationId } = input;
    const { application, facts } = await loadForCommand(work, applicationId, 'withdrawRequest', input);
    const request = await requireOpenRequest(work, input);
    const reason = requireText(input.reason, ['reason'], longestText);
    await closeRequest(work, request, 'WITHDRAWN', reason);
    application.status = application.statusBefore ?? 'IN_REVIEW';
    application.statusBefore = null;
    resumeClock(work, application, facts.workflow, 'REQUEST_WITHDRAWN');
    recordApplicationEvent(work, application, 'application.information_request_withdrawn', {
      informationRequestId: encodeId('inforequest', request.id),
      reason,
    });
    return { applicationId };
  },
};

/** @throws Refusal with everything that is wrong with the first question that is */
function requireQuestions(questions: readonly QuestionInput[]): (QuestionInput & { documents: string[] })[] {
  if (questions.length === 0) throw Refusal.of('REQUIRED', 'Ask at least one question.', ['questions']);
  if (questions.length > mostQuestions) {
    const message = `A request has at most ${mostQuestions} questions, and these are ${questions.length}.`;
    throw Refusal.of('LIMIT_REACHED', message, ['questions']);
  }
  return questions.map(({ text, isRequired, documents }, position) => {
    const path = ['questions', String(position)];
    if (documents.length > mostDocuments) {
      const message = `A question asks for at most ${mostDocuments} documents, and these are ${documents.length}.`;
      throw Refusal.of('LIMIT_REACHED', message, [...path, 'documents']);
    }
    return {
      text: requireText(text, [...path, 'text'], longestText),
      isRequired,
      documents: documents.map((name, place) =>
        requireLine(name, [...path, 'documents', String(place)], longestDocument),
      ),
    };
  });
}

async function requestsSoFar(work: Work, applicationId: string): Promise<number> {
  const found = await sql<{ last: number }>`select coalesce(max(number), 0) as last from information_request
    where application_id = ${applicationId}`.execute(work.sql);
  return Number(found.rows[0]?.last ?? 0);
}
