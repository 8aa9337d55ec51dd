import { defineEntity, p } from '@mikro-orm/core';
import { key, moment } from '../platform/columns.js';

/** That an organization was asked to accept terms again, and that it did: who, when, of which text, from where. */
const schema = defineEntity({
  name: 'Attestation',
  tableName: 'attestation',
  properties: {
    id: key(),
    termsVersionId: p.uuid(),
    programId: p.uuid(),
    organizationId: p.uuid(),
    /** Of the text that it is about. */
    bodySha256: p.text(),
    askedAt: moment(),
    dueAt: moment(),
    /** When to remind of it; null once that was done. */
    remindAt: moment().nullable(),
    givenAt: moment().nullable(),
    givenBy: p.uuid().nullable(),
    ipAddress: p.text().nullable(),
  },
});

export class Attestation extends schema.class {}
schema.setClass(Attestation);
