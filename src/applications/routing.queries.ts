import { sql } from 'kysely';
import { type AwayPeriodJson, awayPeriodsSql, toAwayPeriods } from '../identity/staff.queries.js';
import type { Candidate } from '../lifecycle/assignment.js';
import type { RiskRating } from '../lifecycle/risk.js';
import type { StaffRole } from '../lifecycle/roles.js';
import type { RoutingRule } from '../lifecycle/workflow.js';
import type { RawSql } from '../platform/database/database.js';
import { decodeId, encodeId } from '../platform/ids.js';

/** What rules are applied to, and who they could give the application to. */
export interface RoutingGround {
  readonly sector: string;
  readonly country: string;
  readonly product: string;
  readonly risk: RiskRating;
  /** Keys of the flags that are up on it or on its organization. */
  readonly flags: readonly string[];
  /** Those that the rules could raise. */
  readonly definitions: readonly { readonly id: string; readonly key: string }[];
  readonly candidates: readonly Candidate[];
}

interface GroundRow extends Omit<RoutingGround, 'candidates'> {
  readonly candidates: readonly CandidateJson[];
}

type CandidateJson = Omit<Candidate, 'away' | 'lastAssignedAt'> & {
  readonly away: readonly AwayPeriodJson[];
  readonly lastAssignedAt: string | null;
};

/** Everything that these rules could ask of an application, in one statement. */
export async function routingGround(
  database: RawSql,
  applicationId: string,
  rules: readonly RoutingRule[],
  now: Date,
): Promise<RoutingGround> {
  const named = rules.flatMap(({ reviewerIds, fallbackIds }) => [...(reviewerIds ?? []), ...(fallbackIds ?? [])]);
  const roles = rules.flatMap(({ role }) => role ?? []);
  const flags = rules.flatMap(({ raiseFlags }) => (raiseFlags ?? []).map(({ flag }) => flag));
  const ids = named.map((id) => decodeId('staff', id));
  const found = await sql<GroundRow>`
    select o.sector, o.country, o.risk, p.product_code as product,
      (select coalesce(json_agg(distinct d.key), '[]'::json) from flag_definition as d join (
          select f.definition_id from flag as f where f.application_id = a.id and ${isUpAt(now)}
          union all select f.definition_id from flag as f
          where f.organization_id = a.organization_id and f.application_id is null and ${isUpAt(now)}) as up
        on up.definition_id = d.id) as flags,
      (select coalesce(json_agg(json_build_object('id', d.id, 'key', d.key)), '[]'::json) from flag_definition as d
        where d.key = any(${arrayOf(flags)}::text[]) and d.retired_at is null) as definitions,
      ${candidatesSql(ids, roles)} as candidates
    from application as a join organization as o on o.id = a.organization_id join program as p on p.id = a.program_id
    where a.id = ${applicationId}`.execute(database);
  const [row] = found.rows;
  if (!row) throw new Error(`There is no application ${applicationId}.`);
  return { ...row, candidates: row.candidates.map(toCandidate) };
}

/** One member of staff, as far as it matters for giving them an application; null when there is none. */
export async function candidateFor(
  database: RawSql,
  applicationId: string,
  staffId: string,
): Promise<Candidate | null> {
  const found = await sql<{ candidates: readonly CandidateJson[] }>`
    select ${candidatesSql([staffId], [])} as candidates from application as a where a.id = ${applicationId}`.execute(
    database,
  );
  const [candidate] = found.rows[0]?.candidates ?? [];
  return candidate ? toCandidate(candidate) : null;
}

/** In SQL: those named, and whoever holds one of the roles, in relation to the application `a`. */
function candidatesSql(ids: readonly string[], roles: readonly StaffRole[]) {
  return sql`(select coalesce(json_agg(json_build_object(
      'staffId', s.id, 'name', u.name, 'active', s.active, 'roles', s.roles, 'away', ${awayPeriodsSql(sql`s.id`)},
      'isInvolved', exists (select 1 from recusal as r where r.organization_id = a.organization_id and r.user_id = s.user_id and r.ended_at is null)
        or exists (select 1 from membership as m where m.organization_id = a.organization_id and m.user_id = s.user_id),
      'decidedBefore', exists (select 1 from decision as d where d.application_id = a.id and d.status = 'COUNTERSIGNED' and d.superseded_at is null
        and s.user_id in (d.proposed_by, d.first_countersigned_by, d.countersigned_by)),
      'inHand', (select count(*)::int from application as x where x.assignee_id = s.id and x.queue is not null and x.id <> a.id),
      'lastAssignedAt', (select max(t.assigned_at) from assignment as t where t.staff_id = s.id)) order by s.id), '[]'::json)
    from staff_member as s join auth_user as u on u.id = s.user_id
    where s.id = any(${arrayOf(ids)}::uuid[]) or (s.active and s.roles && ${arrayOf(roles)}::text[]))`;
}

function toCandidate({ staffId, away, lastAssignedAt, ...candidate }: CandidateJson): Candidate {
  return {
    ...candidate,
    staffId: encodeId('staff', staffId),
    away: toAwayPeriods(away),
    lastAssignedAt: lastAssignedAt === null ? null : new Date(lastAssignedAt),
  };
}

function isUpAt(now: Date) {
  return sql`f.lowered_at is null and (f.expires_at is null or f.expires_at > ${now})`;
}

/** Ids, roles and keys of flags hold none of the characters that have a meaning in an array. */
function arrayOf(words: readonly string[]): string {
  return `{${words.join(',')}}`;
}
