import { defineEntity, p } from '@mikro-orm/core';
import type {
  DirectiveKind,
  DirectiveStatus,
  ForeignPersonRule,
  OperatorStaffRule,
  ScopeEntryStatus,
} from '../lifecycle/directive.js';
import { key, moment, version } from '../platform/columns.js';

/** Who may order what is released. */
const authoritySchema = defineEntity({
  name: 'Authority',
  tableName: 'authority',
  properties: { id: key(), name: p.text(), jurisdiction: p.text(), createdAt: moment() },
});

export class Authority extends authoritySchema.class {}
authoritySchema.setClass(Authority);

/** What a letter lays down beside its names and its end, as it is stored. */
export interface StoredTerms {
  /** By their codes. */
  readonly products: readonly string[];
  readonly sectors: readonly string[];
  readonly countries: readonly string[];
  readonly excludedCountries: readonly string[];
  /** May a printed name stand for those that belong to it, too? */
  readonly includesAffiliates: boolean;
  readonly conditions: readonly string[];
  readonly foreignPersons: ForeignPersonRule;
  readonly operatorStaff: OperatorStaffRule;
}

/** What an authority ordered. Never changed once it is in force, but for whose its printed names are. */
const directiveSchema = defineEntity({
  name: 'Directive',
  tableName: 'directive',
  properties: {
    id: key(),
    authorityId: p.uuid(),
    reference: p.text(),
    kind: p.text().$type<DirectiveKind>(),
    summary: p.text(),
    status: p.text().$type<DirectiveStatus>(),
    /** The directive that it amends or rescinds. */
    changesId: p.uuid().nullable(),
    issuedAt: moment(),
    receivedAt: moment(),
    effectiveAt: moment(),
    /** Null for one that only takes another back. */
    terms: p.json<StoredTerms>().nullable(),
    expiresAt: moment().nullable(),
    reviewAt: moment().nullable(),
    /** When program managers were told that it is to be reviewed. */
    reviewRemindedAt: moment().nullable(),
    letterSha256: p.text().nullable(),
    /** The letter itself, once it is here. */
    letterId: p.uuid().nullable(),
    recordedBy: p.uuid(),
    recordedAt: moment(),
    putInForceBy: p.uuid().nullable(),
    inForceSince: moment().nullable(),
    isEmergency: p.boolean(),
    ratifyBy: moment().nullable(),
    ratifiedBy: p.uuid().nullable(),
    ratifiedAt: moment().nullable(),
    escalatedAt: moment().nullable(),
    withdrawnReason: p.text().nullable(),
    version: version(),
    updatedAt: moment(),
  },
});

export class Directive extends directiveSchema.class {}
directiveSchema.setClass(Directive);

/** The letter by which a directive was ordered, as a file. The one that holds is named by the directive; all are kept. */
const letterSchema = defineEntity({
  name: 'DirectiveLetter',
  tableName: 'directive_letter',
  properties: {
    id: key(),
    directiveId: p.uuid(),
    fileName: p.text(),
    mediaType: p.text(),
    size: p.bigint('number'),
    sha256: p.text(),
    storageKey: p.text(),
    /** Has the directive the hash of its letter from this one, and not from whoever recorded it? */
    givesHash: p.boolean().default(false),
    uploadedBy: p.uuid(),
    createdAt: moment(),
    completedAt: moment().nullable(),
  },
});

export class DirectiveLetter extends letterSchema.class {}
letterSchema.setClass(DirectiveLetter);

export const entryEffects = {
  PERMITS: 'The letter permits its products to whoever is named.',
  EXCLUDES: 'The letter shuts out whoever is named.',
} as const;

export type EntryEffect = keyof typeof entryEffects;

/** A name as a letter prints it, and whose it is. */
const entrySchema = defineEntity({
  name: 'DirectiveEntry',
  tableName: 'directive_entry',
  properties: {
    id: key(),
    directiveId: p.uuid(),
    position: p.integer(),
    printedName: p.text(),
    effect: p.text().$type<EntryEffect>(),
    status: p.text().$type<ScopeEntryStatus>(),
    organizationId: p.uuid().nullable(),
    evidence: p.text().nullable(),
    matchedBy: p.uuid().nullable(),
    matchedAt: moment().nullable(),
    version: version(),
  },
});

export class DirectiveEntry extends entrySchema.class {}
entrySchema.setClass(DirectiveEntry);
