import { defineEntity, p } from '@mikro-orm/core';
import type { RestorationOrder, RestorationStatus } from '../lifecycle/restoration.js';
import { ids, key, moment, version } from '../platform/columns.js';

/** A batch as it is stored. */
export interface StoredBatch {
  readonly opensAt: string;
  readonly organizations: number | null;
  readonly seats: number | null;
}

/** How grants that a product's release had shut are let in again. */
const restorationSchema = defineEntity({
  name: 'Restoration',
  tableName: 'restoration',
  properties: {
    id: key(),
    productCode: p.text(),
    status: p.text().$type<RestorationStatus>(),
    ordering: p.text().$type<RestorationOrder>(),
    /** Whose grants go first, in this order. */
    priority: ids(),
    /** Of a draw, chosen by the portal when the restoration is confirmed. */
    seed: p.text().nullable(),
    /** What partners read. */
    reason: p.text(),
    batches: p.json<readonly StoredBatch[]>(),
    plannedBy: p.uuid(),
    plannedAt: moment(),
    confirmedBy: p.uuid().nullable(),
    confirmedAt: moment().nullable(),
    endedBy: p.uuid().nullable(),
    endedAt: moment().nullable(),
    endedReason: p.text().nullable(),
    version: version(),
    updatedAt: moment(),
  },
});

export class Restoration extends restorationSchema.class {}
restorationSchema.setClass(Restoration);

/** A grant that a restoration has restored. */
const restoredSchema = defineEntity({
  name: 'RestoredGrant',
  tableName: 'restored_grant',
  properties: {
    id: key(),
    restorationId: p.uuid(),
    grantId: p.uuid(),
    organizationId: p.uuid(),
    seats: p.integer(),
    /** Which of the batches, from 1. */
    batch: p.integer(),
    restoredAt: moment(),
  },
});

export class RestoredGrant extends restoredSchema.class {}
restoredSchema.setClass(RestoredGrant);
