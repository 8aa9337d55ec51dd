import { sql } from 'kysely';
import type { StoredRecord } from '../audit/audit-chain.js';
import type { RawSql } from '../platform/database/database.js';
import { moment } from './evidence-sql.queries.js';

const pageSize = 1_000;

/** Of an application whose approval a grant of the product rests on, the records that show how it came about. */
const eventsOfApprovals = [
  'application.submitted',
  'application.terms_accepted',
  'application.recommended',
  'application.decision_proposed',
  'application.decision_countersigned',
  'application.countersignature_declined',
  'application.approved',
  'application.reopened',
  'document.added',
  'document.letter_written',
];

/** A record, and whether it concerns a product. */
export type ConcernedRecord = StoredRecord & { readonly concerns: boolean };

export interface Concern {
  readonly productId: string;
  readonly productCode: string;
  readonly directiveIds: readonly string[];
  readonly authorityIds: readonly string[];
}

/** Every record of the audit log in order, read page by page, with whether it concerns the product. */
export async function* recordsWithConcern(database: RawSql, concern: Concern): AsyncGenerator<ConcernedRecord> {
  for (let last = -1; ; ) {
    const page = await readPage(database, concern, last);
    yield* page;
    const end = page.at(-1);
    if (!end || page.length < pageSize) return;
    last = end.sequence;
  }
}

async function readPage(database: RawSql, concern: Concern, after: number): Promise<readonly ConcernedRecord[]> {
  const found = await sql<Omit<ConcernedRecord, 'sequence'> & { readonly number: string }>`
    select r.sequence::text as number, r.id, ${moment('r.at')} as at, r.command, r.event, r.event_version as "eventVersion",
      r.audience, r.actor_kind as "actorKind", r.actor_id as "actorId", r.actor_role as "actorRole",
      r.organization_id as "organizationId", r.application_id as "applicationId", r.subject_kind as "subjectKind",
      r.subject_id as "subjectId", r.payload, r.request_id as "requestId", r.previous_hash as "previousHash", r.hash,
      ${concerns(concern)} as concerns
    from audit_record as r where r.sequence > ${after}::bigint order by r.sequence, r.id limit ${pageSize}`.execute(
    database,
  );
  return found.rows.map(({ number, ...row }) => ({ sequence: Number(number), ...row }));
}

function concerns({ productId, productCode, directiveIds, authorityIds }: Concern) {
  const isOf = (kind: string, ids: readonly string[]) =>
    sql`(r.subject_kind = ${kind} and r.subject_id = any(${[...ids]}::uuid[]))`;
  return sql<boolean>`(${isOf('product', [productId])} or ${isOf('directive', directiveIds)}
    or ${isOf('authority', authorityIds)}
    or (r.subject_kind = 'grant' and exists (select from access_grant as g
      where g.id = r.subject_id and g.product_code = ${productCode}))
    or (r.event = any(${eventsOfApprovals}::text[]) and exists (select from application as a
      join access_grant as g on g.application_id = coalesce(a.amends_id, a.id)
      where a.id = r.application_id and g.product_code = ${productCode}))
    or (r.subject_kind in ('wave', 'restoration') and r.payload::json ->> 'productCode' = ${productCode})
    or r.event in ('audit_log.months_dropped', 'audit_log.anchor_renewed'))`;
}
