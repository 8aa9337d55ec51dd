import { type RawBuilder, sql } from 'kysely';
import type { OrganizationInScope } from '../lifecycle/release-scope.js';
import type { RawSql } from '../platform/database/database.js';

/** In SQL, over an organization called `o`: what decides whether it is in scope. No organization is the operator's own yet. */
export const scopeColumns: RawBuilder<unknown> = sql`o.id, o.sector, o.country, false as "isOperator"`;

/** @throws Error when there is no such organization */
export async function organizationInScope(database: RawSql, id: string): Promise<OrganizationInScope> {
  const found = await sql<OrganizationInScope>`
    select ${scopeColumns} from organization as o where o.id = ${id}`.execute(database);
  const [row] = found.rows;
  if (!row) throw new Error(`There is no organization ${id}.`);
  return row;
}

/** Those of some organizations, by their ids. */
export async function organizationsInScope(
  database: RawSql,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OrganizationInScope>> {
  const found = await sql<OrganizationInScope>`
    select ${scopeColumns} from organization as o where o.id = any(${[...ids]}::uuid[])`.execute(database);
  return new Map(found.rows.map((row) => [row.id, row]));
}
