import { type EventDefinition, list, maybe, number, text } from './event-definition.js';

const endpoint = { endpointId: text('The endpoint.') };
const person = { personId: text('The person.') };
const staff = { staffId: text('The staff record.'), roles: list('The roles held now.') };
const savedView = {
  viewId: text('The view.'),
  sharing: text('SHARED with all staff, or PRIVATE.'),
};
const awayPeriod = {
  staffId: text('The staff record.'),
  awayPeriodId: text('The period.'),
  startsAt: text('From when.'),
  endsAt: text('Until when.'),
};
const program = { programId: text('The program.'), code: text('The program’s code.') };

export const administrationEvents = {
  'program.published': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A version of a program was published.',
    payload: { ...program, number: number('The version’s number, from 1.') },
  },
  'letter_template.published': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A version of the text of decision letters was published.',
    payload: {
      letterTemplateId: text('The version.'),
      programId: maybe(
        'The program whose letters it is for; null when it is for those of all that have none of their own.',
      ),
      number: number('The version’s number, from 1.'),
    },
  },
  'program.opened': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A program was opened for applications.',
    payload: program,
  },
  'program.closed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A program was closed to new applications.',
    payload: program,
  },
  'signing_key.created': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Statements on access are signed with another key from now on.',
    payload: {
      signingKeyId: text('The key.'),
      thumbprint: text('How statements name the key.'),
      thumbprintBefore: maybe(
        'The key before it, whose statements can be checked until they are over; null when none was.',
      ),
    },
  },

  'audit_log.months_dropped': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Months of the audit log were dropped, being older than the operator keeps them.',
    payload: {
      firstSequence: number('The first record that went.'),
      lastSequence: number('The last record that went; the log begins after it.'),
      lastAt: text('When the last of them had happened.'),
      lastHash: text('The hash of the last of them.'),
      policy: text('The setting that says how long records are kept.'),
    },
  },
  'audit_log.anchor_renewed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'What says where the audit log begins was signed again, with another key.',
    payload: {
      lastSequence: number('The last record that was dropped.'),
      lastHash: text('Its hash.'),
    },
  },

  'report.exported': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A report was taken out of the portal as a file.',
    payload: {
      report: text('Which one, e.g. `applications`.'),
      from: maybe('The first moment of the period; null when the report has none.'),
      to: maybe('The first moment after it; null when the report has none.'),
      programId: maybe('The program; null for every program.'),
    },
  },

  'webhook_endpoint.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was registered.',
    payload: endpoint,
  },
  'webhook_endpoint.changed': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was changed, enabled or disabled.',
    payload: endpoint,
  },
  'webhook_endpoint.secret_rotated': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was given a new secret.',
    payload: endpoint,
  },
  'webhook_endpoint.removed': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A webhook endpoint was removed.',
    payload: endpoint,
  },
  'webhook_endpoint.pinged': {
    version: 1,
    audience: 'PARTNER',
    delivered: true,
    happens: 'Somebody asked for a trial message; only the endpoint concerned hears it.',
    payload: endpoint,
  },
  'webhook_delivery.replayed': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'A delivery was sent again by hand.',
    payload: { ...endpoint, deliveryId: text('The delivery.') },
  },

  'api_key.created': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An API key was created.',
    payload: { apiKeyId: text('The key.'), scopes: list('What it may be used for.') },
  },
  'api_key.revoked': {
    version: 1,
    audience: 'PARTNER',
    delivered: false,
    happens: 'An API key was revoked.',
    payload: { apiKeyId: text('The key.') },
  },

  'person.signed_up': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person signed up; the e-mail address is not verified yet.',
    payload: person,
  },
  'person.verified': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person showed that the e-mail address is theirs.',
    payload: person,
  },
  'person.password_changed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person was given another password; all other sessions ended.',
    payload: { ...person, how: text('CHANGED with the old password, RESET by e-mail, ONE_TIME by an administrator.') },
  },
  'person.notifications_chosen': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person chose how they hear of things by e-mail.',
    payload: {
      ...person,
      choices: list('What is chosen otherwise than before, e.g. `application.assigned: NEVER`.'),
      digestHour: number('The hour of the daily e-mail.'),
      timeZone: text('The time zone of that hour.'),
    },
  },

  'saved_view.created': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A view of applications was saved.',
    payload: savedView,
  },
  'saved_view.changed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A saved view was changed, shared or taken back.',
    payload: savedView,
  },
  'saved_view.removed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A saved view was removed.',
    payload: savedView,
  },

  'staff.added': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A person was added to the staff.',
    payload: staff,
  },
  'staff.roles_changed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A member of staff was given other roles.',
    payload: staff,
  },
  'staff.deactivated': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A member of staff lost access.',
    payload: staff,
  },
  'staff.away_period_added': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'It was said when a member of staff is away.',
    payload: awayPeriod,
  },
  'staff.away_period_removed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'It was taken back that a member of staff is away.',
    payload: awayPeriod,
  },
} as const satisfies Record<string, EventDefinition>;
