import { type EventDefinition, text } from './event-definition.js';

const organization = { organizationId: text('The organization.') };

export const organizationEvents = {
  'organization.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A partner organization was registered.',
    payload: organization,
  },
  'organization.member_invited': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A colleague was invited.',
    payload: { ...organization, invitationId: text('The invitation.'), role: text('The role offered.') },
  },
  'organization.invitation_revoked': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An invitation was taken back.',
    payload: { ...organization, invitationId: text('The invitation.') },
  },
  'organization.member_joined': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'An invited colleague joined.',
    payload: { ...organization, personId: text('Who joined.'), role: text('The role held.') },
  },
  'organization.member_role_changed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A member’s role was changed.',
    payload: { ...organization, personId: text('Whose role.'), role: text('The role held now.') },
  },
  'organization.member_removed': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'A member was removed.',
    payload: { ...organization, personId: text('Who was removed.') },
  },
  'organization.risk_rated': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Staff rated how risky an organization is.',
    payload: {
      ...organization,
      before: text('The rating before: UNRATED, LOW, MEDIUM or HIGH.'),
      rating: text('The rating now.'),
      reason: text('Why.'),
    },
  },
  'organization.operator_proposed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'Somebody proposed that an organization is the operator’s own, or is so no more.',
    payload: { ...organization, isOperator: text('YES or NO.') },
  },
  'organization.operator_declined': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'That proposal was dropped.',
    payload: { ...organization, isOperator: text('What was proposed: YES or NO.') },
  },
  'organization.operator_changed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Two people made an organization the operator’s own, or no more.',
    payload: { ...organization, isOperator: text('What it is now: YES or NO.') },
  },
} as const satisfies Record<string, EventDefinition>;
