import { sql } from 'kysely';
import type { Eyes, ProjectedField, Projection, Read, Viewer } from '../api/eyes.js';
import { applicationProjection } from '../applications/application.queries.js';
import { organizationProjection } from '../organizations/organization.queries.js';
import { column, idColumn, momentColumn, type Order, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { given } from '../platform/reading/slot.js';
import { canBeTurnedOff, heldChoice, usualChoice } from './letter-kinds.js';
import { kindsFor } from './notification-settings.commands.js';
import { usualDigest } from './notification-settings.entity.js';
import { isStillFor } from './still-for.queries.js';

/** Notifications are counted no further than this. */
const countedTo = 1000;

/** One's own, of what one may still see. */
export const notificationProjection: Projection = {
  type: 'Notification',
  table: 'notification',
  visible: (row, eyes) =>
    eyes.isPerson
      ? sql`(${row('user_id')} = ${eyes.personId} and ${row('number')} is not null and ${isStillFor(row)})`
      : sql`false`,
  fields: {
    id: idColumn('notification'),
    kind: column('kind'),
    title: column('subject'),
    body: column('body'),
    application: {
      kind: 'one',
      to: () => applicationProjection,
      on: (row, application) => sql`${application('id')} = ${row('application_id')}`,
    },
    organization: {
      kind: 'one',
      to: () => organizationProjection,
      on: (row, organization) => sql`${organization('id')} = ${row('organization_id')}`,
    },
    createdAt: momentColumn('created_at'),
    readAt: momentColumn('read_at'),
  },
};

export const notificationById: Read = byGivenId(() => notificationProjection);

/** A number is one person's, so it orders what is one person's. */
const byNumber = (direction: Order['direction']): Order => ({
  direction,
  keys: [{ sql: (row) => row('number'), type: 'bigint' }],
});

const unreadCount: ProjectedField = {
  kind: 'value',
  sql: (person, eyes) => {
    const unread: Row = (name) => sql.ref(`unread.${name}`);
    return sql`(select count(*)::integer from (select from notification as unread where ${unread('user_id')} = ${person('id')}
      and ${unread('read_at')} is null and ${notificationProjection.visible(unread, eyes)} limit ${sql.lit(countedTo)}) as counted)`;
  },
};

/** What somebody chose, as an expression on their row of settings; as is usual when there is none. */
function chosen(name: string, usual: Sql): ProjectedField {
  return {
    kind: 'value',
    sql: (person) =>
      sql`coalesce((select ${sql.ref(`s.${name}`)} from notification_settings as s where s.user_id = ${person('id')}), ${usual})`,
  };
}

const settingsProjection: Projection = {
  type: 'NotificationSettings',
  table: 'auth_user',
  visible: isOneself,
  fields: {
    digestHour: chosen('digest_hour', sql.lit(usualDigest.hour)),
    timeZone: chosen('time_zone', sql.lit(usualDigest.timeZone)),
    kinds: {
      kind: 'value',
      sql: (person) =>
        sql`coalesce((select s.choices from notification_settings as s where s.user_id = ${person('id')}), '{}')`,
      // The column holds an object of texts.
      read: (value, viewer) => kindsAsChosen(value as Readonly<Record<string, string>>, viewer),
    },
  },
};

const inboxProjection: Projection = {
  type: 'Inbox',
  table: 'auth_user',
  visible: isOneself,
  fields: {
    unreadCount,
    notifications: {
      kind: 'connection',
      to: () => notificationProjection,
      on: (person, one, _eyes, args) =>
        sql`${one('user_id')} = ${person('id')} ${args.shaped('unread') === true ? sql`and ${one('read_at')} is null` : sql``}`,
      order: byNumber('desc'),
    },
    settings: {
      kind: 'one',
      to: () => settingsProjection,
      on: (person, same) => sql`${same('id')} = ${person('id')}`,
    },
  },
};

const isArrival = (person: Row, one: Row): Sql => sql`${one('user_id')} = ${person('id')}
  and ${one('number')} > ${given('bigint', 'after')} and ${one('number')} <= ${given('bigint', 'through')}`;

const arrivalProjection: Projection = {
  type: 'NotificationArrival',
  table: 'auth_user',
  visible: isOneself,
  fields: {
    notifications: {
      kind: 'list',
      to: () => notificationProjection,
      on: isArrival,
      order: byNumber('asc'),
    },
    unreadCount,
  },
};

/** What the queries of the same names answer. */
export const inboxReads = {
  inbox: {
    kind: 'one',
    of: () => inboxProjection,
    where: (person, _args, eyes) => sql`${person('id')} = ${eyes.personId}`,
    nullFor: (eyes) => !eyes.isPerson,
  },
} as const satisfies Record<string, Read>;

export const inboxById: Read = byGivenId(() => inboxProjection);

/** What is told of arrivals, if the person may see any of them. */
export const notificationArrived: Read = {
  kind: 'one',
  of: () => arrivalProjection,
  where: (person, _args, eyes) => {
    const arrived: Row = (name) => sql.ref(`arrived.${name}`);
    return sql`${person('id')} = ${given('uuid', 'id')} and exists (select from notification as arrived
      where ${isArrival(person, arrived)} and ${notificationProjection.visible(arrived, eyes)})`;
  },
};

function isOneself(person: Row, eyes: Eyes): Sql {
  return eyes.isPerson ? sql`${person('id')} = ${eyes.personId}` : sql`false`;
}

function kindsAsChosen(choices: Readonly<Record<string, string>>, { actor }: Viewer): readonly object[] {
  return kindsFor(actor).map((kind) => ({
    name: kind.name,
    description: kind.description,
    default: usualChoice,
    choice: heldChoice(kind, choices[kind.name]),
    choices: kind.choices,
    canBeTurnedOff: canBeTurnedOff(kind),
    mandatoryBecause: kind.because,
  }));
}
