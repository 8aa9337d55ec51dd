import { type EventDefinition, maybe, text } from './event-definition.js';

const definition = { flagDefinitionId: text('What it is.'), key: text('What rules call it.') };
const flag = {
  flagId: text('The flag.'),
  key: text('What rules call it.'),
  organizationId: text('The organization it is raised on, or whose application it is raised on.'),
  applicationId: maybe('The application it is raised on; null for one on the organization.'),
};

/** Partners hear nothing of any of this. */
export const flagEvents = {
  'flag_definition.created': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A flag that can be raised was defined.',
    payload: definition,
  },
  'flag_definition.updated': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'What a flag is called or means was changed, or it was retired.',
    payload: definition,
  },
  'flag.raised': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A flag was raised on an organization or an application.',
    payload: {
      ...flag,
      rule: maybe('The routing rule that raised it; null when somebody did.'),
      expiresAt: maybe('Until when it counts; null when it does until it is lowered.'),
    },
  },
  'flag.lowered': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Somebody lowered a flag.',
    payload: flag,
  },
  'flag.expired': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'The time of a flag was over.',
    payload: flag,
  },
} as const satisfies Record<string, EventDefinition>;
