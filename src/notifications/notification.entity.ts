import { defineEntity, p } from '@mikro-orm/core';
import { key, moment } from '../platform/columns.js';

/** One message to one recipient. The body is sealed, because it may hold a link that works once. */
const schema = defineEntity({
  name: 'Notification',
  tableName: 'notification',
  properties: {
    id: key(),
    eventId: p.uuid().nullable(),
    recipient: p.text(),
    subject: p.text(),
    sealedBody: p.text(),
    status: p.text().$type<'PENDING' | 'SENT' | 'FAILED'>(),
    /** How often sending was tried in vain. */
    tries: p.integer().default(0),
    failure: p.text().nullable(),
    createdAt: moment(),
    sentAt: moment().nullable(),
  },
});

export class Notification extends schema.class {}
schema.setClass(Notification);
