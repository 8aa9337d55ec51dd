import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, version } from '../platform/columns.js';

/** A partner organization. */
const schema = defineEntity({
  name: 'Organization',
  tableName: 'organization',
  properties: {
    id: key(),
    legalName: p.text(),
    country: p.text(),
    sector: p.text(),
    website: p.text(),
    registrationNumber: p.text(),
    version: version(),
    createdBy: p.uuid(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class Organization extends schema.class {}
schema.setClass(Organization);
