import { type EventDefinition, list, maybe, number, text } from './event-definition.js';

const grant = {
  grantId: text('The grant.'),
  reference: text('The grant’s reference, as people quote it.'),
  applicationId: text('The application it follows from.'),
  productCode: text('The product it lets in to.'),
  status: text('Where the grant stands now.'),
};

const seats = { seats: number('How many seats it has now.') };
const extent = { ...seats, regions: list('The environments or regions it is for.') };
const user = { ...grant, namedUserId: text('The named user. Who it is, is read through the API.') };
const exportStatus = text('How export rules stand to the user: UNRESTRICTED, FOREIGN, LICENSED or UNDETERMINED.');
const cause = text('For which cause it is suspended.');

export const grantEvents = {
  'grant.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A grant was created; it cannot be used before it is provisioned.',
    payload: { ...grant, ...extent },
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
      ...extent,
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
  'named_user.added': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Somebody was named who may use a grant.',
    payload: { ...user, exportStatus, ...seats, seatsUsed: number('How many of them are taken now.') },
  },
  'named_user.removed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A named user was removed from a grant.',
    payload: { ...user, ...seats, seatsUsed: number('How many of them are taken now.') },
  },
  'named_user.status_attested': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner attested how export rules stand to a named user.',
    payload: { ...user, before: text('What was attested before.'), exportStatus },
  },
  'named_user.screened': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'The name of a user was screened for the first time, or stands otherwise than before.',
    payload: { ...user, standing: text('CLEAR, or HELD while there is a hit that is not cleared.') },
  },
} as const satisfies Record<string, EventDefinition>;
