import type { EventName } from '../events/catalogue.js';
import type { Letter, Matter, Wording } from './letters.js';

/** Who hears by e-mail of questions and what comes of them. */
export const informationRequestLetters = {
  'application.information_requested': [
    {
      to: 'MEMBERS',
      mandatory: {
        reaches: 'WITHIN_A_DAY',
        because: 'The review waits for your answer, and there is a time by which to give it.',
      },
      write: (matter) => ({
        subject: `${matter.reference}: ${matter.field('questions') === '1' ? 'a question' : 'questions'} for you`,
        happened: `Staff have questions about the application ${matter.reference} of ${matter.organization}.`,
        next: `Read them and answer by ${matter.moment('dueAt')}. The review waits for your answer; asking back does not end it.`,
      }),
    },
  ],
  'application.information_request_reopened': [
    {
      to: 'MEMBERS',
      mandatory: {
        reaches: 'WITHIN_A_DAY',
        because: 'The review waits for your answer, and there is a time by which to give it.',
      },
      write: (matter) => ({
        subject: `${matter.reference}: asked again`,
        happened: `Your answers about the application ${matter.reference} of ${matter.organization} leave something open:\n\n${matter.field('reason')}`,
        next: `Answer by ${matter.moment('dueAt')}. What you answered before stands until you answer it anew.`,
      }),
    },
  ],
  'application.information_provided': [
    { to: 'ASKER', write: answered },
    { to: 'ASSIGNEE', write: answered },
  ],
  'application.information_asked_back': [
    { to: 'ASKER', write: askedBack },
    { to: 'ASSIGNEE', write: askedBack },
  ],
  'application.information_clarified': [
    {
      to: 'APPLICANTS',
      write: (matter) => ({
        subject: `${matter.reference}: a message about the questions`,
        happened: `Staff wrote about their questions on the application ${matter.reference} of ${matter.organization}.`,
        next: 'Read it, and answer the questions. The due date is as it was.',
      }),
    },
  ],
  'application.extension_requested': [
    { to: 'ASKER', write: extensionRequested },
    { to: 'ASSIGNEE', write: extensionRequested },
  ],
  'application.due_date_extended': [
    {
      to: 'APPLICANTS',
      write: (matter) => ({
        subject: `${matter.reference}: more time to answer`,
        happened: `There is more time to answer the questions about the application ${matter.reference} of ${matter.organization}.`,
        next: `Answer by ${matter.moment('dueAt')}.`,
      }),
    },
  ],
  'application.extension_refused': [
    {
      to: 'APPLICANTS',
      write: (matter) => ({
        subject: `${matter.reference}: no more time to answer`,
        happened: `You asked for more time to answer the questions about the application ${matter.reference} of ${matter.organization}. It was refused:\n\n${matter.field('reason')}`,
        next: `The due date stays ${matter.moment('dueAt')}.`,
      }),
    },
  ],
  'application.information_request_withdrawn': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: no answer needed any more`,
        happened: `The questions about the application ${matter.reference} of ${matter.organization} were withdrawn:\n\n${matter.field('reason')}`,
        next: 'The review goes on. There is nothing you need to do now.',
      }),
    },
  ],
  'application.answer_due_soon': [
    {
      to: 'APPLICANTS',
      write: (matter) => ({
        subject: `${matter.reference}: answer by ${matter.moment('dueAt')}`,
        happened: `The questions about the application ${matter.reference} of ${matter.organization} are to be answered by ${matter.moment('dueAt')}.`,
        next: `Answer them, or ask for more time.${otherwise(matter)}`,
      }),
    },
  ],
  'application.answer_overdue': [
    {
      to: 'APPLICANTS',
      write: (matter) => ({
        subject: `${matter.reference}: your answer is overdue`,
        happened: `The questions about the application ${matter.reference} of ${matter.organization} were to be answered by ${matter.moment('dueAt')}.`,
        next: `Answer them, or ask for more time.${otherwise(matter)}`,
      }),
    },
    { to: 'ASKER', write: overdue },
    { to: 'ASSIGNEE', write: overdue },
  ],
  'application.lapsed': [
    {
      to: 'MEMBERS',
      mandatory: { reaches: 'WITHIN_A_DAY', because: 'Your application ends with it.' },
      write: (matter) => ({
        subject: `${matter.reference}: lapsed`,
        happened: `The application ${matter.reference} of ${matter.organization} lapsed. ${matter.field('reason')}`,
        next: 'You may start a new application.',
      }),
    },
    { to: 'ASKER', write: lapsed },
    { to: 'ASSIGNEE', write: lapsed },
  ],
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function answered(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: the questions were answered`,
    happened: `${matter.organization} answered the questions about its application ${matter.reference}.`,
    next: 'Read the answers and go on with the review.',
  };
}

function askedBack(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: the partner asks back`,
    happened: `${matter.organization} wrote about your questions on its application ${matter.reference}.`,
    next: 'Read it and write back. The questions stay open, and the clock paused.',
  };
}

function extensionRequested(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: the partner asks for more time`,
    happened: `${matter.organization} wants to answer the questions about its application ${matter.reference} by ${matter.moment('dueAt')}:\n\n${matter.field('reason')}`,
    next: 'Give more time, or refuse it.',
  };
}

function overdue(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: the partner’s answer is overdue`,
    happened: `${matter.organization} was to answer the questions about its application ${matter.reference} by ${matter.moment('dueAt')}.`,
    next: `Give more time, withdraw the questions, or wait.${otherwise(matter)}`,
  };
}

function lapsed(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: lapsed`,
    happened: `The application ${matter.reference} of ${matter.organization} lapsed. ${matter.field('reason')}`,
    next: 'There is nothing you need to do now.',
  };
}

function otherwise(matter: Matter): string {
  const lapsesAt = matter.moment('lapsesAt');
  return lapsesAt === '' ? '' : ` Without an answer the application lapses on ${lapsesAt}.`;
}
