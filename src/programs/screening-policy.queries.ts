import { sql } from 'kysely';
import { defaultScreeningPolicy } from '../lifecycle/screening.js';
import type { Sql } from '../platform/reading/projection.js';

/**
 * The policy is the operator's protection and no part of what a partner agreed to, so the version of a program that is
 * current holds for everybody under it, whichever version they applied under.
 */

/** In SQL: the lowest threshold of the programs that an organization applies or applied to. */
export function screeningThresholdSql(organizationId: Sql): Sql {
  return sql`coalesce((select min(coalesce((v.screening ->> 'threshold')::integer, ${defaultThreshold}))
    from application as applied join program as entered on entered.id = applied.program_id
    join program_version as v on v.id = entered.current_version_id where applied.organization_id = ${organizationId}), ${defaultThreshold})`;
}

/** In SQL: does this program suspend an active grant at once when its organization has a hit? */
export function suspendsOnHitSql(programId: Sql): Sql {
  return sql`exists (select from program as entered join program_version as v on v.id = entered.current_version_id
    where entered.id = ${programId} and (v.screening ->> 'suspendsOnHit')::boolean)`;
}

const defaultThreshold = sql.lit(defaultScreeningPolicy.threshold);
