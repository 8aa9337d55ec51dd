import { sql } from 'kysely';
import type { Eyes, ProjectedField, Projection, Read, Viewer } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { documentsWhoseIdsAreIn } from '../documents/document.queries.js';
import { personProjection } from '../identity/identity.queries.js';
import {
  column,
  idColumn,
  type ManyField,
  momentColumn,
  newestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { momentInTransit } from '../platform/reading/transit.js';

/** Both sides read all messages; which of the staff wrote them is for staff to know. */
export const messageProjection: Projection = {
  type: 'Message',
  table: 'message',
  visible: (row, eyes) =>
    sql`(${isOwn(row('organization_id'), eyes)} or ${isSeenByStaff(row('organization_id'), eyes)})`,
  fields: {
    id: idColumn('message'),
    from: column('side'),
    author: {
      kind: 'one',
      to: () => personProjection,
      on: (row, person, eyes) => sql`${person('id')} = ${row('author_id')}
        and (${row('side')} = 'PARTNER' or ${isSeenByStaff(row('organization_id'), eyes)})`,
    },
    text: column('text'),
    documents: documentsWhoseIdsAreIn('document_ids'),
    sentAt: momentColumn('sent_at'),
    readAt: momentColumn('read_at'),
  },
};

export const messageById: Read = byGivenId(() => messageProjection);

/** The messages about an application. */
export const messagesField: ManyField<Eyes, Viewer> = {
  kind: 'connection',
  to: () => messageProjection,
  on: (row, message) => sql`${message('application_id')} = ${row('id')}`,
  order: newestFirst,
};

/** How many messages of the other side the viewer's own has not read. */
export const unreadMessagesField: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) => sql`(select count(*)::int from message as m
    where m.application_id = ${row('id')} and ${isUnread(eyes)})`,
};

/** Since when the partner waits for an answer; for staff. */
export const awaitsReplySinceField: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) =>
    momentInTransit(sql`case when ${isSeenByStaff(row('organization_id'), eyes)} then (
      select min(m.sent_at) from message as m where m.application_id = ${row('id')} and ${isUnanswered}) end`),
};

/** In SQL: is there a message to the viewer's side of the application that it has not read? */
export function hasUnreadMessages(row: Row, eyes: Eyes): Sql {
  return isAmong(row, isUnread(eyes));
}

/** In SQL: does the application's partner wait for an answer? */
export function awaitsReply(row: Row): Sql {
  return isAmong(row, isUnanswered);
}

const isUnanswered = sql`m.side = 'PARTNER' and m.settled_at is null`;

/** Of the message `m`: is it of the other side, and not read? */
function isUnread(eyes: Eyes): Sql {
  const other = eyes.seesEveryOrganization
    ? sql`case when ${isOwn(sql`m.organization_id`, eyes)} then 'STAFF' else 'PARTNER' end`
    : sql`'STAFF'`;
  const isTheirs = eyes.seesEveryOrganization ? sql`true` : isOwn(sql`m.organization_id`, eyes);
  return sql`m.read_at is null and m.side = ${other} and ${isTheirs}`;
}

/** Those with such messages are few, and are gathered by an index of these alone. */
function isAmong(row: Row, isMeant: Sql): Sql {
  return sql`(${row('id')} = any(array(select m.application_id from message as m where ${isMeant})))`;
}
