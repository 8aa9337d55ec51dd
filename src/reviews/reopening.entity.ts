import { defineEntity, p } from '@mikro-orm/core';
import type { ApplicationStatus } from '../lifecycle/application.js';
import type { ReopeningStatus } from '../lifecycle/reopening.js';
import { key, moment, version } from '../platform/columns.js';

/** That an application which was closed in error is reopened: proposed by one person, confirmed or declined by another. */
const schema = defineEntity({
  name: 'Reopening',
  tableName: 'reopening',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    fromStatus: p.text().$type<ApplicationStatus>(),
    /** For the partner, once it is confirmed. */
    reason: p.text(),
    internalReason: p.text(),
    status: p.text().$type<ReopeningStatus>(),
    proposedBy: p.uuid(),
    proposedAt: moment(),
    decidedBy: p.uuid().nullable(),
    decidedAt: moment().nullable(),
    declinedReason: p.text().nullable(),
    version: version(),
  },
});

export class Reopening extends schema.class {}
schema.setClass(Reopening);
