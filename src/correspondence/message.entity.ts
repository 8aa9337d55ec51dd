import { defineEntity, p } from '@mikro-orm/core';
import type { MessageSide } from '../lifecycle/correspondence.js';
import { ids, key, moment } from '../platform/columns.js';

/** A message about an application, between its partner and staff. It is never changed, and never taken back. */
const schema = defineEntity({
  name: 'Message',
  tableName: 'message',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    organizationId: p.uuid(),
    /** Who wrote it. */
    side: p.text().$type<MessageSide>(),
    authorId: p.uuid(),
    text: p.text(),
    documentIds: ids(),
    sentAt: moment(),
    /** When the other side read it. */
    readAt: moment().nullable(),
    readBy: p.uuid().nullable(),
    /** Of a partner's: when staff answered it, or said that it needs no answer. */
    settledAt: moment().nullable(),
  },
});

export class Message extends schema.class {}
schema.setClass(Message);
