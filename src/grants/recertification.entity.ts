import { defineEntity, p } from '@mikro-orm/core';
import type { RecertificationStatus } from '../lifecycle/recertification.js';
import { key, moment, version } from '../platform/columns.js';

/** That a grant is still needed: attested by the partner, confirmed by staff, and then done anew after some time. */
const schema = defineEntity({
  name: 'Recertification',
  tableName: 'recertification',
  properties: {
    id: key(),
    grantId: p.uuid(),
    organizationId: p.uuid(),
    status: p.text().$type<RecertificationStatus>(),
    openedAt: moment(),
    dueAt: moment(),
    remindedAt: moment().nullable(),
    /** When it was found not to be done in time. */
    overdueAt: moment().nullable(),
    statement: p.text().nullable(),
    attestedBy: p.uuid().nullable(),
    attestedAt: moment().nullable(),
    /** Why staff sent an attestation back. */
    declinedReason: p.text().nullable(),
    confirmedBy: p.uuid().nullable(),
    confirmedAt: moment().nullable(),
    version: version(),
  },
});

export class Recertification extends schema.class {}
schema.setClass(Recertification);
