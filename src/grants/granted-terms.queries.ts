import { sql } from 'kysely';
import { type GrantPolicy, regionsIn, seatsIn, wholeGrantPolicy } from '../lifecycle/grant-policy.js';
import type { RawSql } from '../platform/database/database.js';

/** What an application asked for and its program version lays down, and so what its approval gives. */
export interface GrantedTerms {
  readonly productCode: string;
  readonly grantMonths: number;
  readonly seats: number;
  readonly regions: readonly string[];
}

/** @throws Error when there is no such application: only what was approved is granted */
export async function grantedTerms(database: RawSql, applicationId: string): Promise<GrantedTerms> {
  const found = await sql<{
    productCode: string;
    grantMonths: number;
    policy: GrantPolicy | null;
    answers: Readonly<Record<string, unknown>>;
  }>`select p.product_code as "productCode", v.grant_months as "grantMonths", v.grant_policy as policy, a.answers
    from application as a join program_version as v on v.id = a.program_version_id join program as p on p.id = v.program_id
    where a.id = ${applicationId}`.execute(database);
  const [row] = found.rows;
  if (!row) throw new Error(`There is no application ${applicationId}.`);
  const policy = wholeGrantPolicy(row.policy ?? {});
  const { productCode, grantMonths, answers } = row;
  return { productCode, grantMonths, seats: seatsIn(policy, answers), regions: regionsIn(policy, answers) };
}
