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
} as const satisfies Record<string, EventDefinition>;
