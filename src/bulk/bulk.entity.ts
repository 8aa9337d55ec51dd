import { defineEntity, p } from '@mikro-orm/core';
import type { BulkKind, BulkOutcome, BulkStatus } from '../lifecycle/bulk.js';
import type { StageReplacement } from '../lifecycle/version-change.js';
import { key, moment, version } from '../platform/columns.js';
import type { Problem } from '../platform/errors.js';
import type { QuestionInput } from '../questions/asking.commands.js';

/** What is asked for besides the applications, by kind; a moment is in ISO 8601. */
export interface BulkInput {
  readonly staffId?: string | null;
  /** The key of a flag. */
  readonly flag?: string;
  /** Why a flag is raised or lowered, or the version is another. */
  readonly reason?: string;
  readonly expiresAt?: string | null;
  readonly questions?: readonly QuestionInput[];
  readonly text?: string;
  readonly queue?: string;
  /** A version of a program, and which stages take the place of others. */
  readonly programId?: string;
  readonly number?: number;
  readonly stages?: readonly StageReplacement[];
  readonly dueAt?: string | null;
  readonly outcome?: 'APPROVE' | 'APPROVE_WITH_CONDITIONS' | 'REFUSE';
  readonly inPrinciple?: boolean;
  readonly reasons?: readonly string[];
  readonly conditions?: readonly string[];
  readonly reasonCodes?: readonly string[];
  readonly conditionCodes?: readonly string[];
  readonly internalNote?: string | null;
}

/** A command that was given on many applications at once. */
const operationSchema = defineEntity({
  name: 'BulkOperation',
  tableName: 'bulk_operation',
  properties: {
    id: key(),
    kind: p.text().$type<BulkKind>(),
    input: p.json<BulkInput>(),
    status: p.text().$type<BulkStatus>(),
    requestedBy: p.uuid(),
    requestedAt: moment(),
    endedAt: moment().nullable(),
    version: version(),
  },
});

export class BulkOperation extends operationSchema.class {}
operationSchema.setClass(BulkOperation);

/** One of the applications, and what came of it. */
const itemSchema = defineEntity({
  name: 'BulkItem',
  tableName: 'bulk_item',
  properties: {
    id: key(),
    operationId: p.uuid(),
    position: p.integer(),
    applicationId: p.uuid(),
    decisionId: p.uuid().nullable(),
    outcome: p.text().$type<BulkOutcome>(),
    problems: p.json<readonly Problem[]>(),
    triedAt: moment().nullable(),
  },
});

export class BulkItem extends itemSchema.class {}
itemSchema.setClass(BulkItem);
