import { sql } from 'kysely';
import { defaultGrantPolicy } from '../lifecycle/grant-policy.js';
import type { Sql } from '../platform/reading/projection.js';

/**
 * When something falls due for a grant goes by the version of its program that is current, whichever it was given under:
 * partners whose grants are alike are asked at like times.
 */

/** In SQL: days before a grant's end from which grants of the program can be renewed. */
export function renewalOpensDaysSql(programId: Sql): Sql {
  return sql`coalesce((select (v.grant_policy ->> 'renewalOpensDays')::integer from program as entered
    join program_version as v on v.id = entered.current_version_id where entered.id = ${programId}), ${sql.lit(defaultGrantPolicy.renewalOpensDays)})`;
}

/** In SQL, as columns `every` (null for never) and `notice`: the days of recertification of grants of the program. */
export function recertificationPolicySql(programId: Sql): Sql {
  const days = (name: string, otherwise: Sql) => sql`coalesce((select (v.grant_policy ->> ${sql.lit(name)})::integer
    from program as entered join program_version as v on v.id = entered.current_version_id
    where entered.id = ${programId}), ${otherwise})`;
  return sql`${days('recertifyEveryDays', sql`null::integer`)} as every,
    ${days('recertifyNoticeDays', sql.lit(defaultGrantPolicy.recertifyNoticeDays))} as notice`;
}
