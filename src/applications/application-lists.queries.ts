import { sql } from 'kysely';
import type { Viewer } from '../api/request.js';
import { isNoStaff, isOwn, isSeenByStaff } from '../api/visibility.js';
import type { ApplicationStatus } from '../lifecycle/application.js';
import type { PageArguments } from '../platform/reading/pagination.js';
import { newestFirst, type Order, type Row, readMoment, type Sql } from '../platform/reading/projection.js';
import { type ReadingContext, type ReadObject, readConnection, readOne } from '../platform/reading/reader.js';
import type { Selection } from '../platform/reading/selection.js';
import { applicationProjection, visibleStatus } from './application.queries.js';

/** What is due first comes first. */
const oldestDueFirst: Order = {
  direction: 'asc',
  keys: [
    { sql: (row) => row('due_at'), type: 'timestamptz' },
    { sql: (row) => row('id'), type: 'uuid' },
  ],
};

export interface ApplicationFilter {
  readonly statuses: readonly ApplicationStatus[] | null;
  readonly organizationId: string | null;
  readonly programId: string | null;
  readonly reference: string | null;
}

export function readApplication(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, applicationProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

/** Newest first: for partners their own, for staff all that were ever submitted. */
export function readApplications(
  context: ReadingContext<Viewer>,
  selection: Selection,
  filter: ApplicationFilter,
  page: PageArguments,
): Promise<ReadObject> {
  const where = (row: Row): Sql => {
    const conditions: Sql[] = [sql`true`];
    if (filter.statuses) {
      const wanted = `{${filter.statuses.join(',')}}`;
      conditions.push(sql`${visibleStatus(row, context.viewer)} = any(${wanted}::text::text[])`);
    }
    if (filter.organizationId) conditions.push(sql`${row('organization_id')} = ${filter.organizationId}`);
    if (filter.programId) conditions.push(sql`${row('program_id')} = ${filter.programId}`);
    if (filter.reference) conditions.push(sql`${row('reference')} = ${filter.reference}`);
    return sql.join(conditions, sql` and `);
  };
  return readConnection(context, applicationProjection, selection, { where, order: newestFirst, page });
}

/** What waits for staff in one queue, due first first. An application that waits for its partner is in no queue. */
export function readQueue(
  context: ReadingContext<Viewer>,
  selection: Selection,
  name: string,
  page: PageArguments,
): Promise<ReadObject> {
  const where = (row: Row) => sql`${row('queue')} = ${name} and ${row('due_at')} is not null
    and ${isSeenByStaff(row('organization_id'), context.viewer)}`;
  return readConnection(context, applicationProjection, selection, { where, order: oldestDueFirst, page });
}

/** What is assigned to the viewer and waits, due first first. */
export function readMyWork(
  context: ReadingContext<Viewer>,
  selection: Selection,
  page: PageArguments,
): Promise<ReadObject> {
  const { actor } = context.viewer;
  const staffId = actor.kind === 'PERSON' ? actor.staffId : null;
  const where = (row: Row) =>
    staffId
      ? sql`${row('assignee_id')} = ${staffId} and ${row('due_at')} is not null
        and ${isSeenByStaff(row('organization_id'), context.viewer)}`
      : sql`false`;
  return readConnection(context, applicationProjection, selection, { where, order: oldestDueFirst, page });
}

export interface QueueSummary {
  readonly name: string;
  readonly waiting: number;
  readonly overdue: number;
  readonly unassigned: number;
  readonly oldestDueAt: Date | null;
}

/** How much waits in each queue, in one statement; nothing for whoever is not staff. */
export async function readQueueSummaries(context: ReadingContext<Viewer>): Promise<QueueSummary[]> {
  const { viewer } = context;
  if (isNoStaff(viewer)) return [];
  const found = await sql<{
    name: string;
    waiting: number;
    overdue: number;
    unassigned: number;
    oldest: string | null;
  }>`
    select queue as name, count(*)::int as waiting, (count(*) filter (where due_at < ${viewer.now}))::int as overdue,
      (count(*) filter (where assignee_id is null))::int as unassigned, min(due_at)::text as oldest
    from application where queue is not null and due_at is not null and not ${isOwn(sql`organization_id`, viewer)}
    group by queue order by queue`.execute(context.sql);
  return found.rows.map(({ oldest, ...summary }) => ({ ...summary, oldestDueAt: readMoment(oldest) }));
}
