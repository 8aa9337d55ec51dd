import { defineEntity, p } from '@mikro-orm/core';
import type { GrantPolicy } from '../lifecycle/grant-policy.js';
import type { ScreeningPolicy } from '../lifecycle/screening.js';
import type { Workflow } from '../lifecycle/workflow.js';
import { key, moment, version } from '../platform/columns.js';

export const programStatuses = {
  OPEN: 'Partners can start applications.',
  CLOSED: 'No new applications; those already started go on.',
} as const;

export type ProgramStatus = keyof typeof programStatuses;

/** A way to be let in to a restricted product. */
const programSchema = defineEntity({
  name: 'Program',
  tableName: 'program',
  properties: {
    id: key(),
    code: p.text(),
    name: p.text(),
    summary: p.text(),
    productCode: p.text(),
    status: p.text().$type<ProgramStatus>(),
    currentVersionId: p.uuid().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class Program extends programSchema.class {}
programSchema.setClass(Program);

/** A document that a program asks for. */
export interface DocumentRequirement {
  /** Unique within the program version, e.g. `end-use-statement`. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
}

/** A JSON Schema (2020-12) whose root describes an object. */
export type Questionnaire = Readonly<Record<string, unknown>>;

/** What partners answer, provide and accept, and how staff review it. Never changed once published. */
const versionSchema = defineEntity({
  name: 'ProgramVersion',
  tableName: 'program_version',
  properties: {
    id: key(),
    programId: p.uuid(),
    number: p.integer(),
    questionnaire: p.json<Questionnaire>(),
    documentRequirements: p.json<DocumentRequirement[]>(),
    workflow: p.json<Workflow>(),
    termsVersionId: p.uuid(),
    grantMonths: p.integer(),
    /** Null: the portal's own. */
    screening: p.json<ScreeningPolicy>().nullable(),
    grantPolicy: p.json<GrantPolicy>().nullable(),
    publishedBy: p.uuid().nullable(),
    publishedAt: moment(),
  },
});

export class ProgramVersion extends versionSchema.class {}
versionSchema.setClass(ProgramVersion);

/** The text that a partner accepts, kept with its hash. */
const termsSchema = defineEntity({
  name: 'TermsVersion',
  tableName: 'terms_version',
  properties: {
    id: key(),
    programId: p.uuid(),
    label: p.text(),
    body: p.text(),
    bodySha256: p.text(),
    publishedAt: moment(),
    /** By when whoever holds a grant must have accepted them; null where nobody is asked again. */
    reacceptBy: moment().nullable(),
  },
});

export class TermsVersion extends termsSchema.class {}
termsSchema.setClass(TermsVersion);
