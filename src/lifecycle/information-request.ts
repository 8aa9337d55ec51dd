import type { Objection, Ruling } from './ruling.js';
import type { Workflow } from './workflow.js';
import { addWorkingTime, averageWorkingDay, subtractWorkingTime, type WorkingCalendar } from './working-time.js';

export const informationRequestStatuses = {
  OPEN: 'Waits for the partner’s response.',
  ANSWERED: 'The partner responded.',
  WITHDRAWN: 'Ended without a response: staff do not need it any more, or the application was withdrawn.',
  LAPSED: 'Not responded to in time; the application lapsed.',
} as const;

export type InformationRequestStatus = keyof typeof informationRequestStatuses;

export const extensionOutcomes = {
  WAITING: 'Staff have not decided on it yet. While it waits, nothing lapses.',
  GRANTED: 'There is a later due date.',
  REFUSED: 'The due date stayed.',
  OVERTAKEN: 'The request was closed before it was decided.',
} as const;

export type ExtensionOutcome = keyof typeof extensionOutcomes;

export const threadSides = {
  PARTNER: 'Somebody of the organization that applies.',
  STAFF: 'Somebody who works for the operator.',
} as const;

export type ThreadSide = keyof typeof threadSides;

/** The most questions of one request. */
export const mostQuestions = 20;

/** The most documents that staff give along with questions. */
export const mostGiven = 10;
/** How long a partner has to answer when the request names no date. */
export const answerWithinWorkingDays = 20;
/** How long before the due date partners are reminded. */
export const remindWorkingDaysBefore = [5, 1] as const;
/** How long a partner has at least when more time was refused. */
export const workingDaysAfterRefusal = 5;
/** How long after the due date an application lapses, in a workflow that does not say. */
export const lapseAfterWorkingDaysByDefault = 20;

/** A question, and whether there is an answer to it, given or to be given now. */
export interface AskedQuestion {
  readonly number: number;
  readonly isRequired: boolean;
  readonly isAnswered: boolean;
}

/** Every required question without an answer. */
export function missingAnswers(questions: readonly AskedQuestion[]): Ruling {
  return questions
    .filter(({ isRequired, isAnswered }) => isRequired && !isAnswered)
    .map(
      ({ number }): Objection => ({
        code: 'REQUIRED',
        message: `Question ${number} needs an answer before you respond. To ask back, write in the request’s thread.`,
        path: ['questions', String(number)],
      }),
    );
}

/** When an answer is due that is asked for now. */
export function dueMoment(now: Date, calendar: WorkingCalendar): Date {
  return afterWorkingDays(now, answerWithinWorkingDays, calendar);
}

/** When an application lapses whose answer is due then; null when it never does. */
export function lapseMoment(
  dueAt: Date,
  { lapseAfterWorkingDays, calendar }: Pick<Workflow, 'lapseAfterWorkingDays' | 'calendar'>,
): Date | null {
  return lapseAfterWorkingDays == null ? null : afterWorkingDays(dueAt, lapseAfterWorkingDays, calendar);
}

/** The same once more time was refused: nobody is to lose an application on the day on which they hear of it. */
export function lapseMomentAfterRefusal(lapsesAt: Date | null, now: Date, calendar: WorkingCalendar): Date | null {
  if (lapsesAt === null) return null;
  const earliest = afterWorkingDays(now, workingDaysAfterRefusal, calendar);
  return lapsesAt > earliest ? lapsesAt : earliest;
}

/** What the portal does of itself about a request that is open. */
export interface AnswerNotice {
  readonly kind: 'REMINDER' | 'OVERDUE' | 'LAPSE';
  readonly at: Date;
  /** With REMINDER, how many are left. */
  readonly workingDaysLeft: number;
}

/** All of it, in order. */
export function answerNotices(
  { dueAt, lapsesAt }: { readonly dueAt: Date; readonly lapsesAt: Date | null },
  calendar: WorkingCalendar,
): AnswerNotice[] {
  const day = averageWorkingDay(calendar);
  const notices: AnswerNotice[] = remindWorkingDaysBefore.map((workingDaysLeft) => ({
    kind: 'REMINDER',
    at: subtractWorkingTime(dueAt, workingDaysLeft * day, calendar),
    workingDaysLeft,
  }));
  notices.push({ kind: 'OVERDUE', at: dueAt, workingDaysLeft: 0 });
  if (lapsesAt) notices.push({ kind: 'LAPSE', at: lapsesAt, workingDaysLeft: 0 });
  return notices;
}

/** The first of what is still to come; nothing lapses while more time is asked for, and what should have lapsed will. */
export function nextNotice(
  notices: readonly AnswerNotice[],
  now: Date,
  { extensionWaits }: { readonly extensionWaits: boolean },
): AnswerNotice | null {
  return notices.find(({ kind, at }) => (kind === 'LAPSE' ? !extensionWaits : at > now)) ?? null;
}

/** What is to be told of what has come: the latest only, since nobody needs to hear that it was soon. */
export function noticeToTell(notices: readonly AnswerNotice[], from: Date, now: Date): AnswerNotice | null {
  return notices.findLast(({ kind, at }) => kind !== 'LAPSE' && at >= from && at <= now) ?? null;
}

function afterWorkingDays(moment: Date, days: number, calendar: WorkingCalendar): Date {
  return addWorkingTime(moment, days * averageWorkingDay(calendar), calendar);
}
