import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isNoStaff } from '../api/visibility.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { standingOf } from '../lifecycle/actor.js';
import { availableRestorationCommands, type RestorationFacts } from '../lifecycle/restoration.js';
import { encodeId } from '../platform/ids.js';
import { column, idColumn, momentColumn, oldestFirst } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { grantProjection } from './grant.queries.js';

/** For staff: partners hear of their own grants. */
export const restorationProjection: Projection = {
  type: 'Restoration',
  table: 'restoration',
  visible: (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`),
  fields: {
    id: idColumn('restoration'),
    productCode: column('product_code'),
    status: column('status'),
    ordering: column('ordering'),
    priorityIds: {
      kind: 'value',
      sql: (row) => sql`to_json(${row('priority')})`,
      read: (value) => (value as readonly string[]).map((id) => encodeId('organization', id)),
    },
    seed: column('seed'),
    reason: column('reason'),
    batches: {
      kind: 'value',
      sql: (row) => sql`(select json_agg(json_build_object('number', b.number, 'opensAt', b.said ->> 'opensAt',
          'capacityOrganizations', b.said -> 'organizations', 'capacitySeats', b.said -> 'seats',
          'restored', (select count(*) from restored_grant as r where r.restoration_id = ${row('id')} and r.batch = b.number))
          order by b.number) from jsonb_array_elements(${row('batches')}) with ordinality as b (said, number))`,
    },
    grants: {
      kind: 'connection',
      to: () => grantProjection,
      on: (row, grant) => sql`exists (select from restored_grant as r
        where r.restoration_id = ${row('id')} and r.grant_id = ${grant('id')})`,
      order: oldestFirst,
    },
    plannedBy: personWhoseIdIs('planned_by'),
    plannedAt: momentColumn('planned_at'),
    confirmedBy: personWhoseIdIs('confirmed_by'),
    confirmedAt: momentColumn('confirmed_at'),
    endedBy: personWhoseIdIs('ended_by'),
    endedAt: momentColumn('ended_at'),
    endedReason: column('ended_reason'),
    availableCommands: {
      kind: 'value',
      sql: (row) => sql`json_build_object('status', ${row('status')}, 'plannedBy', ${row('planned_by')})`,
      // What the expression above composes.
      read: (value, { actor }) => availableRestorationCommands(value as RestorationFacts, standingOf(actor, null)),
    },
    version: column('version'),
    updatedAt: momentColumn('updated_at'),
  },
};

export const restorationById: Read = byGivenId(() => restorationProjection);

/** What the query of this name answers. */
export const restorationReads = {
  restorations: {
    kind: 'list',
    of: () => restorationProjection,
    where: (row, args) => sql`${row('product_code')} = ${args.value('productCode', 'text')}`,
    order: oldestFirst,
    nullFor: isNoStaff,
  },
} as const satisfies Record<string, Read>;
