import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import type { Row, Sql } from '../platform/reading/projection.js';

/**
 * In SQL: can recommendations still be given, or changed, at this stage? Once a decision is proposed they cannot, and
 * whoever countersigns must know them. `stage` is the JSON of a stage of the application's workflow.
 */
export function isStageOpen(application: Row, stage: Sql): Sql {
  return sql`(${application('status')} in ('IN_REVIEW', 'INFORMATION_REQUESTED')
    and ${application('stage_key')} = ${stage} ->> 'key')`;
}

/**
 * In SQL: is what others recommend at this stage, for the present revision, kept from the viewer? It is while the stage
 * is blind and open and the viewer, who could recommend there, has not. Whoever is not asked to recommend sees it all:
 * nothing of theirs could be coloured by it.
 */
export function isHiddenUntilOwn(application: Row, stage: Sql, eyes: Eyes): Sql {
  if (!eyes.isPerson) return sql`false`;
  return sql`((${stage} ->> 'blind')::boolean and ${isStageOpen(application, stage)}
    and exists (select from jsonb_array_elements(${stage} -> 'requiredRecommendations') as asked
      where asked ->> 'role' = any(${eyes.staffRoles}))
    and not exists (select from recommendation as own where own.application_id = ${application('id')}
      and own.revision = ${application('revision')} and own.stage_key = ${stage} ->> 'key'
      and own.reviewer_id = ${eyes.personId} and own.superseded_at is null))`;
}
