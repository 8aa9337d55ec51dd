import { type EventDefinition, list, number, text } from './event-definition.js';

const application = {
  applicationId: text('The application.'),
  reference: text('The application’s reference, as people quote it.'),
  status: text('Where the application stands.'),
};
const message = { ...application, messageId: text('The message.') };
const note = {
  ...application,
  noteId: text('The note.'),
  mentioned: list('The members of staff whom it mentions and did not before.'),
};

/** Of notes partners hear nothing, whatever happens to them. */
export const correspondenceEvents = {
  'application.message_sent': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff wrote a message to the partner.',
    payload: message,
  },
  'application.message_received': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner wrote a message to staff.',
    payload: message,
  },
  'application.reply_awaited': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'The partner wrote a message and waits for an answer.',
    payload: { ...message, roles: list('The roles that are told, when nobody at work has it in hand.') },
  },
  'application.left_unanswered': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Staff said that what the partner wrote needs no answer.',
    payload: { ...application, count: number('How many messages waited for one.') },
  },
  'application.messages_read': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'One side read what the other wrote.',
    payload: {
      ...message,
      from: text('Whose messages: PARTNER or STAFF.'),
      count: number('How many, the message and those before it.'),
    },
  },
  'application.note_added': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A member of staff wrote an internal note.',
    payload: note,
  },
  'application.note_corrected': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A member of staff corrected an internal note.',
    payload: note,
  },
} as const satisfies Record<string, EventDefinition>;
