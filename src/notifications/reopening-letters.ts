import type { EventName } from '../events/catalogue.js';
import type { Letter } from './letters.js';

/** Who hears by e-mail that an application is reopened. Members never read of it before that is confirmed, nor by whom. */
export const reopeningLetters = {
  'application.reopening_proposed': [
    {
      to: 'ADMINS',
      write: (matter) => ({
        subject: `${matter.reference}: to be reopened, waits for another administrator`,
        happened: `It was proposed to reopen the application ${matter.reference} of ${matter.organization}.`,
        next: 'Read why, then confirm it or decline to.',
      }),
    },
  ],
  'application.reopening_declined': [
    {
      to: 'REOPENER',
      write: (matter) => ({
        subject: `${matter.reference}: not reopened`,
        happened: `Another administrator declined to reopen the application ${matter.reference} of ${matter.organization}.`,
        next: 'Read why; then it can be proposed anew.',
      }),
    },
  ],
  'application.reopened': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: reopened`,
        happened: `The application ${matter.reference} of ${matter.organization} was reopened:\n\n${matter.field('reason')}`,
        next:
          matter.field('status') === 'RETURNED'
            ? 'Correct it and submit it again.'
            : 'Its review goes on where it stopped. There is nothing you need to do now.',
      }),
    },
    {
      to: 'REOPENER',
      write: (matter) => ({
        subject: `${matter.reference}: reopened`,
        happened: `The application ${matter.reference} of ${matter.organization} was reopened, as you proposed.`,
        next: 'It waits in nobody’s hands where its work stopped.',
      }),
    },
  ],
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;
