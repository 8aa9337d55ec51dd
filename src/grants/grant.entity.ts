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
    seats: p.integer(),
    /** Environments or regions that it is for; empty where the program asks for none. */
    regions: p.json<readonly string[]>(),
    /** Of the notices before its end, the last that was given, in days before it. */
    expiryNoticed: p.integer().nullable(),
    provisionedAt: moment().nullable(),
    deprovisionedAt: moment().nullable(),
    /**
     * When it was last found that its product’s release permits it, and the directives that do; none where none binds it.
     * While it is APPROVED_IN_PRINCIPLE, when it was approved: it never was permitted then.
     */
    permittedAt: moment(),
    permittedBy: p.json<readonly string[]>(),
    /** Is it suspended, for this cause or others besides, because its product’s release shut it? */
    shutByRelease: p.boolean().default(false),
    statusReason: p.text().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class AccessGrant extends schema.class {}
schema.setClass(AccessGrant);
