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
const recertification = {
  ...grant,
  recertificationId: text('The recertification.'),
  dueAt: text('Until when it is to be attested and confirmed.'),
};
const waitsFor = text('Who is to do what is next: PARTNER or STAFF.');
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
  'grant.let_in': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens:
      'The grant, which was approved in principle, begins: its product’s release permits it now. It can be provisioned, or waits for a place in a wave.',
    payload: {
      ...grant,
      position: {
        ...number('How many wait until it has a place, itself included; null when it needs none or has one.'),
        nullable: true,
      },
      conditions: list('The conditions that the grant carries now.'),
      endsAt: text('Until when the grant holds, which is counted from now.'),
    },
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
      ...extent,
    },
  },
  'grant.renewed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'An approved renewal put off the end of the grant.',
    payload: {
      ...grant,
      renewalId: text('The renewal.'),
      decisionId: text('The decision by which it was approved.'),
      endsAt: text('When the grant ends now.'),
      endsBefore: text('When it would have ended.'),
      conditions: list('The conditions that the grant carries now.'),
      conditionsBefore: list('Those that it carried before.'),
      ...extent,
    },
  },
  'grant.expiring': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The end of the grant is near: 60, 30 or 7 days away, each told once.',
    payload: {
      ...grant,
      endsAt: text('When it ends.'),
      days: number('How many days before that this tells of: 60, 30 or 7.'),
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
  'recertification.opened': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'It is to be attested that a grant is still used, and that its users were looked through.',
    payload: recertification,
  },
  'recertification.reminded': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A recertification is due within days.',
    payload: { ...recertification, waitsFor },
  },
  'recertification.attested': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'The partner attested; staff are to confirm.',
    payload: recertification,
  },
  'recertification.declined': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff sent back what the partner attested.',
    payload: { ...recertification, reason: text('Why.') },
  },
  'recertification.confirmed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Staff confirmed what the partner attested.',
    payload: recertification,
  },
  'recertification.overdue': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A recertification was not done in time; the grant is suspended for it.',
    payload: { ...recertification, waitsFor },
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
