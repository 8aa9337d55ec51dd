import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import type { Row, Sql } from '../platform/reading/projection.js';

/**
 * In SQL: does nobody have it in hand, and is it for somebody in one of the viewer's roles to take further? Not what the
 * viewer must leave to others, being recused or having proposed or countersigned a decision of it.
 */
export function isForRolesOf(row: Row, eyes: Eyes): Sql {
  return sql`(${row('assignee_id')} is null and case ${row('status')}
      when 'SUBMITTED' then 'INTAKE' = any(${eyes.staffRoles})
      when 'IN_REVIEW' then ${isAtStageFor(row, eyes)}
      when 'DECISION_PROPOSED' then 'DECIDER' = any(${eyes.staffRoles}) and not ${tookPart(row, eyes)}
      when 'UNDER_APPEAL' then 'DECIDER' = any(${eyes.staffRoles}) and not ${tookPart(row, eyes)}
      else false end
    and not exists (select from recusal as x
      where x.organization_id = ${row('organization_id')} and x.user_id = ${eyes.personId} and x.ended_at is null))`;
}

/** At the present stage, do the viewer's roles recommend, mark a check or move on? Where nobody moves on, a decider proposes. */
function isAtStageFor(row: Row, eyes: Eyes): Sql {
  const roles = eyes.staffRoles;
  return sql`(select exists (select from jsonb_array_elements(pv.workflow -> 'stages') as s where s ->> 'key' = ${row('stage_key')}
      and (s -> 'advanceBy' ?| ${roles}
        or exists (select from jsonb_array_elements(s -> 'requiredRecommendations') as r where r ->> 'role' = any(${roles}))
        or exists (select from jsonb_array_elements(s -> 'requiredChecks') as c where c -> 'by' ?| ${roles})
        or ('DECIDER' = any(${roles}) and s = pv.workflow -> 'stages' -> -1)))
    from program_version as pv where pv.id = ${row('program_version_id')})`;
}

function tookPart(row: Row, eyes: Eyes): Sql {
  return sql`exists (select from decision as d where d.application_id = ${row('id')} and d.superseded_at is null
    and ${eyes.personId} in (d.proposed_by, d.first_countersigned_by, d.countersigned_by))`;
}
