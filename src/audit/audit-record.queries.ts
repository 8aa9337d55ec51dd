import { sql } from 'kysely';
import type { Eyes, Projection, Read, Viewer } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { Refusal } from '../platform/errors.js';
import { parseId } from '../platform/ids.js';
import {
  column,
  idColumn,
  momentColumn,
  type Order,
  type Row,
  type Sql,
  type ValueField,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { idOfKindInTransit } from '../platform/reading/transit.js';

/** The audit log, for those who may read it. What concerns an organization of their own, they read as its members do. */
const auditRecordProjection: Projection = {
  type: 'AuditRecord',
  table: 'audit_record',
  visible: (row, eyes) => {
    if (!eyes.seesAdministration) return sql`false`;
    return sql`(${row('organization_id')} is null or ${isSeenByStaff(row('organization_id'), eyes)})`;
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

export const auditRecordById: Read = byGivenId(() => auditRecordProjection);

/** The records that the filter lets through, latest first. Who may ask, the resolver says. */
export const auditLog: Read = {
  kind: 'connection',
  of: () => auditRecordProjection,
  where: (row, args) => {
    const filter = args.within('filter');
    const conditions: Sql[] = [sql`true`];
    const narrow = (name: string, condition: () => Sql) => {
      if (filter.has(name)) conditions.push(condition());
    };
    narrow('organizationId', () => sql`${row('organization_id')} = ${filter.id('organizationId', 'organization')}`);
    narrow('applicationId', () => ofApplication(row, filter.id('applicationId', 'application')));
    narrow('actorId', () => sql`${row('actor_id')} = ${filter.value('actorId', 'uuid', decodeActorId)}`);
    narrow('event', () => sql`${row('event')} = ${filter.value('event', 'text')}`);
    narrow('from', () => sql`${row('at')} >= ${filter.value('from', 'timestamptz', toText)}`);
    narrow('to', () => sql`${row('at')} < ${filter.value('to', 'timestamptz', toText)}`);
    return sql.join(conditions, sql` and `);
  },
  order: latestFirst,
};

/** Found by the application's timeline, which there is an index for. */
function ofApplication(row: Row, id: Sql): Sql {
  return sql`${row('sequence')} in (select e.sequence from timeline_event as e where e.application_id = ${id})`;
}

function toText(moment: unknown): unknown {
  return moment instanceof Date ? moment.toISOString() : moment;
}

function decodeActorId(text: unknown): string {
  const parsed = parseId(String(text));
  if (parsed?.kind === 'person' || parsed?.kind === 'apikey') return parsed.uuid;
  const message = `"${String(text).slice(0, 60)}" is not the id of a person or an API key.`;
  throw Refusal.of('INVALID_ID', message, ['filter', 'actorId']);
}

/** What whoever did it is called now; null when nobody of that id is known any more. */
function actorName(row: Row): Sql {
  return sql`case ${row('actor_kind')}
    when 'PERSON' then (select u.name from auth_user u where u.id = ${row('actor_id')})
    when 'MACHINE' then (select k.name from api_key k where k.id = ${row('actor_id')})
    else ${row('actor_role')} end`;
}

/** A column that holds the id of an object whose kind each row says. */
function idOfKind(kind: (row: Row) => Sql, name: string): ValueField<Eyes, Viewer> {
  return { kind: 'value', sql: (row) => idOfKindInTransit(kind(row), row(name)) };
}
