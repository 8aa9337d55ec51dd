import type { EventDefinition } from './event-definition.js';
import { number, text } from './event-definition.js';

const operation = { operationId: text('The operation.'), kind: text('What was asked for, e.g. ADVANCE_STAGE.') };

/** Of commands given on many applications at once. What came of each is told by events of the applications. */
export const bulkEvents = {
  'bulk.started': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'Staff gave a command on many applications at once.',
    payload: { ...operation, applications: number('How many there are.') },
  },
  'bulk.finished': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A command on many applications was tried on each of them.',
    payload: { ...operation, applications: number('On how many of them it was refused.') },
  },
  'bulk.cancelled': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A command on many applications was ended before it was tried on each of them.',
    payload: { ...operation, applications: number('On how many of them it was not tried.') },
  },
} as const satisfies Record<string, EventDefinition>;
