import { defineEntity, p } from '@mikro-orm/core';
import type { ExportStatus } from '../lifecycle/named-user.js';
import { key, moment, version } from '../platform/columns.js';

/** Somebody who may use a grant, as the partner named them. Whoever was removed stays on record. */
const schema = defineEntity({
  name: 'NamedUser',
  tableName: 'named_user',
  properties: {
    id: key(),
    grantId: p.uuid(),
    organizationId: p.uuid(),
    displayName: p.text(),
    email: p.text(),
    exportStatus: p.text().$type<ExportStatus>(),
    attestedBy: p.uuid(),
    attestedAt: moment(),
    addedBy: p.uuid(),
    addedAt: moment(),
    /** When the name was last looked for on the screening lists; null while it was not. */
    screenedAt: moment().nullable(),
    removedBy: p.uuid().nullable(),
    removedAt: moment().nullable(),
    version: version(),
  },
});

export class NamedUser extends schema.class {}
schema.setClass(NamedUser);
