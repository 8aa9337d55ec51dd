import { sql } from 'kysely';
import type { ProjectedField, Projection, Read } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import type { RawSql } from '../platform/database/database.js';
import { column, idColumn, momentColumn, oldestFirst, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import type { DocumentStatus } from './document.entity.js';

/**
 * Partners see every document of their organizations, but what staff give them only once questions do; staff see what
 * was received for an application that they can see, and of what was taken out again, that which a revision, an answer or a
 * message still holds. What is provided for an answer they see once a response gave it.
 */
export const documentProjection: Projection = {
  type: 'Document',
  table: 'document',
  visible: (row, eyes) => {
    const organization = row('organization_id');
    return sql`((${isOwn(organization, eyes)} and (not ${row('is_from_staff')} or ${isGivenToPartner(row)}))
      or (${isSeenByStaff(organization, eyes)} and (${row('is_from_staff')} or ${isReceived(row)})))`;
  },
  fields: {
    id: idColumn('document'),
    requirementKey: column('requirement_key'),
    isFromStaff: column('is_from_staff'),
    fileName: column('file_name'),
    mediaType: column('media_type'),
    size: column('size'),
    sha256: column('sha256'),
    status: column('status'),
    createdAt: momentColumn('created_at'),
    completedAt: momentColumn('completed_at'),
    /** The id of a document that can be downloaded; the resolver makes the link. */
    downloadUrl: {
      kind: 'value',
      sql: (row) => sql`case when ${isDownloadable(row)} then ${row('id')} end`,
      read: (id) => id,
    },
  },
};

export const documentById: Read = byGivenId(() => documentProjection);

/** The documents that a row names by a list of their ids, of which the viewer sees those that they may. */
export function documentsWhoseIdsAreIn(list: string): ProjectedField {
  return {
    kind: 'list',
    to: () => documentProjection,
    on: (row, document) => sql`${document('id')} = any(${row(list)})`,
    order: oldestFirst,
  };
}

/** Of a document of staff: did questions give it to the partner? From then on it stays. */
export function isGivenToPartner(row: Row): Sql {
  return sql`exists (select from information_request as asked
    where asked.application_id = ${row('application_id')} and ${row('id')} = any(asked.document_ids))`;
}

function isReceived(row: Row): Sql {
  const isGiven = sql`(${row('information_request_id')} is null or exists (select 1 from information_answer n
    where n.request_id = ${row('information_request_id')} and n.application_id = ${row('application_id')}
      and n.given_at >= ${row('completed_at')}))`;
  return sql`(((${row('status')} = 'AVAILABLE' and ${isGiven}) or (${row('status')} = 'REMOVED' and ${isHeld(row)}))
    and (select a.submitted_at is not null from application a where a.id = ${row('application_id')}))`;
}

/**
 * Was the document there when a revision was submitted or a question answered, or did a message point to it? Then its
 * bytes stay, removed or not.
 */
export function isHeld(row: Row): Sql {
  const wasThere = (at: Sql) =>
    sql`${at} >= ${row('completed_at')} and (${row('removed_at')} is null or ${at} <= ${row('removed_at')})`;
  return sql`(not ${row('is_from_staff')} and (exists (select 1 from application_revision r
      where r.application_id = ${row('application_id')} and ${wasThere(sql`r.submitted_at`)})
    or exists (select 1 from information_answer n
      where n.application_id = ${row('application_id')} and ${wasThere(sql`n.given_at`)})
    or exists (select 1 from message m
      where m.application_id = ${row('application_id')} and ${row('id')} = any(m.document_ids))))`;
}

function isDownloadable(row: Row): Sql {
  return sql`(${row('completed_at')} is not null and ${row('bytes_removed_at')} is null)`;
}

/** What the portal itself needs to know to take in a document's bytes and to give them out. */
export interface StoredDocument {
  readonly id: string;
  readonly status: DocumentStatus;
  readonly storageKey: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly isDownloadable: boolean;
}

/**
 * A document, or the letter of a directive, for whoever holds a link to it; nobody's permission is looked at. Letters are in a
 * table of their own, because documents belong to an application; their bytes come and go by the same links.
 */
export async function readStoredDocument(database: RawSql, id: string): Promise<StoredDocument | null> {
  const row: Row = (name) => sql.ref(`d.${name}`);
  const found = await sql<Omit<StoredDocument, 'size'> & { readonly size: string | number }>`
    select d.id, d.status, d.storage_key as "storageKey", d.file_name as "fileName", d.media_type as "mediaType", d.size,
      d.sha256, ${isDownloadable(row)} as "isDownloadable" from document as d where d.id = ${id}
    union all select l.id, case when l.completed_at is null then 'AWAITING_UPLOAD' else 'AVAILABLE' end, l.storage_key, l.file_name,
      l.media_type, l.size, l.sha256, l.completed_at is not null from directive_letter as l where l.id = ${id}`.execute(
    database,
  );
  const [document] = found.rows;
  return document ? { ...document, size: Number(document.size) } : null;
}
