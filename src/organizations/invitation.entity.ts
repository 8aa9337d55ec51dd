import { defineEntity, p } from '@mikro-orm/core';
import type { PartnerRole } from '../lifecycle/roles.js';
import { key, moment } from '../platform/columns.js';

/** An invitation to join an organization, good for one address. Only the SHA-256 of its token is kept. */
const schema = defineEntity({
  name: 'Invitation',
  tableName: 'invitation',
  properties: {
    id: key(),
    organizationId: p.uuid(),
    email: p.text(),
    role: p.text().$type<PartnerRole>(),
    tokenHash: p.text(),
    invitedBy: p.uuid(),
    createdAt: moment(),
    expiresAt: moment(),
    acceptedAt: moment().nullable(),
    revokedAt: moment().nullable(),
  },
});

export class Invitation extends schema.class {}
schema.setClass(Invitation);
