import { applicationFields } from './application-fields.js';
import { type EventDefinition, list, maybe, number, text } from './event-definition.js';

const request = {
  ...applicationFields,
  informationRequestId: text('The request.'),
};
const dueAt = text('When an answer is due.');
const due = {
  ...request,
  dueAt,
  lapsesAt: maybe('When the application lapses without an answer; null when it does not.'),
};

/** What happens between questions and the response to them. */
export const informationRequestEvents = {
  'application.answers_saved': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'The partner saved answers that are not given yet.',
    payload: { ...request, questions: list('The numbers of the questions.') },
  },
  'application.information_asked_back': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner wrote in the thread of the request.',
    payload: { ...request, message: number('The number of the message.') },
  },
  'application.information_clarified': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff wrote in the thread of the request.',
    payload: { ...request, message: number('The number of the message.') },
  },
  'application.extension_requested': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner asked for more time to answer.',
    payload: { ...request, dueAt: text('Until when the partner wants to answer.'), reason: text('Why.') },
  },
  'application.due_date_extended': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff gave more time to answer.',
    payload: { ...request, dueAt: text('When an answer is due now.') },
  },
  'application.extension_refused': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff refused more time to answer.',
    payload: { ...request, dueAt, reason: text('Why.') },
  },
  'application.information_request_withdrawn': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff withdrew the request: no answer is needed any more.',
    payload: { ...request, reason: text('Why.') },
  },
  'application.information_request_reopened': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff asked again what was answered before.',
    payload: { ...request, dueAt, reason: text('What is still wanted.') },
  },
  'application.answer_due_soon': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'An answer is due soon: told 5 working days before, and 1.',
    payload: due,
  },
  'application.answer_overdue': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'An answer was due, and is not given.',
    payload: due,
  },
  'application.lapsed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application ended because questions were not answered in time.',
    payload: { ...request, reason: text('Why.') },
  },
} as const satisfies Record<string, EventDefinition>;
