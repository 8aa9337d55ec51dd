import { defineEntity, p } from '@mikro-orm/core';
import type { FlagColour } from '../lifecycle/flags.js';
import { key, moment, version } from '../platform/columns.js';

/** A flag that can be raised on organizations and applications. */
const definitionSchema = defineEntity({
  name: 'FlagDefinition',
  tableName: 'flag_definition',
  properties: {
    id: key(),
    /** What rules call it. */
    key: p.text(),
    label: p.text(),
    colour: p.text().$type<FlagColour>(),
    description: p.text(),
    retiredAt: moment().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class FlagDefinition extends definitionSchema.class {}
definitionSchema.setClass(FlagDefinition);

/** A flag that was raised, by somebody or by a rule; lowered, never deleted. */
const flagSchema = defineEntity({
  name: 'Flag',
  tableName: 'flag',
  properties: {
    id: key(),
    definitionId: p.uuid(),
    organizationId: p.uuid(),
    /** Null for one on the organization itself. */
    applicationId: p.uuid().nullable(),
    reason: p.text(),
    ruleKey: p.text().nullable(),
    raisedBy: p.uuid().nullable(),
    raisedAt: moment(),
    expiresAt: moment().nullable(),
    loweredAt: moment().nullable(),
    loweredBy: p.uuid().nullable(),
    loweredReason: p.text().nullable(),
    version: version(),
  },
});

export class Flag extends flagSchema.class {}
flagSchema.setClass(Flag);
