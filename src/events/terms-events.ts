import { type EventDefinition, text } from './event-definition.js';

const terms = {
  programId: text('The program.'),
  programCode: text('The program’s code.'),
  termsId: text('The terms.'),
  label: text('What people call this version of them.'),
  sha256: text('SHA-256 of their text.'),
};

/** Terms that whoever holds a grant is asked to accept again. */
export const termsEvents = {
  'program.terms_required': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'New terms of a program were published, which whoever holds a grant of it has to accept.',
    payload: { ...terms, reacceptBy: text('By when.') },
  },
  'terms.published': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'New terms of a program were published, and the organization was asked to accept them.',
    payload: { ...terms, dueAt: text('By when.') },
  },
  'attestation.due': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The organization was reminded to accept new terms.',
    payload: { ...terms, dueAt: text('By when.') },
  },
  'attestation.given': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The organization accepted new terms.',
    payload: terms,
  },
} as const satisfies Record<string, EventDefinition>;
