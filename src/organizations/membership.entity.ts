import { defineEntity, p } from '@mikro-orm/core';
import type { PartnerRole } from '../lifecycle/roles.js';
import { key, moment, version } from '../platform/columns.js';

/** A person's place in a partner organization. */
const schema = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    id: key(),
    organizationId: p.uuid(),
    userId: p.uuid(),
    role: p.text().$type<PartnerRole>(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class Membership extends schema.class {}
schema.setClass(Membership);
