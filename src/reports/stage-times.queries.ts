import { sql } from 'kysely';
import type { ReportPeriod } from '../lifecycle/report-period.js';
import type { RawSql } from '../platform/database/database.js';
import type { Sql } from '../platform/reading/slot.js';
import { joinTimetable, readTimetables, workedSeconds } from './charged-time.queries.js';
import {
  finalAt,
  isInScope,
  moment,
  placeNameSql,
  programColumns,
  type ReportedProgram,
  type ReportScope,
  reportRows,
} from './report-scope.queries.js';
import { type Spread, spreadColumns } from './spread.queries.js';

export interface StageTimesRow extends ReportedProgram {
  readonly stageKey: string;
  readonly stageName: string;
  readonly applications: number;
  readonly charged: Spread;
  readonly calendar: Spread;
  readonly paused: Spread;
}

/** How long applications were at the stages that they left in a period. */
export async function readStageTimes(
  database: RawSql,
  scope: ReportScope,
  period: ReportPeriod,
): Promise<readonly StageTimesRow[]> {
  const timetables = await readTimetables(database, scope, period.to);
  const seconds = {
    charged: sql`coalesce(sum(i.worked) filter (where i.kind = 'RUNNING'), 0)`,
    paused: sql`coalesce(extract(epoch from sum(i.ended_at - i.started_at) filter (where i.kind = 'PAUSED')), 0)::float8`,
    calendar: sql`extract(epoch from max(i.ended_at) - min(i.started_at))::float8`,
  };
  return reportRows(
    database,
    sql`
    with ${timetables},
      passage as (${passages(
        scope,
        period,
        sql`${seconds.charged} as charged, ${seconds.paused} as paused, ${seconds.calendar} as calendar`,
        'TIMED',
      )})
    select ${programColumns}, g.stage_key as "stageKey", ${placeNameSql(sql`p.id`, sql`g.stage_key`)} as "stageName",
      g.applications, g.charged, g.calendar, g.paused
    from (select program_id, stage_key, count(*)::int as applications, ${spreadColumns('charged')},
        ${spreadColumns('calendar')}, ${spreadColumns('paused')}
      from passage group by program_id, stage_key) as g join program as p on p.id = g.program_id
    order by p.code, g.stage_key`,
  );
}

export interface ServiceLevelRow extends ReportedProgram {
  /** Null for the whole application. */
  readonly stageKey: string | null;
  readonly stageName: string | null;
  readonly kept: number;
  readonly missed: number;
  readonly keptShare: number;
}

/**
 * How often stages were left, and applications decided, in time: before what was due by the clock that ran then, as it
 * was written down when that clock started. In one statement.
 */
export function readServiceLevels(
  database: RawSql,
  scope: ReportScope,
  period: ReportPeriod,
): Promise<readonly ServiceLevelRow[]> {
  const isOfEpisode = sql`(a.appealed_at is not null and i.started_at >= a.appealed_at) = d.on_appeal`;
  return reportRows(
    database,
    sql`
    with stage as (${passages(scope, period, sql`bool_or(i.ended_at > i.due_at) as missed`, 'UNTIMED')}),
      decided as (
        select a.program_id, null::text as stage_key, bool_or(i.ended_at > i.decision_due_at) as missed
        from decision as d join application as a on a.id = d.application_id
          join clock_interval as i on i.application_id = a.id and ${isOfEpisode}
        where d.status = 'COUNTERSIGNED' and ${finalAt} >= ${moment(period.from)}
          and ${finalAt} < ${moment(period.to)} and ${isInScope(scope)}
        group by d.id, a.program_id)
    select ${programColumns}, g.stage_key as "stageKey",
      case when g.stage_key is not null then ${placeNameSql(sql`p.id`, sql`g.stage_key`)} end as "stageName",
      g.kept, g.missed, g.kept::float8 / (g.kept + g.missed) as "keptShare"
    from (select program_id, stage_key, (count(*) filter (where not missed))::int as kept,
        (count(*) filter (where missed))::int as missed
      from (select program_id, stage_key, missed from stage union all select * from decided) as either
      where missed is not null group by program_id, stage_key) as g join program as p on p.id = g.program_id
    order by p.code, g.stage_key nulls first`,
  );
}

/**
 * One row for each time that an application was at a stage and left it for another or with a decision, in the period: as
 * a review and as an appeal are told apart, because an appeal has its time anew. Where it waits to come back, or ended
 * without a decision, it has not passed.
 */
function passages(scope: ReportScope, period: ReportPeriod, columns: Sql, timed: 'TIMED' | 'UNTIMED'): Sql {
  const from = moment(period.from);
  const to = moment(period.to);
  const worked = timed === 'TIMED' ? workedSeconds(sql`i.started_at`, sql`i.ended_at`) : sql`0`;
  // By itself (offset 0), because with timetables in its rows the grouping would sort gigabytes.
  return sql`
    select i.program_id, i.stage_key, ${columns}
    from (select a.id, a.program_id, i.stage_key, i.kind, i.started_at, i.ended_at, i.due_at, ${worked} as worked,
        (a.appealed_at is not null and i.started_at >= a.appealed_at) as on_appeal
      from (select distinct application_id from clock_interval where ended_at >= ${from} and ended_at < ${to}) as recent
        join application as a on a.id = recent.application_id ${timed === 'TIMED' ? joinTimetable : sql``}
        join clock_interval as i on i.application_id = a.id
      where ${isInScope(scope)}
        and not (a.status in ('RETURNED', 'WITHDRAWN', 'CLOSED', 'LAPSED') and i.stage_key = coalesce(a.stage_key, 'intake'))
      offset 0) as i
    group by i.id, i.program_id, i.stage_key, i.on_appeal
    having count(*) = count(i.ended_at) and max(i.ended_at) >= ${from} and max(i.ended_at) < ${to}`;
}
