import { sql } from 'kysely';
import type { Eyes, Projection, Viewer } from '../api/eyes.js';
import { timelineActor, timelineProjection } from '../audit/timeline.queries.js';
import type { EventName } from '../events/catalogue.js';
import type { ManyField } from '../platform/reading/projection.js';
import { column, momentColumn, type Row } from '../platform/reading/projection.js';

/** What changes where a grant stands, until when, or on what terms. */
const changes: readonly EventName[] = [
  'grant.created',
  'grant.let_in',
  'grant.place_given',
  'grant.activated',
  'grant.amended',
  'grant.renewed',
  'grant.suspended',
  'grant.suspension_added',
  'grant.suspension_lifted',
  'grant.reinstated',
  'grant.revoked',
  'grant.surrendered',
  'grant.expired',
  'grant.deprovisioned',
];

const said = (name: string) => (row: Row) => sql`(${row('payload')}::json ->> ${sql.lit(name)})`;

/** What happened to a grant, read from the log: as its timeline, seen by the partner and by staff who do not belong to it. */
const grantHistoryProjection: Projection = {
  ...timelineProjection,
  type: 'GrantChange',
  fields: {
    type: column('event'),
    occurredAt: momentColumn('at'),
    status: { kind: 'value', sql: said('status') },
    cause: { kind: 'value', sql: said('cause') },
    reason: { kind: 'value', sql: said('reason') },
    actor: { kind: 'value', sql: timelineActor },
  },
};

/** Of one application there may be several grants, one after the other, so it is looked for by the grant's reference. */
export const historyField: ManyField<Eyes, Viewer> = {
  kind: 'list',
  to: () => grantHistoryProjection,
  on: (row, event) => sql`${event('application_id')} = ${row('application_id')}
    and ${event('event')} in (${sql.join(changes.map((name) => sql.lit(name)))})
    and ${said('reference')(event)} = ${row('reference')}`,
  order: { direction: 'asc', keys: [{ sql: (event) => event('sequence'), type: 'bigint' }] },
};
