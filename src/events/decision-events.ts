import { applicationFields as application } from './application-fields.js';
import { type EventDefinition, list, maybe, number, text, whether } from './event-definition.js';

const inPrinciple = whether(
  'Whether it is in principle: access follows when the product’s release permits it, at once when it does already.',
);

/** What happens from a proposal to a decision that stands, and when one is set aside. */
export const decisionEvents = {
  'application.decision_proposed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A decision was proposed and waits for a countersignature.',
    payload: { ...application, decisionId: text('The decision.'), inPrinciple },
  },
  'application.decision_countersigned': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A decision got the first of the countersignatures that it needs, and waits for another.',
    payload: {
      ...application,
      decisionId: text('The decision.'),
      given: number('How many countersignatures it has.'),
      needed: number('How many it needs.'),
    },
  },
  'application.countersignature_declined': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A proposed decision was not countersigned.',
    payload: { ...application, decisionId: text('The decision.') },
  },
  'application.intent_to_refuse_announced': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner was told that the application is to be refused, and may answer first.',
    payload: {
      ...application,
      intentId: text('The intent.'),
      reasons: list('Reasons, in words.'),
      reasonCodes: list('The codes of those that are from the library.'),
      answerBefore: text('Until when the partner may answer; then the refusal becomes final.'),
    },
  },
  'application.intent_to_refuse_answered': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner answered the intent to refuse; the application is decided anew.',
    payload: { ...application, intentId: text('The intent.') },
  },
  'application.intent_to_refuse_accepted': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner waived the time to answer the intent to refuse.',
    payload: { ...application, intentId: text('The intent.') },
  },
  'application.intent_to_refuse_rescinded': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The intent to refuse was taken back; the application is in review again.',
    payload: { ...application, intentId: text('The intent.'), reason: text('Why.') },
  },
  'application.approved': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application was approved, with or without conditions.',
    payload: {
      ...application,
      decisionId: text('The decision.'),
      grantId: text('The grant that follows; of an amendment or a renewal, the one that it changes.'),
      kind: text('What was approved: NEW, AMENDMENT or RENEWAL.'),
      inPrinciple,
      grantStatus: text('Where the grant stands then; APPROVED_IN_PRINCIPLE when access has to wait for the release.'),
      conditions: list('Conditions, in words; empty when there are none.'),
      conditionCodes: list('The codes of those that are from the library.'),
    },
  },
  'application.refused': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application was refused.',
    payload: {
      ...application,
      decisionId: text('The decision.'),
      reasons: list('Reasons, in words.'),
      reasonCodes: list('The codes of those that are from the library.'),
      appealBefore: maybe('Until when the partner may appeal; null when the refusal is of an appeal, and final.'),
    },
  },
  'application.appealed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner appealed against the refusal.',
    payload: { ...application, grounds: text('Why, in the partner’s words.') },
  },
  'application.reopening_proposed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'An administrator proposed to reopen the application, which was closed in error.',
    payload: { ...application, reopeningId: text('The proposal.') },
  },
  'application.reopening_declined': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Another administrator declined to reopen the application.',
    payload: { ...application, reopeningId: text('The proposal.') },
  },
  'application.reopened': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The application was reopened, because it was closed in error.',
    payload: {
      ...application,
      reopeningId: text('The reopening.'),
      fromStatus: text('Where the application stood.'),
      stage: maybe('The stage at which it goes on; null outside of review.'),
      reason: text('Why, in words for the partner.'),
    },
  },
} as const satisfies Record<string, EventDefinition>;
