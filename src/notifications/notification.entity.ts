import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, words } from '../platform/columns.js';
import type { Capacity } from './letters.js';

/** What has become of a notification by e-mail. */
export type MailStatus =
  /** To be sent now. */
  | 'PENDING'
  | 'SENT'
  /** Given up. */
  | 'FAILED'
  /** For the person's next daily e-mail. */
  | 'WAITING'
  /** Told of by a daily e-mail. */
  | 'DIGESTED'
  /** Not told of by the daily e-mail, because by then it was nothing for the person any more. */
  | 'LEFT_OUT'
  /** Not by e-mail at all. */
  | 'UNWANTED';

/** What one person is told: by e-mail as they chose, and in the portal. */
const schema = defineEntity({
  name: 'Notification',
  tableName: 'notification',
  properties: {
    id: key(),
    eventId: p.uuid().nullable(),
    /** The e-mail address. */
    recipient: p.text(),
    subject: p.text(),
    /** What the e-mail holds; sealed, because that may be a link that works once. */
    sealedBody: p.text().nullable(),
    status: p.text().$type<MailStatus>(),
    /** How often sending was tried in vain. */
    tries: p.integer().default(0),
    failure: p.text().nullable(),
    createdAt: moment(),
    sentAt: moment().nullable(),
    /** Null for those who have no account, and for messages from before notifications were shown in the portal. */
    userId: p.uuid().nullable(),
    kind: p.text().nullable(),
    /** Its place among the person's; null for what is not shown in the portal. */
    number: p.bigint('number').nullable(),
    capacity: p.text().$type<Capacity>().nullable(),
    roles: words().nullable(),
    organizationId: p.uuid().nullable(),
    applicationId: p.uuid().nullable(),
    body: p.text().nullable(),
    readAt: moment().nullable(),
    /** When the daily e-mail that it waits for is due. */
    digestAt: moment().nullable(),
    /** The daily e-mail that told of it. */
    digestId: p.uuid().nullable(),
  },
});

export class Notification extends schema.class {}
schema.setClass(Notification);
