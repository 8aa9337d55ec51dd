import { defineEntity, p } from '@mikro-orm/core';
import { key, moment } from '../platform/columns.js';
import type { LetterKind } from './letter-template.entity.js';

/** The letter that tells of a final decision; its bytes are a document of the application. */
const schema = defineEntity({
  name: 'DecisionLetter',
  tableName: 'decision_letter',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    decisionId: p.uuid(),
    documentId: p.uuid(),
    kind: p.text().$type<LetterKind>(),
    /** Null: the template that comes with the portal. */
    templateId: p.uuid().nullable(),
    templateVersion: p.text(),
    writtenAt: moment(),
  },
});

export class DecisionLetter extends schema.class {}
schema.setClass(DecisionLetter);
