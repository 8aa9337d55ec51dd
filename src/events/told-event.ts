import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import { type IdKind, idKinds } from '../platform/ids.js';

/** An event as it was recorded, read back to tell people and systems of it. Ids are database ids. */
export interface ToldEvent {
  readonly id: string;
  /** Its place in the audit log. */
  readonly sequence: number;
  readonly at: Date;
  /** A name of the catalogue; a newer version of the portal may have recorded one that this version does not know. */
  readonly name: string;
  readonly version: number;
  readonly audience: 'PARTNER' | 'STAFF';
  /** Who did it, when it was a person. */
  readonly personId: string | null;
  readonly organizationId: string | null;
  readonly applicationId: string | null;
  readonly subject: { readonly kind: IdKind; readonly id: string };
  /** Ids in here are API ids. */
  readonly payload: Readonly<Record<string, unknown>>;
}

interface AuditRow {
  readonly id: string;
  readonly sequence: string | number;
  readonly at: string;
  readonly event: string;
  readonly event_version: number;
  readonly audience: string;
  readonly person_id: string | null;
  readonly organization_id: string | null;
  readonly application_id: string | null;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly payload: string;
}

/** How far from the end of the log events are looked for first, so that its older months need not be. */
const recentRecords = 1_000_000;

/** The events with these ids, in the order in which they were recorded. */
export async function readEvents(database: RawSql, ids: readonly string[]): Promise<ToldEvent[]> {
  const head = await sql<{ sequence: string }>`select sequence::text from audit_head`.execute(database);
  const recent = await readEventsAfter(database, ids, Number(head.rows[0]?.sequence ?? 0) - recentRecords);
  return recent.length === new Set(ids).size ? recent : readEventsAfter(database, ids, 0);
}

async function readEventsAfter(database: RawSql, ids: readonly string[], sequence: number): Promise<ToldEvent[]> {
  const found = await sql<AuditRow>`
    select id, sequence, at, event, event_version, audience, case when actor_kind = 'PERSON' then actor_id end as person_id,
      organization_id, application_id, subject_kind, subject_id, payload
    from audit_record where id = any(${`{${ids.join(',')}}`}::text::uuid[]) and sequence > ${sequence}::bigint
    order by sequence`.execute(database);
  return found.rows.map(toldEvent);
}

function toldEvent(row: AuditRow): ToldEvent {
  return {
    id: row.id,
    sequence: Number(row.sequence),
    at: new Date(row.at),
    name: row.event,
    version: row.event_version,
    audience: row.audience === 'PARTNER' ? 'PARTNER' : 'STAFF',
    personId: row.person_id,
    organizationId: row.organization_id,
    applicationId: row.application_id,
    subject: { kind: idKind(row.subject_kind), id: row.subject_id },
    payload: readPayload(row.payload),
  };
}

function idKind(text: string): IdKind {
  const kind = idKinds.find((known) => known === text);
  if (!kind) throw new Error(`An audit record is about a "${text}", of which this version knows nothing.`);
  return kind;
}

function readPayload(text: string): Readonly<Record<string, unknown>> {
  const payload: unknown = JSON.parse(text);
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}
