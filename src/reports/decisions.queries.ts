import { sql } from 'kysely';
import type { ReportPeriod } from '../lifecycle/report-period.js';
import type { RawSql } from '../platform/database/database.js';
import { encodeId } from '../platform/ids.js';
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

/** By what decisions are told apart. */
export const approvalGroups = {
  SECTOR: 'By the sector of the organization.',
  COUNTRY: 'By the country of the organization.',
  PROGRAM: 'By program.',
  REVIEWER: 'By each person who had recommended something on what was decided.',
} as const;

export type ApprovalGroup = keyof typeof approvalGroups;

export interface ApprovalRateRow {
  /** A sector, a country's code, or the id of a program or a person in the database. */
  readonly key: string;
  readonly name: string;
  readonly decided: number;
  readonly approved: number;
  readonly approvedWithConditions: number;
  readonly refused: number;
  readonly approvalShare: number;
}

interface Grouping {
  readonly key: Sql;
  readonly name: Sql;
  readonly joins: Sql;
}

/** What of it a reviewer had recommended when the decision was proposed; for an appeal, on the appeal. */
const reviewers = sql`join lateral (select distinct r.reviewer_id from recommendation as r
    where r.application_id = a.id and r.recommended_at <= d.proposed_at
      and (r.superseded_at is null or r.superseded_at > d.proposed_at)
      and (a.appealed_at is not null and r.recommended_at >= a.appealed_at) = d.on_appeal) as reviewed on true
  join auth_user as u on u.id = reviewed.reviewer_id`;

const groupings: Readonly<Record<ApprovalGroup, Grouping>> = {
  SECTOR: { key: sql`o.sector`, name: sql`o.sector`, joins: sql`` },
  COUNTRY: { key: sql`o.country`, name: sql`o.country`, joins: sql`` },
  PROGRAM: { key: sql`p.id::text`, name: sql`p.name`, joins: sql`join program as p on p.id = a.program_id` },
  REVIEWER: { key: sql`u.id::text`, name: sql`u.name`, joins: reviewers },
};

/** What share of decisions were approvals; in one statement. */
export function readApprovalRates(
  database: RawSql,
  scope: ReportScope,
  { period, by }: { readonly period: ReportPeriod; readonly by: ApprovalGroup },
): Promise<readonly ApprovalRateRow[]> {
  const { key, name, joins } = groupings[by];
  const count = (outcome: string) => sql`(count(*) filter (where d.outcome = ${sql.lit(outcome)}))::int`;
  return reportRows(
    database,
    sql`
    select ${key} as key, min(${name}) as name, count(*)::int as decided, ${count('APPROVE')} as approved,
      ${count('APPROVE_WITH_CONDITIONS')} as "approvedWithConditions", ${count('REFUSE')} as refused,
      (count(*) filter (where d.outcome <> 'REFUSE'))::float8 / count(*) as "approvalShare"
    from decision as d join application as a on a.id = d.application_id
      join organization as o on o.id = a.organization_id ${joins}
    where ${isDecidedIn(period)} and ${isInScope(scope)}
    group by 1 order by decided desc, 1`,
  );
}

/** What a group of decisions is called in the API. */
export function approvalKey({ key }: Pick<ApprovalRateRow, 'key'>, by: ApprovalGroup): string {
  if (by === 'PROGRAM') return encodeId('program', key);
  return by === 'REVIEWER' ? encodeId('person', key) : key;
}

export interface RefusalReasonRow extends ReportedProgram {
  /** Of one from the library its words in the latest version that was given. */
  readonly reason: string;
  readonly refusals: number;
  readonly code: string | null;
  readonly title: string | null;
}

/** What each refusal gave: from the library, where a code is one reason whatever its words, and in words of its own. */
const givenReasons = sql`(
    select s ->> 'code' as code, s ->> 'title' as title, s ->> 'text' as text, (s ->> 'version')::int as version
    from jsonb_array_elements(d.standard_reasons) as s
    union all
    select null, null, r.text, null from jsonb_array_elements_text(d.reasons) with ordinality as r (text, position)
    where r.position > jsonb_array_length(d.standard_reasons))`;

/** Why applications were refused, the most frequent reasons first; in one statement. */
export function readRefusalReasons(
  database: RawSql,
  scope: ReportScope,
  period: ReportPeriod,
): Promise<readonly RefusalReasonRow[]> {
  const latest = (column: string) => sql`(array_agg(${sql.ref(`given.${column}`)} order by given.version desc))[1]`;
  return reportRows(
    database,
    sql`
    select ${programColumns}, ${latest('text')} as reason, count(distinct d.id)::int as refusals, given.code,
      ${latest('title')} as title
    from decision as d join application as a on a.id = d.application_id join program as p on p.id = a.program_id
      cross join lateral ${givenReasons} as given
    where d.outcome = 'REFUSE' and ${isDecidedIn(period)} and ${isInScope(scope)}
    group by p.id, given.code, case when given.code is null then given.text end
    order by p.code, refusals desc, reason`,
  );
}

function isDecidedIn({ from, to }: ReportPeriod): Sql {
  return sql`d.status = 'COUNTERSIGNED' and ${finalAt} >= ${moment(from)} and ${finalAt} < ${moment(to)}`;
}
