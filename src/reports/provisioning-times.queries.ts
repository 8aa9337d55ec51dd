import { sql } from 'kysely';
import type { ReportPeriod } from '../lifecycle/report-period.js';
import type { RawSql } from '../platform/database/database.js';
import { isInScope, moment, type ReportScope, reportRows } from './report-scope.queries.js';
import { type Spread, spreadColumns } from './spread.queries.js';

/** From what to what is counted. */
export const provisioningPassages = {
  APPROVED_TO_USABLE: 'From the approval until the grant could be used for the first time.',
  HALT_TO_OFF: 'From when access was to be closed, which for a halt is when it was in force, until it was closed.',
} as const;

export type ProvisioningPassage = keyof typeof provisioningPassages;

export interface ProvisioningTimesRow {
  readonly productCode: string;
  readonly passage: ProvisioningPassage;
  readonly grants: number;
  readonly inTime: number;
  readonly taken: Spread;
}

/** How long it took to open and to close access, by product, of what was opened and closed in a period; in one statement. */
export function readProvisioningTimes(
  database: RawSql,
  scope: ReportScope,
  period: ReportPeriod,
): Promise<readonly ProvisioningTimesRow[]> {
  // What turned out not to be so was not done.
  const during = sql`t.status in ('DONE', 'VERIFIED') and t.finished_at >= ${moment(period.from)} and t.finished_at < ${moment(period.to)}`;
  return reportRows(
    database,
    sql`
    with done as (
      select t.product_code, t.kind, t.finished_at <= t.due_at as in_time, extract(epoch from t.finished_at
          - case t.kind when 'PROVISION' then g.created_at else t.since_at end)::float8 as taken
      from provisioning_task as t join access_grant as g on g.id = t.grant_id join application as a on a.id = g.application_id
      where ${during} and ${isInScope(scope)} and (t.kind = 'DEPROVISION' or t.kind = 'PROVISION' and not exists (
        select from provisioning_task as earlier where earlier.grant_id = t.grant_id and earlier.kind = 'PROVISION'
          and earlier.status in ('DONE', 'VERIFIED') and earlier.finished_at < t.finished_at)))
    select product_code as "productCode", case kind when 'PROVISION' then 'APPROVED_TO_USABLE' else 'HALT_TO_OFF' end as passage,
      count(*)::int as grants, (count(*) filter (where in_time))::int as "inTime", ${spreadColumns('taken')}
    from done group by product_code, kind order by product_code, kind desc`,
  );
}
