import { sql } from 'kysely';
import type { ReportPeriod } from '../lifecycle/report-period.js';
import { type WorkingCalendar, workingTimeBetween } from '../lifecycle/working-time.js';
import { readByCursor } from '../platform/database/cursor.js';
import type { Database, RawSql } from '../platform/database/database.js';
import { finalAt, isInScope, moment, type ReportScope } from './report-scope.queries.js';

/** An application as it is exported, with its time in milliseconds. */
export interface ExportedApplication {
  readonly reference: string;
  readonly program: string;
  readonly organization: string;
  readonly country: string;
  readonly sector: string;
  readonly status: string;
  readonly stage: string | null;
  readonly submittedAt: string;
  readonly decidedAt: string | null;
  readonly outcome: string | null;
  readonly appealedAt: string | null;
  readonly calendarTime: number;
  readonly chargedTime: number;
  readonly pausedTime: number;
}

/** Whether a clock ran or was paused, from when to when, in milliseconds; null while it goes on. */
type Interval = readonly [runs: boolean, from: number, to: number | null];

type ExportedRow = Omit<ExportedApplication, 'calendarTime' | 'chargedTime' | 'pausedTime'> & {
  readonly version: string;
  readonly intervals: readonly Interval[] | null;
};

/**
 * The applications that were first submitted in a period, oldest first, a page at a time: however many there are, only a
 * page of them is in memory. Clocks that still run count until now.
 */
export async function* readApplications(
  database: Database,
  scope: ReportScope,
  { period, now }: { readonly period: ReportPeriod; readonly now: Date },
): AsyncGenerator<readonly ExportedApplication[], void, void> {
  const calendars = await readCalendars(database.kysely(), scope);
  const calendarOf = (version: string): WorkingCalendar => {
    const calendar = calendars.get(version);
    if (!calendar) throw new Error(`Version ${version} of a program was published while a report was made.`);
    return calendar;
  };
  // What the statement selects is what the rows have.
  const pages = readByCursor(database, exported(scope, period).compile(database.kysely())) as AsyncGenerator<
    readonly ExportedRow[],
    void,
    void
  >;
  for await (const page of pages) {
    yield page.map(({ version, intervals, ...row }) => ({
      ...row,
      ...timeOf(intervals ?? [], calendarOf(version), now),
    }));
  }
}

function exported(scope: ReportScope, { from, to }: ReportPeriod) {
  const inUtc = (at: string) => sql`to_char(${sql.ref(at)} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')`;
  const milliseconds = (at: string) => sql`(extract(epoch from ${sql.ref(at)}) * 1000)::bigint`;
  return sql<ExportedRow>`
    select a.reference, p.code as program, o.legal_name as organization, o.country, o.sector, a.status,
      a.stage_key as stage, ${inUtc('r.submitted_at')} as "submittedAt", ${inUtc('a.decided_at')} as "decidedAt",
      ${inUtc('a.appealed_at')} as "appealedAt",
      (select d.outcome from decision as d where d.application_id = a.id and d.status = 'COUNTERSIGNED'
        and d.superseded_at is null order by ${finalAt} desc limit 1) as outcome,
      a.program_version_id as version,
      (select json_agg(json_build_array(i.kind = 'RUNNING', ${milliseconds('i.started_at')}, ${milliseconds('i.ended_at')}) order by i.started_at, i.id)
        from clock_interval as i where i.application_id = a.id) as intervals
    from application_revision as r join application as a on a.id = r.application_id
      join organization as o on o.id = a.organization_id join program as p on p.id = a.program_id
    where r.number = 1 and r.submitted_at >= ${moment(from)} and r.submitted_at < ${moment(to)} and ${isInScope(scope)}
    order by r.submitted_at, r.application_id`;
}

async function readCalendars(
  database: RawSql,
  { programId }: ReportScope,
): Promise<ReadonlyMap<string, WorkingCalendar>> {
  const found = await sql<{ id: string; calendar: WorkingCalendar }>`
    select id, workflow -> 'calendar' as calendar from program_version
    where ${programId === null ? sql`true` : sql`program_id = ${programId}::text::uuid`}`.execute(database);
  return new Map(found.rows.map(({ id, calendar }) => [id, calendar]));
}

function timeOf(intervals: readonly Interval[], calendar: WorkingCalendar, now: Date) {
  const time = { calendarTime: 0, chargedTime: 0, pausedTime: 0 };
  for (const [runs, from, to] of intervals) {
    const end = to ?? now.getTime();
    if (runs) time.chargedTime += workingTimeBetween(new Date(from), new Date(end), calendar);
    else time.pausedTime += end - from;
    time.calendarTime = end - (intervals[0]?.[1] ?? end);
  }
  return time;
}
