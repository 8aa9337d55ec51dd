import { sql } from 'kysely';
import type { DirectiveKind } from '../lifecycle/directive.js';
import { type DirectiveInForce, noTerms } from '../lifecycle/release.js';
import type { RawSql } from '../platform/database/database.js';
import type { Sql } from '../platform/reading/projection.js';
import type { StoredTerms } from './directive.entity.js';
import { type EmergencyHaltInput, haltAtOnce, requireDirective } from './directive-input.js';
import { requireRecordable } from './recordable.queries.js';

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

/** In SQL: directives, as JSON. */
const directivesSql = (condition: Sql): Sql => sql`(select coalesce(json_agg(json_build_object(
    'id', d.id, 'reference', d.reference, 'authority', a.name, 'kind', d.kind, 'issuedAt', d.issued_at,
    'effectiveAt', d.effective_at, 'inForceSince', coalesce(d.in_force_since, d.recorded_at), 'expiresAt', d.expires_at,
    'changesId', d.changes_id, 'terms', d.terms,
    'entries', (select count(*) from directive_entry e where e.directive_id = d.id and e.effect = 'PERMITS'),
    'named', (select coalesce(json_agg(e.organization_id), '[]'::json) from directive_entry e
      where e.directive_id = d.id and e.effect = 'PERMITS' and e.status = 'MATCHED'),
    'excluded', (select coalesce(json_agg(e.organization_id), '[]'::json) from directive_entry e
      where e.directive_id = d.id and e.effect = 'EXCLUDES' and e.status = 'MATCHED'))), '[]'::json)
  from directive as d join authority as a on a.id = d.authority_id where ${condition})`;

/**
 * In SQL: the directives that were put in force, as JSON. All of them, because what one says depends on others; an
 * operator receives some dozens in years.
 */
export const directivesInForceSql: Sql = directivesSql(sql`d.status = 'IN_FORCE'`);

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

/** A directive that is recorded only, with what would be in force if it were put in force. */
export interface ForeseenDirective {
  readonly effectiveAt: Date;
  /** The products it is about; null for every one. */
  readonly codes: readonly string[] | null;
  readonly before: readonly DirectiveInForce[];
  readonly after: readonly DirectiveInForce[];
}

/** @returns null when there is none, or it is not waiting to be put in force */
export async function foreseeDirective(database: RawSql, id: string): Promise<ForeseenDirective | null> {
  const found = await sql<{ effectiveAt: string; before: unknown; after: unknown; codes: readonly string[] | null }>`
    select to_json(d.effective_at) as "effectiveAt", ${directivesInForceSql} as before,
      ${directivesSql(sql`(d.status = 'IN_FORCE' or d.id = ${id})`)} as after,
      case when d.kind <> 'DESIGNATE' then (select json_agg(distinct code) from directive as c,
        jsonb_array_elements_text(c.terms -> 'products') as code where c.id in (d.id, d.changes_id)) end as codes
    from directive as d where d.id = ${id} and d.status = 'RECORDED'`.execute(database);
  const [row] = found.rows;
  if (!row) return null;
  const { effectiveAt, before, after, codes } = row;
  return { effectiveAt: new Date(effectiveAt), codes, before: toDirectives(before), after: toDirectives(after) };
}

/** Sorted behind every id there is, as that of the next directive would be. */
const nextId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The same of an emergency halt that nobody has ordered yet. @throws Refusal when it could not be ordered */
export async function foreseeHalt(database: RawSql, input: EmergencyHaltInput, now: Date): Promise<ForeseenDirective> {
  const { reference, issuedAt, effectiveAt, terms, ...said } = requireDirective(haltAtOnce(input, now), now);
  const authority = await requireRecordable(database, { ...said, reference, terms });
  const before = await directivesInForce(database);
  const halt: DirectiveInForce = {
    ...{ id: nextId, reference, authority, kind: 'HALT', changesId: null, issuedAt, effectiveAt, inForceSince: now },
    terms: { ...noTerms, ...terms },
  };
  return { effectiveAt, codes: halt.terms.products, before, after: [...before, halt] };
}
