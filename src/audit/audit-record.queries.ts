import { sql } from 'kysely';
import type { Viewer } from '../api/request.js';
import { isSeenByStaff } from '../api/visibility.js';
import { standingOf } from '../lifecycle/actor.js';
import { ruleOnPlainCommand } from '../lifecycle/permissions.js';
import { encodeId, idKinds } from '../platform/ids.js';
import type { PageArguments } from '../platform/reading/pagination.js';
import {
  column,
  idColumn,
  momentColumn,
  type Order,
  type Projection,
  type Row,
  type Sql,
  type ValueField,
} from '../platform/reading/projection.js';
import { type ReadingContext, type ReadObject, readConnection, readOne } from '../platform/reading/reader.js';
import type { Selection } from '../platform/reading/selection.js';

/** Which records to list; null does not narrow the list. Ids are database ids. */
export interface AuditLogFilter {
  readonly organizationId: string | null;
  readonly applicationId: string | null;
  readonly actorId: string | null;
  readonly event: string | null;
  /** The first moment, and the first moment after the last. */
  readonly from: Date | null;
  readonly to: Date | null;
}

/** The audit log, for those who may read it. What concerns an organization of their own, they read as its members do. */
const auditRecordProjection: Projection<Viewer> = {
  type: 'AuditRecord',
  table: 'audit_record',
  visible: (row, viewer) => {
    if (!mayRead(viewer)) return sql`false`;
    return sql`(${row('organization_id')} is null or ${isSeenByStaff(row('organization_id'), viewer)})`;
  },
  fields: {
    id: idColumn('event'),
    sequence: column('sequence'),
    at: momentColumn('at'),
    command: column('command'),
    event: column('event'),
    version: column('event_version'),
    audience: column('audience'),
    actorKind: column('actor_kind'),
    actorId: idOfKind(
      (row) => sql`case ${row('actor_kind')} when 'PERSON' then 'person' else 'apikey' end`,
      'actor_id',
    ),
    actorRole: column('actor_role'),
    actorName: { kind: 'value', sql: actorName },
    organizationId: idColumn('organization', 'organization_id'),
    applicationId: idColumn('application', 'application_id'),
    subjectId: idOfKind((row) => row('subject_kind'), 'subject_id'),
    payload: { kind: 'value', sql: (row) => sql`${row('payload')}::json` },
    requestId: column('request_id'),
    previousHash: column('previous_hash'),
    hash: column('hash'),
  },
};

const latestFirst: Order = { direction: 'desc', keys: [{ sql: (row) => row('sequence'), type: 'bigint' }] };

/** The records that match, latest first. */
export function readAuditLog(
  context: ReadingContext<Viewer>,
  selection: Selection,
  filter: AuditLogFilter,
  page: PageArguments,
): Promise<ReadObject> {
  const where = (row: Row): Sql => {
    const conditions: Sql[] = [sql`true`];
    const { organizationId, applicationId, actorId, event, from, to } = filter;
    if (organizationId) conditions.push(sql`${row('organization_id')} = ${organizationId}`);
    if (applicationId) conditions.push(sql`${row('application_id')} = ${applicationId}`);
    if (actorId) conditions.push(sql`${row('actor_id')} = ${actorId}`);
    if (event) conditions.push(sql`${row('event')} = ${event}`);
    if (from) conditions.push(sql`${row('at')} >= ${from}`);
    if (to) conditions.push(sql`${row('at')} < ${to}`);
    return sql.join(conditions, sql` and `);
  };
  return readConnection(context, auditRecordProjection, selection, { where, order: latestFirst, page });
}

export function readAuditRecord(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, auditRecordProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

function mayRead({ actor }: Viewer): boolean {
  return actor.kind === 'SYSTEM' || ruleOnPlainCommand('readAuditLog', standingOf(actor, null)).length === 0;
}

/** What whoever did it is called now; null when nobody of that id is known any more. */
function actorName(row: Row): Sql {
  return sql`case ${row('actor_kind')}
    when 'PERSON' then (select u.name from auth_user u where u.id = ${row('actor_id')})
    when 'MACHINE' then (select k.name from api_key k where k.id = ${row('actor_id')})
    else ${row('actor_role')} end`;
}

/** A column that holds the id of an object whose kind each row says. */
function idOfKind(kind: (row: Row) => Sql, name: string): ValueField<Viewer> {
  return {
    kind: 'value',
    sql: (row) => sql`${kind(row)} || ' ' || ${row(name)}::text`,
    read: (value) => {
      const [word, uuid] = typeof value === 'string' ? value.split(' ') : [];
      const known = idKinds.find((candidate) => candidate === word);
      return known && uuid ? encodeId(known, uuid) : value;
    },
  };
}
