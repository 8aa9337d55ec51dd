import { defineEntity, p } from '@mikro-orm/core';
import type { PlaceStatus, WaveOrder, WaveStatus } from '../lifecycle/wave.js';
import { ids, key, moment, version, words } from '../platform/columns.js';

/** So many organizations and seats of a product's rollout. The table is rollout_wave. */
const waveSchema = defineEntity({
  name: 'RolloutWave',
  tableName: 'rollout_wave',
  properties: {
    id: key(),
    productCode: p.text(),
    /** Counted within the product. */
    number: p.integer(),
    name: p.text(),
    status: p.text().$type<WaveStatus>(),
    /** Null is without limit. */
    capacityOrganizations: p.integer().nullable(),
    capacitySeats: p.integer().nullable(),
    opensAt: moment(),
    closesAt: moment().nullable(),
    /** Whom it is for; everybody when these three are empty. */
    sectors: words(),
    countries: words(),
    organizations: ids(),
    ordering: p.text().$type<WaveOrder>(),
    /** Who goes first, in this order. */
    priority: ids(),
    /** Of a draw, chosen by the portal when the wave is confirmed. */
    seed: p.text().nullable(),
    plannedBy: p.uuid(),
    plannedAt: moment(),
    confirmedBy: p.uuid().nullable(),
    confirmedAt: moment().nullable(),
    openedAt: moment().nullable(),
    closedBy: p.uuid().nullable(),
    closedAt: moment().nullable(),
    closedReason: p.text().nullable(),
    version: version(),
    updatedAt: moment(),
  },
});

export class RolloutWave extends waveSchema.class {}
waveSchema.setClass(RolloutWave);

/** What a grant of a product with waves has, or waits for. */
const placeSchema = defineEntity({
  name: 'WavePlace',
  tableName: 'wave_place',
  properties: {
    id: key(),
    grantId: p.uuid(),
    productCode: p.text(),
    organizationId: p.uuid(),
    seats: p.integer(),
    status: p.text().$type<PlaceStatus>(),
    waveId: p.uuid().nullable(),
    /** The lowest is next; among equals whoever has waited longest. */
    orderKey: p.integer(),
    waitingSince: moment(),
    givenAt: moment().nullable(),
    freedAt: moment().nullable(),
  },
});

export class WavePlace extends placeSchema.class {}
placeSchema.setClass(WavePlace);
