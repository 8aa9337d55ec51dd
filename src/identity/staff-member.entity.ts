import { defineEntity, p } from '@mikro-orm/core';
import type { StaffRole } from '../lifecycle/roles.js';
import { key, moment, version, words } from '../platform/columns.js';

/** A person who works for the operator. */
const schema = defineEntity({
  name: 'StaffMember',
  tableName: 'staff_member',
  properties: {
    id: key(),
    userId: p.uuid(),
    roles: words<StaffRole>(),
    active: p.boolean(),
    mustChangePassword: p.boolean(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class StaffMember extends schema.class {}
schema.setClass(StaffMember);
