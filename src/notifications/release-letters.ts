import type { EventName } from '../events/catalogue.js';
import type { Letter } from './letters.js';

/** Who hears by e-mail of what authorities order. */
export const releaseLetters = {
  'directive.review_due': [
    {
      to: 'PROGRAM_MANAGERS',
      write: (matter) => ({
        subject: `${matter.reference}: to be reviewed`,
        happened: `The directive ${matter.reference} of ${matter.field('authority')} is to be reviewed since ${matter.moment('reviewAt')}. It stays in force.`,
        next: 'Ask the authority whether it stands, and record what it answers.',
      }),
    },
  ],
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;
