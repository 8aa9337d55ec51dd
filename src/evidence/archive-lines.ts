import type { StoredRecord } from '../audit/audit-chain.js';
import type { GrantStatus } from '../lifecycle/grant.js';
import type { KnownDirective, NameMatch, PermittedPart } from '../lifecycle/release-history.js';
import type { UseCause } from '../lifecycle/usability.js';

/**
 * What the files of an archive hold, one object to a line. Ids are the database's, because the hashes of the audit log are
 * over those; moments are RFC 3339 in UTC, to the millisecond.
 */
export const archiveFormat = 'sallyport evidence 1';

/** The files of lines that an archive holds. */
export type LineFileName =
  | 'audit.jsonl'
  | 'directives.jsonl'
  | 'narrowings.jsonl'
  | 'grants.jsonl'
  | 'decisions.jsonl'
  | 'documents.jsonl'
  | 'findings.jsonl';

/**
 * A record of the audit log. Whole, as it is stored, when it concerns the product; of any other only the hash of what it
 * says, which shows its place in the chain; and of one from before contents had a hash of their own, its hash.
 */
export type AuditLine =
  | StoredRecord
  | { readonly sequence: number; readonly content: string }
  | { readonly sequence: number; readonly hash: string };

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface DirectiveLine extends Omit<KnownDirective, 'entries'> {
  readonly authorityId: string;
  readonly summary: string;
  readonly receivedAt: string;
  readonly letterSha256: string | null;
  /** The letter itself, by its id in documents.jsonl; null when only its hash, or nothing, is on record. */
  readonly letterDocumentId: string | null;
  readonly recordedBy: Person;
  readonly recordedAt: string;
  readonly putInForceBy: Person | null;
  readonly isEmergency: boolean;
  readonly ratifiedBy: Person | null;
  readonly ratifiedAt: string | null;
  readonly entries: readonly {
    readonly id: string;
    readonly position: number;
    readonly effect: 'PERMITS' | 'EXCLUDES';
    readonly printedName: string;
    readonly matches: readonly NameMatch[];
    /** Of the match that holds now. */
    readonly evidence: string | null;
  }[];
}

/** From when on grants of the product, or of one organization, were shut until found to be permitted. */
export interface NarrowingLine {
  readonly fromAt: string;
  readonly organizationId: string | null;
}

type Moments<Part> = Omit<Part, 'from' | 'to'> & { readonly from: string; readonly to: string };

/** A stretch in which a grant could be used. */
export interface UseLine {
  readonly from: string;
  /** Null: it could still be used when the archive was made. */
  readonly to: string | null;
  readonly begins: UseCause;
  readonly ends: UseCause | null;
  /** What permitted it in each part of the stretch that is in the period, by what was known here at that time. */
  readonly permitted: readonly Moments<PermittedPart>[];
  /** Parts in which it was not permitted by what came to be known here only later. */
  readonly notInHindsight: readonly Moments<PermittedPart>[];
}

/** What an archive says of a grant besides what follows from the log and from what was ordered. */
export interface GrantFactsLine {
  readonly id: string;
  readonly reference: string;
  readonly organization: {
    readonly id: string;
    readonly legalName: string;
    readonly country: string;
    readonly sector: string;
    readonly isOperator: boolean;
  };
  readonly program: string;
  readonly applicationId: string;
  readonly decisionId: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly conditions: readonly string[];
  /** As its row says when the archive is made. */
  readonly status: GrantStatus;
  readonly isUsable: boolean;
}

export interface GrantEventLine {
  readonly sequence: number;
  readonly at: string;
  readonly event: string;
  /** Null for being found to be permitted again. */
  readonly status: GrantStatus | null;
}

export interface GrantLine extends GrantFactsLine {
  readonly events: readonly GrantEventLine[];
  readonly uses: readonly UseLine[];
}

