import { defineEntity, p } from '@mikro-orm/core';
import type { SystemDuty } from '../lifecycle/provisioning.js';
import { key, moment, version, words } from '../platform/columns.js';

/** A machine of the operator that opens and closes access in products, or that looks whether it is open. */
const schema = defineEntity({
  name: 'ProvisioningSystem',
  tableName: 'provisioning_system',
  properties: {
    id: key(),
    name: p.text(),
    apiKeyId: p.uuid(),
    productCodes: words(),
    duties: words<SystemDuty>(),
    isActive: p.boolean(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class ProvisioningSystem extends schema.class {}
schema.setClass(ProvisioningSystem);
