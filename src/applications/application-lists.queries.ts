import { sql } from 'kysely';
import type { Eyes, Read, Viewer } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { Answering } from '../platform/database/database.js';
import { namedStatement } from '../platform/database/named-statement.js';
import type { FieldArguments } from '../platform/reading/arguments.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { applicationProjection } from './application.queries.js';
import { filtered, isNarrow, type Part } from './application-filter.queries.js';
import { gatheredPart, waysByPart } from './application-gathering.queries.js';
import { fitsSearch, waysToSearch } from './application-search.queries.js';
import { hasPlace, orderNamed } from './application-sort.queries.js';
import { isForRolesOf } from './application-work.queries.js';

export const applicationById: Read = byGivenId(() => applicationProjection);

/** What the queries of the same names answer. */
export const applicationReads = {
  application: {
    kind: 'one',
    of: () => applicationProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'application')}`,
  },
  /** For partners their own, for staff all that were ever submitted; of these what is searched for. */
  applications: {
    kind: 'connection',
    of: () => applicationProjection,
    where: (row, args, eyes) => {
      const filter = args.within('filter');
      const conditions = [filtered(row, filter, eyes, gathered(args, eyes)), hasPlace(row, args.shaped('sort'), eyes)];
      if (args.has('search') && !isSearchedByIndex(args, eyes)) conditions.push(fitsSearch(row, args, eyes));
      return sql.join(conditions, sql` and `);
    },
    ways: (row, args, eyes) => {
      if (isSearchedByIndex(args, eyes)) return waysToSearch(row, args, eyes);
      const part = gathered(args, eyes);
      return part && waysByPart(part, row, args.within('filter'), eyes);
    },
    order: (args) => orderNamed(args.shaped('sort')),
    shapedBy: 'sort',
  },
  /** What waits for staff in one queue. An application that waits for its partner is in no queue. */
  queue: {
    kind: 'connection',
    of: () => applicationProjection,
    where: (row, args, eyes) => sql`${row('queue')} = ${args.value('name', 'text')} and ${isWaiting(row, eyes)}`,
    order: orderNamed('DUE_FIRST'),
  },
  /** What is assigned to the viewer and waits; also what waits for anybody in the viewer's roles, when that is asked for. */
  myWork: {
    kind: 'connection',
    of: () => applicationProjection,
    where: (row, args, eyes) => {
      const mine = sql`${row('assignee_id')} = ${eyes.staffId}`;
      const work = args.shaped('alsoForMyRoles') === true ? sql`(${mine} or ${isForRolesOf(row, eyes)})` : mine;
      return sql`${work} and ${isWaiting(row, eyes)}`;
    },
    order: orderNamed('DUE_FIRST'),
  },
  /** What the viewer opened last. */
  recentlyViewed: {
    kind: 'connection',
    of: () => applicationProjection,
    where: (row, _args, eyes) => sql`${row('id')} = any(array(select v.application_id from application_view as v
      where v.user_id = ${eyes.personId}))`,
    order: (_args, eyes) => ({
      direction: 'desc',
      keys: [
        {
          sql: (row) => sql`(select v.viewed_at from application_view as v
            where v.user_id = ${eyes.personId} and v.application_id = ${row('id')})`,
          type: 'timestamptz',
        },
        { sql: (row) => row('id'), type: 'uuid' },
      ],
    }),
  },
} as const satisfies Record<string, Read>;

/** Is the index of words thought of at all? Partners have few applications, and some filters leave few. */
function isSearchedByIndex(args: FieldArguments, eyes: Eyes): boolean {
  return args.has('search') && eyes.seesEveryOrganization && !isNarrow(args.within('filter'));
}

/** What is searched for is found by its words. */
function gathered(args: FieldArguments, eyes: Eyes): Part | null {
  return args.has('search') ? null : gatheredPart(args.within('filter'), eyes);
}

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

function summariesOf(isSeen: string) {
  return namedStatement(`
    select coalesce(json_agg(summary), '[]')::text as answer from (
      select queue as name, count(*) as waiting, count(*) filter (where due_at < (select $1::text::timestamptz)) as overdue,
        count(*) - count(assignee_id) as unassigned, min(due_at) as "oldestDueAt"
      from application where queue is not null and due_at is not null and ${isSeen}
      group by queue order by queue) as summary`);
}

const summaries = {
  ofAll: summariesOf('true'),
  ofOthers: summariesOf('organization_id <> all((select $2::text::uuid[])::uuid[])'),
};

/** How much waits in each queue, in one statement; nothing for whoever is not staff. */
export async function readQueueSummaries(database: Answering, { actor, now }: Viewer): Promise<QueueSummary[]> {
  if (!seesEveryOrganization(actor)) return [];
  const own = organizationsOf(actor);
  const found = await (own.length > 0
    ? database.answer(summaries.ofOthers, [now.toISOString(), `{${own.join(',')}}`])
    : database.answer(summaries.ofAll, [now.toISOString()]));
  const read: readonly (Omit<QueueSummary, 'oldestDueAt'> & { readonly oldestDueAt: string | null })[] = JSON.parse(
    found ?? '[]',
  );
  return read.map((summary) => ({
    ...summary,
    oldestDueAt: summary.oldestDueAt === null ? null : new Date(summary.oldestDueAt),
  }));
}
