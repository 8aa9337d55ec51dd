import type { EventName } from '../events/catalogue.js';
import type { Letter, Matter, Wording } from './letters.js';

/** Who hears by e-mail of messages and notes. What these say is read in the portal, and in no letter. */
export const correspondenceLetters = {
  'application.message_sent': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: a message for you`,
        happened: `There is a message about the application ${matter.reference} of ${matter.organization}.`,
        next: 'Read it, and answer it there.',
      }),
    },
  ],
  'application.reply_awaited': [
    { to: 'ASSIGNEE', write: replyAwaited },
    { to: 'ROLES_NAMED', write: replyAwaited },
  ],
  'application.note_added': [{ to: 'MENTIONED', write: mentioned }],
  'application.note_corrected': [{ to: 'MENTIONED', write: mentioned }],
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function replyAwaited(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: a message from the partner`,
    happened: `${matter.organization} wrote a message about its application ${matter.reference}.`,
    next: 'Read it and answer it, or say that it needs no answer.',
  };
}

function mentioned(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: you are mentioned in a note`,
    happened: `You are mentioned in a note on the application ${matter.reference} of ${matter.organization}.`,
    next: 'Read it among the notes on the application.',
  };
}
