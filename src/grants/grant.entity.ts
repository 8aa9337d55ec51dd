import { defineEntity, p } from '@mikro-orm/core';
import type { GrantStatus } from '../lifecycle/grant.js';
import { key, moment, version } from '../platform/columns.js';

/** The permission that follows an approval. The table is access_grant, because `grant` is a word of SQL. */
const schema = defineEntity({
  name: 'AccessGrant',
  tableName: 'access_grant',
  properties: {
    id: key(),
    reference: p.text(),
    applicationId: p.uuid(),
    decisionId: p.uuid(),
    organizationId: p.uuid(),
    programId: p.uuid(),
    productCode: p.text(),
    status: p.text().$type<GrantStatus>(),
    conditions: p.json<string[]>(),
    startsAt: moment(),
    endsAt: moment(),
    provisionedAt: moment().nullable(),
    deprovisionedAt: moment().nullable(),
    /** When it was last found that its product’s release permits it, and the directives that do; none where none binds it. */
    permittedAt: moment(),
    permittedBy: p.json<readonly string[]>(),
    statusReason: p.text().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class AccessGrant extends schema.class {}
schema.setClass(AccessGrant);
