import { defineEntity, p } from '@mikro-orm/core';
import type { ReleaseStatus } from '../lifecycle/release.js';
import { key, moment, version } from '../platform/columns.js';

/** A restricted product, and what the operator states of its release. What is permitted of it is computed. */
const schema = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    id: key(),
    code: p.text(),
    name: p.text(),
    statedStatus: p.text().$type<ReleaseStatus>(),
    /** A change of it that waits for a second person. */
    proposedStatus: p.text().$type<ReleaseStatus>().nullable(),
    proposedReason: p.text().nullable(),
    proposedBy: p.uuid().nullable(),
    proposedAt: moment().nullable(),
    /** Within how many minutes access to it is to be closed, and to be opened. */
    closeWithinMinutes: p.integer().default(60),
    openWithinMinutes: p.integer().default(1440),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class Product extends schema.class {}
schema.setClass(Product);
