import { defineEntity, p } from '@mikro-orm/core';
import { key, moment } from '../platform/columns.js';

/** The public half of a key, as it is published (RFC 7517). */
export type PublicKey = Readonly<Record<string, unknown>>;

/** What statements on access are signed with. One signs; those before it are kept for what they have signed. */
const schema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_key',
  properties: {
    id: key(),
    /** How statements name it (RFC 7638). */
    thumbprint: p.text(),
    publicKey: p.json<PublicKey>(),
    /** Null once another key signs. */
    sealedPrivateKey: p.text().nullable(),
    createdAt: moment(),
    retiredAt: moment().nullable(),
  },
});

export class SigningKey extends schema.class {}
schema.setClass(SigningKey);
