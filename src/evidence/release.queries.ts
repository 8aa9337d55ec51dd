import { sql } from 'kysely';
import type { NameMatch } from '../lifecycle/release-history.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { DirectiveLine, DocumentLine, NarrowingLine } from './archive-lines.js';
import { moment, person } from './evidence-sql.queries.js';

export interface ProductOfEvidence {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** @throws Refusal NOT_FOUND with the products that there are */
export async function productOf(database: RawSql, code: string): Promise<ProductOfEvidence> {
  const found = await sql<ProductOfEvidence>`select id, code, name from product order by code`.execute(database);
  const product = found.rows.find((one) => one.code === code);
  if (product) return product;
  const codes = found.rows.map((one) => one.code).join(', ') || 'none yet';
  throw Refusal.of('NOT_FOUND', `There is no product "${code.slice(0, 60)}". The products are: ${codes}.`);
}

type StoredDirective = Omit<DirectiveLine, 'entries'> & {
  readonly entries: readonly (Omit<DirectiveLine['entries'][number], 'matches'> & {
    readonly match: {
      readonly at: string;
      readonly status: NameMatch['status'];
      readonly organizationId: string | null;
    } | null;
  })[];
};

/**
 * The directives that concern a product: those that name it, designations, and whatever changes these or is changed by
 * them. Each name has the match that holds now.
 */
export async function directivesOf(database: RawSql, code: string): Promise<readonly DirectiveLine[]> {
  const found = await sql<StoredDirective>`
    with direct as (select d.id, d.changes_id from directive as d
        where d.kind = 'DESIGNATE' or d.terms -> 'products' ? ${code}),
      base as (select id from direct union select changes_id from direct where changes_id is not null)
    select d.id, d.authority_id as "authorityId", a.name as authority, d.reference, d.kind, d.status, d.changes_id as "changesId",
      d.summary, ${moment('d.issued_at')} as "issuedAt", ${moment('d.received_at')} as "receivedAt",
      ${moment('d.effective_at')} as "effectiveAt", ${moment('d.expires_at')} as "expiresAt", d.terms,
      d.letter_sha256 as "letterSha256", d.letter_id as "letterDocumentId", ${person('d.recorded_by')} as "recordedBy", ${moment('d.recorded_at')} as "recordedAt",
      ${person('d.put_in_force_by')} as "putInForceBy", ${moment('d.in_force_since')} as "inForceSince",
      d.is_emergency as "isEmergency", ${person('d.ratified_by')} as "ratifiedBy", ${moment('d.ratified_at')} as "ratifiedAt",
      (select coalesce(json_agg(json_build_object('id', e.id, 'position', e.position, 'effect', e.effect,
          'printedName', e.printed_name, 'evidence', e.evidence,
          'match', case when e.matched_at is not null then json_build_object('at', ${moment('e.matched_at')},
            'status', e.status, 'organizationId', e.organization_id) end) order by e.position), '[]'::json)
        from directive_entry as e where e.directive_id = d.id) as entries
    from directive as d join authority as a on a.id = d.authority_id
    where d.id in (select id from base) or d.changes_id in (select id from base)
    order by d.effective_at, d.issued_at, d.id`.execute(database);
  return found.rows.map(({ entries, ...directive }) => ({
    ...directive,
    entries: entries.map(({ match, ...entry }) => {
      const matches = match ? [{ ...match, at: Date.parse(match.at) }] : [];
      return { ...entry, matches };
    }),
  }));
}

/** The letters of directives, where they are here as files. */
export async function lettersOf(
  database: RawSql,
  directives: readonly DirectiveLine[],
): Promise<readonly DocumentLine[]> {
  const ids = directives.map(({ letterDocumentId }) => letterDocumentId).filter((id) => id !== null);
  const found = await sql<DocumentLine>`select l.id, null as "applicationId", 'DIRECTIVE' as basis,
      'directive-letter' as requirement, l.file_name as "fileName", l.media_type as "mediaType", l.size::float8 as size, l.sha256
    from directive_letter as l where l.id = any(${ids}::uuid[]) order by l.id`.execute(database);
  return found.rows;
}

/** Every moment up to now from which grants of the product were shut, in order. */
export async function narrowingsOf(database: RawSql, code: string, until: Date): Promise<readonly NarrowingLine[]> {
  const found =
    await sql<NarrowingLine>`select ${moment('n.from_at')} as "fromAt", n.organization_id as "organizationId"
    from release_narrowing as n
    where n.from_at <= ${until} and (n.product_code = ${code} or (n.product_code is null and exists (
      select from access_grant as g where g.organization_id = n.organization_id and g.product_code = ${code})))
    order by n.from_at, n.organization_id`.execute(database);
  return found.rows;
}
