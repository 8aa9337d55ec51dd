import { type EventDefinition, list, maybe, number, text } from './event-definition.js';

const grant = {
  grantId: text('The grant.'),
  reference: text('The grant’s reference, as people quote it.'),
  applicationId: text('The application it follows from.'),
  productCode: text('The product it lets in to.'),
  status: text('Where the grant stands now.'),
};

const cause = text('For which cause it is suspended.');

export const grantEvents = {
  'grant.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A grant was created; it cannot be used before it is provisioned.',
    payload: grant,
  },
  'grant.waitlisted': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant waits for a place in a wave of its product.',
    payload: { ...grant, position: number('How many wait until it is let in, itself included.') },
  },
  'grant.place_given': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant, which had waited, was given a place in a wave; it can be provisioned now.',
    payload: {
      ...grant,
      waveId: text('The wave.'),
      endsAt: text('Until when the grant holds, which is counted from now.'),
    },
  },
  'grant.amended': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'An approved amendment changed the grant.',
    payload: {
      ...grant,
      amendmentId: text('The amendment.'),
      decisionId: text('The decision by which it was approved.'),
      conditions: list('The conditions that the grant carries now.'),
      conditionsBefore: list('Those that it carried before.'),
    },
  },
  'grant.conditions_added': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant carries further conditions, which an authority ordered.',
    payload: {
      ...grant,
      conditions: list('The conditions that the grant carries now.'),
      conditionsBefore: list('Those that it carried before.'),
    },
  },
  'grant.activated': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Provisioning was acknowledged; the grant can be used.',
    payload: grant,
  },
  'grant.suspended': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant was suspended.',
    payload: { ...grant, cause, reason: text('Why.') },
  },
  'grant.suspension_added': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant, which is suspended, is so for a further cause.',
    payload: { ...grant, cause, reason: text('Why.') },
  },
  'grant.suspension_lifted': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'One cause of the suspension was lifted; the grant stays suspended for others.',
    payload: { ...grant, cause, reason: text('Why.') },
  },
  'grant.reinstated': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant was reinstated.',
    payload: { ...grant, reason: text('Why.') },
  },
  'grant.restored': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'The turn of the grant came in a restoration: what its product’s release had shut was lifted.',
    payload: {
      ...grant,
      restorationId: text('The restoration.'),
      batch: number('Which batch of it, from 1.'),
      directiveIds: list('The directives that permit it; none where no authority binds the product.'),
      conditions: list('The conditions that the grant carries now.'),
    },
  },
  'grant.revoked': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant was revoked for good.',
    payload: { ...grant, reason: text('Why.') },
  },
  'grant.surrendered': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner gave the grant back.',
    payload: { ...grant, reason: maybe('Why, in the partner’s words.') },
  },
  'grant.expired': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The grant reached its end.',
    payload: grant,
  },
  'grant.deprovisioned': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'It was acknowledged that access is closed.',
    payload: grant,
  },
} as const satisfies Record<string, EventDefinition>;
