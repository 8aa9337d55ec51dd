import { sql } from 'kysely';
import type { DirectiveKind } from '../lifecycle/directive.js';
import { type DirectiveInForce, noTerms } from '../lifecycle/release.js';
import type { RawSql } from '../platform/database/database.js';
import type { Sql } from '../platform/reading/projection.js';
import type { StoredTerms } from './directive.entity.js';

/** What the expression below makes of a directive. */
interface DirectiveJson {
  readonly id: string;
  readonly reference: string;
  readonly authority: string;
  readonly kind: DirectiveKind;
  readonly issuedAt: string;
  readonly effectiveAt: string;
  readonly inForceSince: string;
  readonly expiresAt: string | null;
  readonly changesId: string | null;
  readonly terms: StoredTerms | null;
  readonly entries: number;
  readonly named: readonly string[];
  readonly excluded: readonly string[];
}

/**
 * In SQL: the directives that were put in force, as JSON. All of them, because what one says depends on others; an
 * operator receives some dozens in years.
 */
export const directivesInForceSql: Sql = sql`(select coalesce(json_agg(json_build_object(
    'id', d.id, 'reference', d.reference, 'authority', a.name, 'kind', d.kind, 'issuedAt', d.issued_at,
    'effectiveAt', d.effective_at, 'inForceSince', d.in_force_since, 'expiresAt', d.expires_at,
    'changesId', d.changes_id, 'terms', d.terms,
    'entries', (select count(*) from directive_entry e where e.directive_id = d.id and e.effect = 'PERMITS'),
    'named', (select coalesce(json_agg(e.organization_id), '[]'::json) from directive_entry e
      where e.directive_id = d.id and e.effect = 'PERMITS' and e.status = 'MATCHED'),
    'excluded', (select coalesce(json_agg(e.organization_id), '[]'::json) from directive_entry e
      where e.directive_id = d.id and e.effect = 'EXCLUDES' and e.status = 'MATCHED'))), '[]'::json)
  from directive as d join authority as a on a.id = d.authority_id where d.status = 'IN_FORCE')`;

/** Reads the JSON that the expression above composes. */
export function toDirectives(value: unknown): readonly DirectiveInForce[] {
  return (value as readonly DirectiveJson[]).map(({ issuedAt, effectiveAt, inForceSince, terms, ...directive }) => {
    const { expiresAt, entries, named, excluded, ...said } = directive;
    const end = expiresAt === null ? null : new Date(expiresAt);
    return {
      ...said,
      issuedAt: new Date(issuedAt),
      effectiveAt: new Date(effectiveAt),
      inForceSince: new Date(inForceSince),
      terms: terms ? { ...terms, namesOrganizations: entries > 0, named, excluded, expiresAt: end } : noTerms,
    };
  });
}

export async function directivesInForce(database: RawSql): Promise<readonly DirectiveInForce[]> {
  const found = await sql<{ directives: unknown }>`select ${directivesInForceSql} as directives`.execute(database);
  return toDirectives(found.rows[0]?.directives ?? []);
}
