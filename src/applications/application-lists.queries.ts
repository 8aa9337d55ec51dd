import { sql } from 'kysely';
import type { Eyes, Read, Viewer } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { RawSql } from '../platform/database/database.js';
import type { Order, Row, Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { applicationProjection, visibleStatus } from './application.queries.js';

/** What is due first comes first. */
const oldestDueFirst: Order = {
  direction: 'asc',
  keys: [
    { sql: (row) => row('due_at'), type: 'timestamptz' },
    { sql: (row) => row('id'), type: 'uuid' },
  ],
};

export const applicationById: Read = byGivenId(() => applicationProjection);

/** What the queries of the same names answer. */
export const applicationReads = {
  application: {
    kind: 'one',
    of: () => applicationProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'application')}`,
  },
  /** For partners their own, for staff all that were ever submitted. */
  applications: {
    kind: 'connection',
    of: () => applicationProjection,
    where: (row, args, eyes) => {
      const filter = args.within('filter');
      const conditions: Sql[] = [sql`true`];
      if (filter.has('statuses')) conditions.push(sql`${visibleStatus(row, eyes)} = any(${filter.words('statuses')})`);
      if (filter.has('organizationId')) {
        conditions.push(sql`${row('organization_id')} = ${filter.id('organizationId', 'organization')}`);
      }
      if (filter.has('programId')) conditions.push(sql`${row('program_id')} = ${filter.id('programId', 'program')}`);
      if (filter.has('reference')) conditions.push(sql`${row('reference')} = ${filter.value('reference', 'text')}`);
      return sql.join(conditions, sql` and `);
    },
  },
  /** What waits for staff in one queue. An application that waits for its partner is in no queue. */
  queue: {
    kind: 'connection',
    of: () => applicationProjection,
    where: (row, args, eyes) => sql`${row('queue')} = ${args.value('name', 'text')} and ${isWaiting(row, eyes)}`,
    order: oldestDueFirst,
  },
  /** What is assigned to the viewer and waits. */
  myWork: {
    kind: 'connection',
    of: () => applicationProjection,
    where: (row, _args, eyes) => sql`${row('assignee_id')} = ${eyes.staffId} and ${isWaiting(row, eyes)}`,
    order: oldestDueFirst,
  },
} as const satisfies Record<string, Read>;

function isWaiting(row: Row, eyes: Eyes): Sql {
  return sql`${row('due_at')} is not null and ${isSeenByStaff(row('organization_id'), eyes)}`;
}

export interface QueueSummary {
  readonly name: string;
  readonly waiting: number;
  readonly overdue: number;
  readonly unassigned: number;
  readonly oldestDueAt: Date | null;
}

/** How much waits in each queue, in one statement; nothing for whoever is not staff. */
export async function readQueueSummaries(database: RawSql, { actor, now }: Viewer): Promise<QueueSummary[]> {
  if (!seesEveryOrganization(actor)) return [];
  const own = `{${organizationsOf(actor).join(',')}}`;
  const found = await sql<{
    name: string;
    waiting: number;
    overdue: number;
    unassigned: number;
    oldest: string | null;
  }>`
    select queue as name, count(*)::int as waiting, (count(*) filter (where due_at < ${now}))::int as overdue,
      (count(*) filter (where assignee_id is null))::int as unassigned, to_json(min(due_at)) #>> '{}' as oldest
    from application where queue is not null and due_at is not null and organization_id <> all(${own}::text::uuid[])
    group by queue order by queue`.execute(database);
  return found.rows.map(({ oldest, ...summary }) => ({
    ...summary,
    oldestDueAt: oldest === null ? null : new Date(oldest),
  }));
}
