import { type RawBuilder, sql } from 'kysely';
import type { RawSql } from '../../src/platform/database/database.js';
import { randomIds } from '../../src/platform/ids.js';

export interface RecordInput {
  readonly at: string;
  readonly applicationId?: string;
  readonly organizationId?: string;
}

/** Writes records as the recorder does, but at moments of its own. */
export async function writeRecords(database: RawSql, records: readonly RecordInput[]): Promise<void> {
  const rows = records.map(({ at, applicationId = null, organizationId = null }) => ({
    id: randomIds.next(),
    at,
    application_id: applicationId,
    organization_id: organizationId,
  }));
  await sql`insert into audit_record (id, at, command, event, event_version, audience, actor_kind, actor_role, organization_id,
      application_id, subject_kind, subject_id, payload, request_id)
    select id, at, 'test', 'application.draft_saved', 1, 'PARTNER', 'SYSTEM', 'test', organization_id, application_id,
      'event', id, '{}', 'test'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, at timestamptz, organization_id uuid, application_id uuid)`.execute(
    database,
  );
}

/** The months that a table is kept in, the oldest first. */
export async function monthsOf(database: RawSql, table: string): Promise<readonly string[]> {
  const found = await sql<{ name: string }>`
    select partition::text as name from month_partitions(${table}::regclass)`.execute(database);
  return found.rows.map(({ name }) => name);
}

/** Which records each month of the audit log holds. */
export async function recordsByMonth(database: RawSql): Promise<Readonly<Record<string, readonly number[]>>> {
  const found = await sql<{ name: string; sequences: string }>`
    select tableoid::regclass::text as name, json_agg(sequence order by sequence)::text as sequences
    from audit_record group by 1`.execute(database);
  return Object.fromEntries(found.rows.map(({ name, sequences }) => [name, JSON.parse(sequences)]));
}

/** Looks at the log after changes that only a superuser can make. They are undone when the work ends. */
export async function tampered<T>(
  database: RawSql,
  changes: readonly RawBuilder<unknown>[],
  look: (database: RawSql) => Promise<T>,
): Promise<T> {
  const undone = new Error('undone');
  let found: { readonly seen: T } | undefined;
  await database
    .transaction()
    .execute(async (transaction) => {
      for (const table of ['audit_record', 'timeline_event', 'audit_anchor']) {
        await sql`alter table ${sql.table(table)} disable trigger user`.execute(transaction);
      }
      for (const change of changes) await change.execute(transaction);
      found = { seen: await look(transaction) };
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  if (!found) throw new Error('Nothing was looked at.');
  return found.seen;
}
