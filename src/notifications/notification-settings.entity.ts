import { defineEntity, p } from '@mikro-orm/core';
import { moment } from '../platform/columns.js';

/** When the daily e-mail comes to those who have not chosen: when people begin to work. */
export const usualDigest = { hour: 8, timeZone: 'UTC' } as const;

/** What somebody chose of how they hear of things: by kind of letter, only what was chosen. */
const schema = defineEntity({
  name: 'NotificationSettings',
  tableName: 'notification_settings',
  properties: {
    userId: p.uuid().primary(),
    choices: p.json<Readonly<Record<string, string>>>(),
    digestHour: p.integer(),
    timeZone: p.text(),
    updatedAt: moment(),
  },
});

export class NotificationSettings extends schema.class {}
schema.setClass(NotificationSettings);
