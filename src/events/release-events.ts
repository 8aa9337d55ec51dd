import { type EventDefinition, list, maybe, number, text } from './event-definition.js';

const product = {
  productId: text('The product.'),
  productCode: text('The product’s code.'),
  releaseStatus: text('HALTED, LIMITED or GENERAL.'),
};
const directive = {
  directiveId: text('The directive.'),
  reference: text('The authority’s own reference.'),
  authority: text('Who ordered it.'),
  kind: text('HALT, AUTHORIZE, AMEND, RESCIND or DESIGNATE.'),
  productCodes: list('The products it is about.'),
};

const wave = {
  waveId: text('The wave.'),
  productCode: text('The product’s code.'),
  number: number('Which wave of the product it is, from 1.'),
  name: text('What it is called.'),
};

const restoration = {
  restorationId: text('The restoration.'),
  productCode: text('The product’s code.'),
  ordering: text('OLDEST_FIRST, PRIORITY or DRAW.'),
};

/** How far products are released, and by whose order. The letters themselves are nothing for partners. */
export const releaseEvents = {
  'product.created': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A product was named for the first time, by a program that releases it.',
    payload: product,
  },
  'product.release_status_proposed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'Somebody proposed what the operator states of a product’s release.',
    payload: product,
  },
  'product.release_status_declined': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'The proposed statement was dropped.',
    payload: product,
  },
  'product.release_status_changed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Two people changed what the operator states of a product’s release.',
    payload: product,
  },
  'product.release_changed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens:
      'How far a product is released changed. Each organization is told that holds a grant of it or applies for it.',
    payload: {
      productId: text('The product.'),
      productCode: text('The product’s code.'),
      from: text('How far it was released: HALTED, LIMITED or GENERAL.'),
      to: text('How far it is released: HALTED, LIMITED or GENERAL.'),
      effectiveAt: text('From when on.'),
    },
  },
  'product.grants_confirmed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'Grants that a change of what is ordered had shut were found to be permitted, and count again.',
    payload: { ...product, grantIds: list('The grants.') },
  },
  'authority.registered': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'An authority was registered whose directives are recorded.',
    payload: { authorityId: text('The authority.'), name: text('What it is called.') },
  },
  'directive.recorded': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A directive was recorded; it is not in force yet.',
    payload: { ...directive, letterSha256: maybe('The SHA-256 of the letter; null when only its text was told.') },
  },
  'directive.letter_announced': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'The letter of a directive was announced; its bytes are still to come.',
    payload: {
      ...directive,
      letterId: text('The letter.'),
      letterSha256: text('The SHA-256 that its bytes are to have.'),
    },
  },
  'directive.letter_added': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'The letter of a directive was added as a file, or replaced before the directive was in force.',
    payload: {
      ...directive,
      letterId: text('The letter.'),
      letterSha256: text('The SHA-256 of its bytes.'),
      fileName: text('The name of the file.'),
      size: number('How large it is, in bytes.'),
    },
  },
  'directive.withdrawn': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A record made in error was withdrawn before it was in force.',
    payload: { ...directive, reason: text('Why.') },
  },
  'directive.in_force': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A directive was put in force.',
    payload: {
      ...directive,
      effectiveAt: text('From when it takes effect.'),
      letterSha256: maybe('The SHA-256 of the letter; null when only its text was told.'),
      ordersSha256: text('The SHA-256 of what it orders: its times, terms and printed names.'),
    },
  },
  'directive.ratified': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A second person ratified an emergency halt.',
    payload: directive,
  },
  'directive.ratification_overdue': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'An emergency halt was not ratified in time. It stays in force.',
    payload: { ...directive, ratifyBy: text('Until when it was to be ratified.') },
  },
  'directive.review_due': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'The day has come on which a directive is to be reviewed.',
    payload: { ...directive, reviewAt: text('The day of the review.') },
  },
  'directive.entry_matched': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'Somebody said whose name a printed name of a letter is, or that it is doubted.',
    payload: {
      ...directive,
      entryId: text('The printed name’s place in the letter.'),
      printedName: text('As the letter prints it.'),
      result: text('UNMATCHED, MATCHED or DISPUTED.'),
      organizationId: maybe('Whose it is; null when that is not known.'),
    },
  },
  'wave.planned': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A wave of a product was planned; it lets nobody in yet.',
    payload: wave,
  },
  'wave.confirmed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A second person confirmed a wave; it opens at its time.',
    payload: { ...wave, seed: maybe('The seed by which it draws; null when it does not.') },
  },
  'wave.opened': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A wave opened: it gives places.',
    payload: {
      ...wave,
      opensAt: text('When it was to open.'),
      closesAt: maybe('When it closes by itself; null when it does not.'),
    },
  },
  'wave.closed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A wave closed: it gives no more places. Those that it gave stand.',
    payload: { ...wave, reason: maybe('Why somebody closed it; null when its time was over.') },
  },
  'wave.withdrawn': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A wave was withdrawn before it was confirmed.',
    payload: { ...wave, reason: maybe('Why.') },
  },
  'restoration.planned': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'It was planned how grants that a release had shut are let in again.',
    payload: restoration,
  },
  'restoration.confirmed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A second person confirmed a restoration; it begins.',
    payload: { ...restoration, seed: maybe('The seed by which it draws; null when it does not.') },
  },
  'restoration.completed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A restoration was carried out.',
    payload: {
      ...restoration,
      restored: number('How many grants it restored.'),
      left: number('How many are permitted and stay suspended, because its batches had no room for them.'),
    },
  },
  'restoration.stopped': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Somebody stopped a restoration, or withdrew one that was only planned.',
    payload: { ...restoration, reason: text('Why.') },
  },
} as const satisfies Record<string, EventDefinition>;
