import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { Link, StoredRecord } from './audit-chain.js';

/** How many records are held in memory at once, however long the log is. */
const pageSize = 1_000;

/** Which record a reading goes on after. The id is there in case somebody made two with one number. */
export type Bookmark = Pick<StoredRecord, 'sequence' | 'id'>;

/** Every record as it is stored, in order, after a bookmark or from the first; read page by page. */
export async function* storedRecords(database: RawSql, after: Bookmark | null = null): AsyncGenerator<StoredRecord> {
  let bookmark = after;
  for (;;) {
    const page = await readPage(database, bookmark);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    bookmark = last;
  }
}

/** What the database says about where the log ends, and whether there is more than has been read. */
export interface LogEnd {
  /** Null when the row that says it is gone. */
  readonly head: Link | null;
  readonly hasMore: boolean;
}

/** One statement, so that a command that commits at this moment is seen with its records or not at all. */
export async function readEnd(database: RawSql, after: Bookmark | null): Promise<LogEnd> {
  const found = await sql<{ sequence: string | null; hash: string | null; has_more: boolean }>`
    select head.sequence::text as sequence, head.hash, exists (select from audit_record where ${isAfter(after)}) as has_more
    from (values (true)) as always left join audit_head as head on true limit 1`.execute(database);
  const [row] = found.rows;
  const head = row?.sequence && row.hash ? { sequence: Number(row.sequence), hash: row.hash } : null;
  return { head, hasMore: row?.has_more ?? false };
}

/** The hashes of the records with these numbers; those that are not there are left out. */
export async function hashesAt(database: RawSql, sequences: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const found = await sql<{ sequence: string; hash: string }>`select sequence::text as sequence, hash from audit_record
    where sequence in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(sequences)}::jsonb))`.execute(
    database,
  );
  return new Map(found.rows.map(({ sequence, hash }) => [Number(sequence), hash]));
}

/** The first number, of these, at which the log and the timelines of applications differ; null when they do not. */
export async function firstDifference(database: RawSql, from: number, to: number): Promise<number | null> {
  const those = (table: string) => sql`select sequence, id, at, event, audience, actor_kind, actor_id, actor_role,
      organization_id, application_id, payload
    from ${sql.table(table)} where sequence between ${from}::bigint and ${to}::bigint and application_id is not null`;
  const found = await sql<{ first: string | null }>`select min(sequence)::text as first from (
    (${those('audit_record')} except all ${those('timeline_event')})
    union all (${those('timeline_event')} except all ${those('audit_record')})) as different`.execute(database);
  const first = found.rows[0]?.first ?? null;
  return first === null ? null : Number(first);
}

async function readPage(database: RawSql, after: Bookmark | null): Promise<readonly StoredRecord[]> {
  // Numbers and moments as texts of one form, whatever the driver and the session make of them. The number has a name
  // of its own, because "order by" prefers a name of the answer to a column, and texts sort 10 before 2.
  const found = await sql<Omit<StoredRecord, 'sequence'> & { readonly number: string }>`
    select sequence::text as number, id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
      command, event, event_version as "eventVersion", audience, actor_kind as "actorKind", actor_id as "actorId",
      actor_role as "actorRole", organization_id as "organizationId", application_id as "applicationId",
      subject_kind as "subjectKind", subject_id as "subjectId", payload, request_id as "requestId",
      previous_hash as "previousHash", hash
    from audit_record where ${isAfter(after)} order by sequence, id limit ${pageSize}`.execute(database);
  return found.rows.map(({ number, ...row }) => ({ sequence: Number(number), ...row }));
}

function isAfter(bookmark: Bookmark | null) {
  return bookmark
    ? // The first condition says in which months; of rows of two columns PostgreSQL does not see that.
      sql<boolean>`sequence >= ${bookmark.sequence}::bigint
        and (sequence, id) > (${bookmark.sequence}::bigint, ${bookmark.id}::uuid)`
    : sql<boolean>`true`;
}
