import { defineEntity, p } from '@mikro-orm/core';
import type { StandardTextKind } from '../lifecycle/standard-texts.js';
import { key, moment, version } from '../platform/columns.js';

/** A condition or a reason for refusal that decisions take by its code. What it says is in its versions. */
const textSchema = defineEntity({
  name: 'StandardText',
  tableName: 'standard_text',
  properties: {
    id: key(),
    kind: p.text().$type<StandardTextKind>(),
    code: p.text(),
    /** Null: for every program. */
    programId: p.uuid().nullable(),
    textVersion: p.integer(),
    retiredAt: moment().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class StandardText extends textSchema.class {}
textSchema.setClass(StandardText);

/** What such a text says, or said; never changed once published. */
const versionSchema = defineEntity({
  name: 'StandardTextVersion',
  tableName: 'standard_text_version',
  properties: {
    id: key(),
    standardTextId: p.uuid(),
    number: p.integer(),
    title: p.text(),
    body: p.text(),
    publishedBy: p.uuid().nullable(),
    publishedAt: moment(),
  },
});

export class StandardTextVersion extends versionSchema.class {}
versionSchema.setClass(StandardTextVersion);
