import { sql } from 'kysely';
import { loadForCommand, recordApplicationEvent } from '../applications/application.commands.js';
import { resumeClock } from '../applications/application-clock.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requirePerson, requireText } from '../doorway/requirements.js';
import { missingAnswers } from '../lifecycle/information-request.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { InformationAnswer, InformationQuestion, type InformationRequest } from './information-request.entity.js';
import { closeRequest, longestText, type RequestInput, requireOpenRequest } from './open-request.commands.js';

/** The most documents that go with one answer. */
const mostDocuments = 20;

/** What is answered to one question. Neither text nor documents take the saved answer away. */
export interface AnswerInput {
  /** The number of the question. */
  readonly question: number;
  readonly text: string;
  readonly documentIds: readonly string[];
}

export interface AnswersInput extends RequestInput {
  readonly answers: readonly AnswerInput[];
}

/** The questions of a request, with the answers that are the partner's own still and those that stand. */
interface Answering {
  readonly request: InformationRequest;
  readonly questions: readonly InformationQuestion[];
  /** By id of the question. */
  readonly unsent: Map<string, InformationAnswer>;
  readonly standing: ReadonlyMap<string, InformationAnswer>;
}

/** Saves answers as they are found, in any order. Colleagues see them; staff do when a response gives them. */
export const saveInformationAnswers: Command<AnswersInput, { applicationId: string }> = {
  name: 'application.saveAnswers',
  async run(work, input) {
    const { applicationId } = input;
    const { application } = await loadForCommand(work, applicationId, 'saveAnswers', input);
    const answering = await loadAnswering(work, input);
    const changed = await save(work, answering, input);
    if (changed.length === 0) return { applicationId };
    recordApplicationEvent(work, application, 'application.answers_saved', {
      informationRequestId: encodeId('inforequest', answering.request.id),
      questions: changed.map(String),
    });
    return { applicationId };
  },
};

/**
 * The formal response: gives the saved answers, and those that come with it, to staff, all at once. The application goes
 * back to where it was, and its clock goes on.
 */
export const respondToInformationRequest: Command<AnswersInput, { applicationId: string }> = {
  name: 'application.respond',
  async run(work, input) {
    const { applicationId } = input;
    const { application, facts } = await loadForCommand(work, applicationId, 'respond', input);
    const { personId } = requirePerson(work.actor);
    const answering = await loadAnswering(work, input);
    await save(work, answering, input);
    requireAnswered(answering);
    await requireDocumentsThere(work, applicationId, answering);
    await give(work, answering, personId);
    const { request } = answering;
    request.respondedBy = personId;
    request.respondedAt = work.now;
    await closeRequest(work, request, 'ANSWERED', null);
    application.status = application.statusBefore ?? 'IN_REVIEW';
    application.statusBefore = null;
    resumeClock(work, application, facts.workflow, 'RESUMED');
    recordApplicationEvent(work, application, 'application.information_provided', {
      informationRequestId: encodeId('inforequest', request.id),
    });
    return { applicationId };
  },
};

async function loadAnswering(work: Work, input: RequestInput): Promise<Answering> {
  const request = await requireOpenRequest(work, input);
  const questions = await work.em.find(InformationQuestion, { requestId: request.id }, { orderBy: { number: 'asc' } });
  const answers = await work.em.find(InformationAnswer, { requestId: request.id, supersededAt: null });
  const byQuestion = (of: readonly InformationAnswer[]) => new Map(of.map((answer) => [answer.questionId, answer]));
  return {
    request,
    questions,
    unsent: byQuestion(answers.filter(({ givenAt }) => givenAt == null)),
    standing: byQuestion(answers.filter(({ givenAt }) => givenAt != null)),
  };
}

/** @returns the numbers of the questions whose saved answers changed */
async function save(work: Work, answering: Answering, { answers, applicationId }: AnswersInput): Promise<number[]> {
  const { personId } = requirePerson(work.actor);
  const questions = requireQuestions(answering.questions, answers);
  const there = await documentsThere(
    work,
    applicationId,
    answers.flatMap(({ documentIds }) => documentIds),
  );
  const changed: number[] = [];
  answers.forEach((answer, position) => {
    const question = questions[position];
    if (!question) return;
    const path = ['answers', String(position)];
    const documentIds = requireDocuments(answer.documentIds, there, path);
    const text = answer.text.trim() === '' ? '' : requireText(answer.text, [...path, 'text'], longestText);
    const before = answering.unsent.get(question.id);
    const same = before
      ? before.text === text && before.documentIds.join() === documentIds.join()
      : text === '' && documentIds.length === 0;
    if (same) return;
    changed.push(question.number);
    put(work, answering, question, before, { text, documentIds, savedBy: personId, savedAt: work.now });
  });
  return changed;
}

