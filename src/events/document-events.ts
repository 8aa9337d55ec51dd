import { type EventDefinition, text } from './event-definition.js';

const document = {
  applicationId: text('The application it belongs to.'),
  documentId: text('The document.'),
  requirement: text('The key of what it is provided for.'),
};

/** What happens to the documents of an application. */
export const documentEvents = {
  'document.upload_requested': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An upload was announced.',
    payload: document,
  },
  'document.added': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A document was received and found as announced.',
    payload: { ...document, sha256: text('SHA-256 of its bytes.') },
  },
  'document.letter_written': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The letter that tells of a decision was written.',
    payload: {
      ...document,
      decisionId: text('The decision.'),
      sha256: text('SHA-256 of its bytes.'),
      template: text('The version of the template that it was written from.'),
    },
  },
  'document.removed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A document was taken out.',
    payload: document,
  },
  'document.staff_upload_requested': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'Staff announced an upload of a document for the partner.',
    payload: document,
  },
  'document.staff_added': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A document of staff for the partner was received; the partner sees it once questions give it.',
    payload: { ...document, sha256: text('SHA-256 of its bytes.') },
  },
  'document.staff_removed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A document of staff was taken out before the partner saw it.',
    payload: document,
  },
} as const satisfies Record<string, EventDefinition>;
