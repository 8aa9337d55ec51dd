import { sql } from 'kysely';
import type { Eyes, Projection, Read } from '../api/eyes.js';
import { applicationProjection } from '../applications/application.queries.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { standingOf } from '../lifecycle/actor.js';
import { type BulkOutcome, type BulkStatus, ruleOnCancelling } from '../lifecycle/bulk.js';
import {
  column,
  idColumn,
  momentColumn,
  newestFirst,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

/** Whoever asked for it sees an operation, and so do administrators and auditors. */
function isSeen(requestedBy: Sql, eyes: Eyes): Sql {
  return eyes.seesAdministration ? sql`true` : sql`${requestedBy} = ${eyes.personId}`;
}

const itemProjection: Projection = {
  type: 'BulkItem',
  table: 'bulk_item',
  visible: (row, eyes) => sql`exists (select from bulk_operation as o
    where o.id = ${row('operation_id')} and ${isSeen(sql`o.requested_by`, eyes)})`,
  fields: {
    applicationId: idColumn('application', 'application_id'),
    application: {
      kind: 'one',
      to: () => applicationProjection,
      on: (row, application) => sql`${application('id')} = ${row('application_id')}`,
    },
    outcome: column('outcome'),
    problems: column('problems'),
    triedAt: momentColumn('tried_at'),
  },
};

function countOf(outcome: BulkOutcome | null): { kind: 'value'; sql: (row: Row) => Sql } {
  return {
    kind: 'value',
    sql: (row) => sql`(select count(*)::int from bulk_item as i where i.operation_id = ${row('id')}
      and ${outcome === null ? sql`true` : sql`i.outcome = ${sql.lit(outcome)}`})`,
  };
}

export const bulkOperationProjection: Projection = {
  type: 'BulkOperation',
  table: 'bulk_operation',
  visible: (row, eyes) => isSeen(row('requested_by'), eyes),
  fields: {
    id: idColumn('bulkoperation'),
    kind: column('kind'),
    status: column('status'),
    requestedBy: personWhoseIdIs('requested_by'),
    requestedAt: momentColumn('requested_at'),
    endedAt: momentColumn('ended_at'),
    applications: countOf(null),
    waiting: countOf('WAITING'),
    done: countOf('DONE'),
    refused: countOf('REFUSED'),
    items: {
      kind: 'connection',
      to: () => itemProjection,
      on: (row, item, _eyes, args) => {
        const ofOperation = sql`${item('operation_id')} = ${row('id')}`;
        return args.has('outcomes')
          ? sql`${ofOperation} and ${item('outcome')} = any(${args.words('outcomes')})`
          : ofOperation;
      },
      // Ids are made in the order in which the applications were named.
      order: oldestFirst,
    },
    canCancel: {
      kind: 'value',
      sql: (row) => sql`json_build_object('status', ${row('status')}, 'requestedBy', ${row('requested_by')})`,
      read: (value, { actor }) => {
        // The JSON that the expression above composes.
        const facts = value as { readonly status: BulkStatus; readonly requestedBy: string };
        return ruleOnCancelling(facts, standingOf(actor, null)).length === 0;
      },
    },
  },
};

export const bulkOperationById: Read = byGivenId(() => bulkOperationProjection);

/** What the queries of the same names answer. */
export const bulkReads = {
  bulkOperation: {
    kind: 'one',
    of: () => bulkOperationProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'bulkoperation')}`,
  },
  bulkOperations: {
    kind: 'connection',
    of: () => bulkOperationProjection,
    where: () => sql`true`,
    order: newestFirst,
  },
} as const satisfies Record<string, Read>;