function put(
  work: Work,
  { unsent, request }: Answering,
  question: InformationQuestion,
  before: InformationAnswer | undefined,
  answer: Pick<InformationAnswer, 'text' | 'documentIds' | 'savedBy' | 'savedAt'>,
): void {
  if (answer.text === '' && answer.documentIds.length === 0) {
    if (before) work.em.remove(before);
    unsent.delete(question.id);
  } else if (before) {
    Object.assign(before, answer);
  } else {
    const place = { applicationId: request.applicationId, requestId: request.id, questionId: question.id };
    const ungiven = { givenBy: null, givenAt: null, supersededAt: null };
    const id = work.ids.next();
    unsent.set(question.id, work.em.create(InformationAnswer, { id, ...place, ...answer, ...ungiven }));
  }
}

/** @throws Refusal with every question that needs an answer and has none, or when there is nothing to give */
function requireAnswered({ questions, unsent, standing }: Answering): void {
  const asked = questions.map(({ id, number, isRequired }) => ({
    number,
    isRequired,
    isAnswered: unsent.has(id) || standing.has(id),
  }));
  requireAccepted(missingAnswers(asked));
  if (unsent.size > 0) return;
  throw Refusal.of('REQUIRED', 'Give an answer to at least one question; to ask back, write in the thread.', [
    'answers',
  ]);
}

/** A document may have been taken out since the answer was saved. */
async function requireDocumentsThere(
  work: Work,
  applicationId: string,
  { questions, unsent }: Answering,
): Promise<void> {
  const named = [...unsent.values()].flatMap(({ documentIds }) => documentIds);
  const there = await documentsThere(work, applicationId, named);
  const lacking = questions.filter(({ id }) => unsent.get(id)?.documentIds.some((document) => !there.has(document)));
  requireAccepted(
    lacking.map(({ number }) => ({
      code: 'INCOMPLETE',
      message: 'A document that goes with this answer was taken out: save the answer without it, or with another one.',
      path: ['questions', String(number)],
    })),
  );
}

async function give(work: Work, { unsent, standing }: Answering, personId: string): Promise<void> {
  const superseded = [...unsent.keys()].flatMap((questionId) => standing.get(questionId) ?? []);
  for (const answer of superseded) answer.supersededAt = work.now;
  // Written first: only one answer to a question may stand.
  if (superseded.length > 0) await work.em.flush();
  for (const answer of unsent.values()) {
    answer.givenBy = personId;
    answer.givenAt = work.now;
  }
}

/** The question of each answer. @throws Refusal when there is none, or two answers are to one */
function requireQuestions(
  questions: readonly InformationQuestion[],
  answers: readonly AnswerInput[],
): InformationQuestion[] {
  if (answers.length > questions.length) {
    const message = `There are ${questions.length} questions, and these are ${answers.length} answers.`;
    throw Refusal.of('LIMIT_REACHED', message, ['answers']);
  }
  return answers.map(({ question }, position) => {
    const path = ['answers', String(position), 'question'];
    const found = questions.find(({ number }) => number === question);
    if (!found) {
      const message = `There is no question ${question}: those of this request are 1 to ${questions.length}.`;
      throw Refusal.of('INVALID', message, path);
    }
    if (answers.slice(0, position).some((other) => other.question === question))
      throw Refusal.of('INVALID', `Question ${question} is answered twice here.`, path);
    return found;
  });
}

function requireDocuments(
  documentIds: readonly string[],
  there: ReadonlySet<string>,
  path: readonly string[],
): string[] {
  const named = [...new Set(documentIds)];
  if (named.length > mostDocuments) {
    const message = `With an answer go at most ${mostDocuments} documents, and these are ${named.length}.`;
    throw Refusal.of('LIMIT_REACHED', message, [...path, 'documentIds']);
  }
  const missing = named.findIndex((id) => !there.has(id));
  if (missing < 0) return named;
  const message = 'This is no document of the application whose upload is complete.';
  throw Refusal.of('INVALID', message, [...path, 'documentIds', String(missing)]);
}

/** Those of these documents that the partner has provided. */
async function documentsThere(work: Work, applicationId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await sql<{ id: string }>`select id from document where application_id = ${applicationId}
    and status = 'AVAILABLE' and not is_from_staff and id = any(${`{${ids.join(',')}}`}::text::uuid[])`.execute(
    work.sql,
  );
  return new Set(found.rows.map(({ id }) => id));
}
