import { sql } from 'kysely';
import type { ProjectedField } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { isHiddenUntilOwn, isStageOpen } from './blind-review.queries.js';

const stage = sql`asking.stage`;
const asksForRecommendations = sql`${stage} -> 'requiredRecommendations' <> '[]'::jsonb`;

/**
 * What is recommended at each stage that asks for it, for the present revision. As with the quorum, recommendations of
 * people who are recused do not count. How many are in is told to all staff, what they say only to those who may read them.
 */
export const stageAdviceField: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) => sql`case when ${isSeenByStaff(row('organization_id'), eyes)} then (
    select coalesce(json_agg(${adviceJson(row)} order by asking.position), '[]'::json)
    from program_version as pv
      cross join lateral jsonb_array_elements(pv.workflow -> 'stages') with ordinality as asking (stage, position)
      cross join lateral (select ${isHiddenUntilOwn(row, stage, eyes)} as hidden) as blindness
      cross join lateral (${standingAt(row)}) as standing
      cross join lateral (${quorumJson()}) as quorum
    where pv.id = ${row('program_version_id')} and ${asksForRecommendations})
    else '[]'::json end`,
};

function adviceJson(row: Row): Sql {
  const unlessHidden = (value: Sql) => sql`case when not blindness.hidden then ${value} end`;
  const tally = sql`json_build_object('approve', standing.approve, 'approveWithConditions', standing.conditional,
    'refuse', standing.refuse, 'noOpinion', standing.none)`;
  const isConflicting = sql`standing.refuse > 0 and standing.approve + standing.conditional > 0`;
  return sql`json_build_object(
    'stageKey', ${stage} ->> 'key', 'stageName', ${stage} ->> 'name', 'isOpen', ${isStageOpen(row, stage)},
    'isHidden', blindness.hidden, 'given', standing.given, 'quorum', quorum.roles, 'isQuorumMet', quorum.met,
    'tally', ${unlessHidden(tally)}, 'isConflicting', ${unlessHidden(isConflicting)},
    'meanScore', ${unlessHidden(sql`standing.mean`)})`;
}

/** The standing recommendations at the stage, counted. */
function standingAt(row: Row): Sql {
  const ofKind = (kind: string) => sql`count(*) filter (where r.kind = ${sql.lit(kind)})`;
  return sql`select count(*) as given, array_agg(r.role) as roles, ${ofKind('APPROVE')} as approve,
      ${ofKind('APPROVE_WITH_CONDITIONS')} as conditional, ${ofKind('REFUSE')} as refuse, ${ofKind('NO_OPINION')} as none,
      round(avg(r.score)::numeric, 1) as mean
    from recommendation as r
    where r.application_id = ${row('id')} and r.revision = ${row('revision')} and r.stage_key = ${stage} ->> 'key'
      and r.superseded_at is null and not exists (select from recusal as x
        where x.organization_id = ${row('organization_id')} and x.user_id = r.reviewer_id and x.ended_at is null)`;
}

/** How many are needed in each role, and how many are in. */
function quorumJson(): Sql {
  const needed = sql`(asked.needed ->> 'count')::int`;
  const given = sql`coalesce(cardinality(array_positions(standing.roles, asked.needed ->> 'role')), 0)`;
  return sql`select bool_and(${given} >= ${needed}) as met,
      json_agg(json_build_object('role', asked.needed ->> 'role', 'required', ${needed}, 'given', ${given})
        order by asked.position) as roles
    from jsonb_array_elements(${stage} -> 'requiredRecommendations') with ordinality as asked (needed, position)`;
}
