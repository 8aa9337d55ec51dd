import { defineEntity, p } from '@mikro-orm/core';
import type { IntentEnding } from '../lifecycle/decisions.js';
import { key, moment } from '../platform/columns.js';

/** A refusal that was announced to the partner, who may answer it once before it is final. */
const intentSchema = defineEntity({
  name: 'IntentToRefuse',
  tableName: 'intent_to_refuse',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    decisionId: p.uuid(),
    announcedAt: moment(),
    answerBefore: moment(),
    /** Null while it is open. */
    ending: p.text().$type<IntentEnding>().nullable(),
    endedAt: moment().nullable(),
    /** Null for the portal itself. */
    endedBy: p.uuid().nullable(),
    response: p.text().nullable(),
    rescindedReason: p.text().nullable(),
  },
});

export class IntentToRefuse extends intentSchema.class {}
intentSchema.setClass(IntentToRefuse);
