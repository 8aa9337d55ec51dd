import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, version } from '../platform/columns.js';

/** When a member of staff is given no work. */
const schema = defineEntity({
  name: 'AwayPeriod',
  tableName: 'away_period',
  properties: {
    id: key(),
    staffId: p.uuid(),
    startsAt: moment(),
    endsAt: moment(),
    note: p.text().nullable(),
    setBy: p.uuid(),
    setAt: moment(),
    cancelledAt: moment().nullable(),
    version: version(),
  },
});

export class AwayPeriod extends schema.class {}
schema.setClass(AwayPeriod);
