import { defineEntity, p } from '@mikro-orm/core';
import type { SuspensionCause } from '../lifecycle/suspension.js';
import { key, moment } from '../platform/columns.js';

/** One cause for which a grant is, or was, suspended. */
const schema = defineEntity({
  name: 'GrantSuspension',
  tableName: 'grant_suspension',
  properties: {
    id: key(),
    grantId: p.uuid(),
    cause: p.text().$type<SuspensionCause>(),
    reason: p.text(),
    sinceAt: moment(),
    sinceBy: p.uuid().nullable(),
    liftedAt: moment().nullable(),
    liftedBy: p.uuid().nullable(),
    liftedReason: p.text().nullable(),
  },
});

export class GrantSuspension extends schema.class {}
schema.setClass(GrantSuspension);
