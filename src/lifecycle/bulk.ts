import type { ActorStanding } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** What can be done on many applications at once. Who may do it to one of them, its own rule says. */
export const bulkKinds = {
  ASSIGN: 'Assign each to a member of staff, or to nobody.',
  START_REVIEW: 'Take each in and put it at its first stage.',
  ADVANCE_STAGE: 'Move each on to its next stage.',
  MOVE_TO_QUEUE: 'Put each into the same queue.',
  MOVE_TO_VERSION: 'Go on with each under another version of its program.',
  REQUEST_INFORMATION: 'Ask the partner of each the same questions.',
  SEND_MESSAGE: 'Write the same message to the partner of each.',
  RAISE_FLAG: 'Raise the same flag on each.',
  LOWER_FLAG: 'Lower the same flag on each.',
  PROPOSE_DECISION: 'Propose the same decision on each.',
  COUNTERSIGN: 'Countersign the decision that was proposed on each when this was asked for.',
} as const;

export type BulkKind = keyof typeof bulkKinds;

export const bulkStatuses = {
  RUNNING: 'What waits is being done, one after the other.',
  FINISHED: 'Each was tried.',
  CANCELLED: 'It was ended before each was tried; what was done stays done.',
} as const;

export type BulkStatus = keyof typeof bulkStatuses;

export const bulkOutcomes = {
  WAITING: 'Not tried yet.',
  DONE: 'Done.',
  REFUSED: 'Refused, for the reasons given; it stays as it was.',
  CANCELLED: 'Not tried, because the operation was cancelled.',
} as const;

export type BulkOutcome = keyof typeof bulkOutcomes;

/** The most applications that one operation takes. */
export const mostInBulk = 1_000;

/** May this actor cancel the operation? Whoever asked for it, and administrators. */
export function ruleOnCancelling(
  operation: { readonly status: BulkStatus; readonly requestedBy: string },
  actor: ActorStanding,
): Ruling {
  if (actor.personId !== operation.requestedBy && !actor.roles.includes('ADMIN'))
    return objection('FORBIDDEN', 'Somebody else asked for this; it takes them, or an ADMIN, to cancel it.');
  if (operation.status !== 'RUNNING')
    return objection('NOT_ALLOWED_NOW', `This operation is ${operation.status}: ${bulkStatuses[operation.status]}`);
  return accepted;
}
