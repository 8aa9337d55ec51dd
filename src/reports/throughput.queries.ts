import { sql } from 'kysely';
import type { ReportPeriod, ReportUnit } from '../lifecycle/report-period.js';
import type { RawSql } from '../platform/database/database.js';
import type { Sql } from '../platform/reading/slot.js';
import {
  finalAt,
  isInScope,
  moment,
  programColumns,
  type ReportedProgram,
  type ReportScope,
  reportRows,
} from './report-scope.queries.js';

export interface ThroughputRow extends ReportedProgram {
  /** The first day, as clocks in the program's time zone show it. */
  readonly startsOn: string;
  readonly submitted: number;
  readonly approved: number;
  readonly approvedWithConditions: number;
  readonly refused: number;
  readonly decidedOnAppeal: number;
  readonly withdrawn: number;
  readonly returnedWithoutAction: number;
}

const units: Readonly<Record<ReportUnit, string>> = { DAY: 'day', WEEK: 'week', MONTH: 'month' };

/** How much came in and how much was settled, by day, week or month; in one statement. */
export function readThroughput(
  database: RawSql,
  scope: ReportScope,
  { period, by }: { readonly period: ReportPeriod; readonly by: ReportUnit },
): Promise<readonly ThroughputRow[]> {
  const during = (at: Sql) => sql`${at} >= ${moment(period.from)} and ${at} < ${moment(period.to)}`;
  const count = (what: string) => sql`(count(*) filter (where what = ${sql.lit(what)}))::int`;
  return reportRows(
    database,
    sql`
    with happened as (
      select a.program_id, r.submitted_at as at, 'submitted' as what, false as on_appeal
      from application_revision as r join application as a on a.id = r.application_id
      where r.number = 1 and ${during(sql`r.submitted_at`)} and ${isInScope(scope)}
      union all
      select a.program_id, ${finalAt}, d.outcome, d.on_appeal
      from decision as d join application as a on a.id = d.application_id
      where d.status = 'COUNTERSIGNED' and ${during(finalAt)} and ${isInScope(scope)}
      union all
      select a.program_id, t.at, t.event, false
      from timeline_event as t join application as a on a.id = t.application_id
      where t.event in ('application.withdrawn', 'application.returned_without_action') and ${during(sql`t.at`)}
        and a.submitted_at is not null and ${isInScope(scope)})
    select ${programColumns},
      to_char(date_trunc(${sql.lit(units[by])}, h.at at time zone (v.workflow -> 'calendar' ->> 'timeZone')), 'YYYY-MM-DD') as "startsOn",
      ${count('submitted')} as submitted, ${count('APPROVE')} as approved,
      ${count('APPROVE_WITH_CONDITIONS')} as "approvedWithConditions", ${count('REFUSE')} as refused,
      (count(*) filter (where on_appeal))::int as "decidedOnAppeal", ${count('application.withdrawn')} as withdrawn,
      ${count('application.returned_without_action')} as "returnedWithoutAction"
    from happened as h join program as p on p.id = h.program_id
      join program_version as v on v.id = p.current_version_id
    group by p.id, "startsOn" order by p.code, "startsOn"`,
  );
}