/** An approval that a grant rests on: of its application, or of an amendment. */
export interface DecisionLine {
  readonly id: string;
  readonly grantId: string;
  readonly grantReference: string;
  readonly applicationId: string;
  readonly applicationReference: string;
  readonly kind: 'NEW' | 'AMENDMENT';
  readonly outcome: string;
  /** Whether it approved in principle, so that access may have begun later. */
  readonly inPrinciple: boolean;
  readonly conditions: readonly string[];
  readonly proposedBy: Person;
  readonly proposedAt: string;
  readonly countersignaturesNeeded: number;
  readonly countersignatures: readonly { readonly by: Person; readonly at: string }[];
  readonly finalAt: string;
  readonly supersededAt: string | null;
  readonly revision: { readonly number: number; readonly submittedAt: string } | null;
  readonly recommendations: readonly {
    readonly id: string;
    readonly stage: string;
    readonly role: string;
    readonly by: Person;
    readonly kind: string;
    readonly at: string;
  }[];
  /** How many the program asks for, and how many there were. */
  readonly quorum: readonly {
    readonly stage: string;
    readonly role: string;
    readonly needed: number;
    readonly given: number;
  }[];
  readonly terms: readonly {
    readonly id: string;
    readonly label: string;
    readonly sha256: string;
    readonly acceptedBy: Person;
    readonly acceptedAt: string;
  }[];
  /** By their ids in documents.jsonl. */
  readonly documents: readonly string[];
  readonly letterDocumentId: string | null;
}

export interface DocumentLine {
  readonly id: string;
  /** Null for the letter of a directive. */
  readonly applicationId: string | null;
  /** What it was: part of the revision decided on, an answer to a question, the letter of the decision, or that of a directive. */
  readonly basis: 'REVISION' | 'ANSWER' | 'LETTER' | 'DIRECTIVE';
  readonly requirement: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

/** What does not agree with what was ordered, or with itself. */
export const findingCodes = {
  NOT_PERMITTED: 'A grant could be used while it was not permitted, by what was known here at that time.',
  NOT_AS_RECORDED: 'A grant’s row does not say what the log says.',
  FOUR_EYES: 'One person did what takes two.',
  NO_DECISION: 'There is no approval for a grant that could be used.',
  AUDIT_LOG: 'The audit log does not hold.',
} as const;

export type FindingCode = keyof typeof findingCodes;

export interface FindingLine {
  readonly code: FindingCode;
  /** The reference of what it is about: a grant, an application or a directive. */
  readonly about: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly message: string;
}

export interface FileEntry {
  readonly sha256: string;
  readonly size: number;
  /** How many lines it has; null for what has none to count. */
  readonly lines: number | null;
}

export interface Link {
  readonly sequence: number;
  readonly hash: string;
}

/** What an archive says of itself; signed. */
export interface Manifest {
  readonly format: typeof archiveFormat;
  readonly product: { readonly id: string; readonly code: string; readonly name: string };
  /** From its first moment up to, and without, the last. */
  readonly period: { readonly from: string; readonly to: string };
  readonly madeAt: string;
  /** Whose it is: the portal’s public address. */
  readonly portal: string;
  readonly portalVersion: string;
  readonly log: {
    /** The record right before the first one in audit.jsonl. */
    readonly after: Link;
    /** The last record that there was. */
    readonly until: Link;
    /** What months were dropped by the rule of how long records are kept; null when none were. */
    readonly dropped: { readonly sequence: number; readonly lastAt: string; readonly policy: string } | null;
    readonly checkpoint: {
      readonly log: string;
      readonly size: number;
      readonly hash: string;
      readonly at: string;
      readonly signature: string;
    } | null;
  };
  /** Of what was before, the records were dropped, and nothing is said here; null when the whole period is on record. */
  readonly unknownBefore: string | null;
  readonly counts: {
    readonly grants: number;
    readonly uses: number;
    readonly decisions: number;
    readonly documents: number;
    readonly directives: number;
    readonly records: number;
    readonly findings: number;
    readonly notInHindsight: number;
  };
  readonly files: Readonly<Record<string, FileEntry>>;
}

export interface SignatureFile {
  /** Ed25519, PEM; `npx sallyport audit key` prints the portal’s. */
  readonly publicKey: string;
  /** Base64, over `signedText`. */
  readonly signature: string;
}

/** What is signed: a heading, and the hash of manifest.json. */
export function signedText(manifestSha256: string): string {
  return `${archiveFormat}\n${manifestSha256}\n`;
}
