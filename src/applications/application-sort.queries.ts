import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { type KeyType, newestFirst, type Order, oldestFirst } from '../platform/reading/order.js';
import type { Row, Sql } from '../platform/reading/projection.js';

/** The orders in which applications are listed, with what each means. */
export const applicationSorts = {
  CREATED_LAST: 'What was started last comes first.',
  CREATED_FIRST: 'What was started first comes first.',
  SUBMITTED_LAST: 'What was submitted last comes first; only what was ever submitted.',
  SUBMITTED_FIRST: 'What was submitted first comes first; only what was ever submitted.',
  UPDATED_LAST: 'What changed last comes first.',
  UPDATED_FIRST: 'What has not changed for the longest time comes first.',
  DUE_FIRST: 'What is due first comes first; only what waits for staff. Staff only; empty for everybody else.',
  DUE_LAST: 'What is due last comes first; only what waits for staff. Staff only; empty for everybody else.',
  REFERENCE: 'By their references.',
  REFERENCE_BACKWARD: 'By their references, the last one first.',
} as const;

export type ApplicationSort = keyof typeof applicationSorts;

const orders: Readonly<Record<ApplicationSort, Order>> = {
  CREATED_LAST: newestFirst,
  CREATED_FIRST: oldestFirst,
  SUBMITTED_LAST: byMoment('submitted_at', 'desc'),
  SUBMITTED_FIRST: byMoment('submitted_at', 'asc'),
  UPDATED_LAST: byMoment('updated_at', 'desc'),
  UPDATED_FIRST: byMoment('updated_at', 'asc'),
  DUE_FIRST: byMoment('due_at', 'asc'),
  DUE_LAST: byMoment('due_at', 'desc'),
  REFERENCE: { direction: 'asc', keys: [key('reference', 'text')] },
  REFERENCE_BACKWARD: { direction: 'desc', keys: [key('reference', 'text')] },
};

/** @param name what the statement is composed for; newest first when it is none of them */
export function orderNamed(name: unknown): Order {
  return isSort(name) ? orders[name] : newestFirst;
}

/** What has a place in the order at all, as a condition: whatever is listed has every key of it. */
export function hasPlace(row: Row, name: unknown, eyes: Eyes): Sql {
  switch (name) {
    case 'SUBMITTED_LAST':
    case 'SUBMITTED_FIRST':
      return sql`${row('submitted_at')} is not null`;
    case 'DUE_FIRST':
    case 'DUE_LAST':
      return sql`${row('due_at')} is not null and ${isSeenByStaff(row('organization_id'), eyes)}`;
    default:
      return sql`true`;
  }
}

function isSort(name: unknown): name is ApplicationSort {
  return typeof name === 'string' && Object.hasOwn(applicationSorts, name);
}

function byMoment(column: string, direction: Order['direction']): Order {
  return { direction, keys: [key(column, 'timestamptz'), key('id', 'uuid')] };
}

function key(column: string, type: KeyType): Order['keys'][number] {
  return { sql: (row) => row(column), type };
}
