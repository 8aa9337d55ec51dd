import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { isHiddenUntilOwn } from './blind-review.queries.js';

const stage = sql`asking.stage`;

/**
 * The mean score of an application, out of 100: of what stands for the present revision at all its stages, without people
 * who are recused. There is none for partners, nor for whoever may not yet know what others recommend: not even whether
 * anything was scored, so that nobody finds it out by a filter.
 */
export function applicationScore(row: Row, eyes: Eyes): Sql {
  return sql`(case when ${isSeenByStaff(row('organization_id'), eyes)} and not ${isKept(row, eyes)} then (
    select round(avg(r.score)::numeric, 1)::float8 from recommendation as r
    where r.application_id = ${row('id')} and r.revision = ${row('revision')} and r.superseded_at is null
      and not exists (select from recusal as x
        where x.organization_id = ${row('organization_id')} and x.user_id = r.reviewer_id and x.ended_at is null)) end)`;
}

/** In SQL: are there recommendations that are kept from the viewer? */
function isKept(row: Row, eyes: Eyes): Sql {
  return sql`exists (select from program_version as pv
      cross join lateral jsonb_array_elements(pv.workflow -> 'stages') as asking (stage)
    where pv.id = ${row('program_version_id')} and ${isHiddenUntilOwn(row, stage, eyes)})`;
}
