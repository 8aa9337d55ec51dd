import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { Sql } from '../platform/reading/slot.js';
import { joinTimetable, readTimetables, workedSeconds } from './charged-time.queries.js';
import {
  isInScope,
  moment,
  placeNameSql,
  programColumns,
  type ReportedProgram,
  type ReportScope,
  reportRows,
} from './report-scope.queries.js';
import { type Spread, spreadColumns } from './spread.queries.js';

export interface BacklogRow extends ReportedProgram {
  readonly stageKey: string;
  readonly stageName: string;
  readonly open: number;
  readonly withStaff: number;
  readonly withPartner: number;
  readonly overdue: number;
  /** In milliseconds since 1970. */
  readonly oldestSince: number;
}

/** Was the clock of `a` running or paused at this moment? */
const isOpenAt = (at: Sql) => sql`i.started_at <= ${at} and (i.ended_at > ${at} or i.ended_at is null)`;

/** What was open at a moment, by where it was then; in one statement. */
export function readBacklog(database: RawSql, scope: ReportScope, at: Date): Promise<readonly BacklogRow[]> {
  const then = moment(at);
  return reportRows(
    database,
    sql`
    with open as (
      select a.program_id, i.stage_key, count(*)::int as open,
        (count(*) filter (where i.kind = 'RUNNING'))::int as "withStaff",
        (count(*) filter (where i.kind = 'PAUSED'))::int as "withPartner",
        (count(*) filter (where i.kind = 'RUNNING' and i.due_at < ${then}))::int as overdue,
        extract(epoch from min(r.submitted_at))::float8 * 1000 as "oldestSince"
      from clock_interval as i join application as a on a.id = i.application_id
        join application_revision as r on r.application_id = a.id and r.number = 1
      where ${isOpenAt(then)} and ${isInScope(scope)}
      group by a.program_id, i.stage_key)
    select ${programColumns}, o.stage_key as "stageKey", ${placeNameSql(sql`p.id`, sql`o.stage_key`)} as "stageName",
      o.open, o."withStaff", o."withPartner", o.overdue, o."oldestSince"
    from open as o join program as p on p.id = o.program_id
    order by p.code, o."oldestSince", o.stage_key`,
  );
}

export interface AgeRow extends ReportedProgram {
  readonly open: number;
  readonly calendar: Spread;
  readonly charged: Spread;
}

/** How old was what was open at a moment, since it was first submitted, by the calendar and in working time. */
export async function readAges(database: RawSql, scope: ReportScope, at: Date): Promise<readonly AgeRow[]> {
  const then = moment(at);
  const timetables = await readTimetables(database, scope, at);
  return reportRows(
    database,
    sql`
    with ${timetables},
      open as (
        select a.id, a.program_id, a.program_version_id
        from clock_interval as i join application as a on a.id = i.application_id
        where ${isOpenAt(then)} and ${isInScope(scope)}),
      -- by itself (offset 0), so that timetables are not carried through the grouping
      timed as (
        select a.id, a.program_id, i.started_at,
          case when i.kind = 'RUNNING' then ${workedSeconds(sql`i.started_at`, sql`least(i.ended_at, ${then})`)} else 0 end as worked
        from open as a ${joinTimetable} join clock_interval as i on i.application_id = a.id and i.started_at <= ${then}
        offset 0),
      aged as (
        select program_id, extract(epoch from ${then} - min(started_at))::float8 as calendar, sum(worked) as charged
        from timed group by id, program_id)
    select ${programColumns}, g.open, g.calendar, g.charged
    from (select program_id, count(*)::int as open, ${spreadColumns('calendar')}, ${spreadColumns('charged')}
      from aged group by program_id) as g join program as p on p.id = g.program_id
    order by p.code`,
  );
}
