import type { EventName } from '../events/catalogue.js';
import type { Letter } from './letters.js';

/** Who hears by e-mail of how far products are released, and of what authorities order. */
export const releaseLetters = {
  'product.release_changed': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.field('productCode')}: released otherwise`,
        happened: `How far ${matter.field('productCode')} is released changed from ${matter.field('from')} to ${matter.field('to')}, effective ${matter.moment('effectiveAt')}.`,
        next: 'The portal shows what that means for your grants and applications. You hear of each change of them by itself.',
      }),
    },
  ],
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
