import { createHash } from 'node:crypto';

/** An audit record with exactly what is stored, which is what its hash is over. Ids are database ids. */
export interface StoredRecord {
  /** Its place in the log: 1, 2, 3 and so on, without a gap. */
  readonly sequence: number;
  readonly id: string;
  /** RFC 3339 in UTC, to the millisecond. */
  readonly at: string;
  readonly command: string;
  readonly event: string;
  readonly eventVersion: number;
  readonly audience: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly actorRole: string;
  readonly organizationId: string | null;
  readonly applicationId: string | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** The payload's JSON, character by character as it was written. */
  readonly payload: string;
  readonly requestId: string;
  /** The hash of the record before this one. */
  readonly previousHash: string;
  readonly hash: string;
}

/** What a record says, wherever it stands. */
export type RecordContent = Omit<StoredRecord, 'sequence' | 'previousHash' | 'hash'>;

/** A place in the log, and the hash of everything up to there. */
export interface Link {
  readonly sequence: number;
  readonly hash: string;
}

/** Where the chain begins: nothing is written yet. */
export const beginning: Link = { sequence: 0, hash: '0'.repeat(64) };

/** Why the log does not hold, and the first place where it does not. */
export interface ChainProblem {
  readonly sequence: number;
  readonly reason: string;
}

/**
 * The hash of what a record says: SHA-256 over a JSON array of its columns, as PostgreSQL writes one. It can be shown in
 * the place of what the record says, because its id, which nobody can guess, goes into it.
 *
 * It is computed here and not by the database, because whoever can change records there can also change the function
 * that hashes them. The two texts are the same: jsonb puts ", " between the items, writes whole numbers in digits, and
 * escapes in texts what JSON.stringify does (quotes, backslashes and control characters).
 */
export function contentHashOf(record: RecordContent): string {
  return hashOfArray(contentOf(record));
}

/** The hash that a record has whose content has this hash, at this place. */
export function hashInChain(previousHash: string, sequence: number, contentHash: string): string {
  return hashOfArray([previousHash, sequence, contentHash]);
}

/** The hash that a record with this content has. */
export function hashOf(record: Omit<StoredRecord, 'hash'>): string {
  return hashInChain(record.previousHash, record.sequence, contentHashOf(record));
}

/** The same for records from before their contents were hashed by themselves. */
export function formerHashOf(record: Omit<StoredRecord, 'hash'>): string {
  return hashOfArray([record.previousHash, record.sequence, ...contentOf(record)]);
}

type Item = string | number | null;

function contentOf(record: RecordContent): readonly Item[] {
  return [
    record.id,
    Date.parse(record.at),
    record.command,
    record.event,
    record.eventVersion,
    record.audience,
    record.actorKind,
    record.actorId,
    record.actorRole,
    record.organizationId,
    record.applicationId,
    record.subjectKind,
    record.subjectId,
    record.payload,
    record.requestId,
  ];
}

function hashOfArray(items: readonly Item[]): string {
  const text = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Why a record cannot stand right after another one; null when it can. */
export function problemAfter(before: Link, record: StoredRecord): ChainProblem | null {
  const expected = before.sequence + 1;
  if (record.sequence > expected) {
    const next = `the next one is record ${record.sequence}`;
    return { sequence: expected, reason: `it is missing: ${next}, and the log has no gaps` };
  }
  if (record.sequence < expected) {
    return {
      sequence: record.sequence,
      reason: 'there is one too many with this number, or numbers do not begin at 1',
    };
  }
  if (record.previousHash !== before.hash) {
    const named = `the record before it has the hash ${before.hash}, and this one was written after ${record.previousHash}`;
    return { sequence: record.sequence, reason: `${named}: one of the two was rewritten or exchanged` };
  }
  const computed = hashOf(record);
  if (computed !== record.hash && formerHashOf(record) !== record.hash) {
    const hashes = `its content has the hash ${computed}, and ${record.hash} was recorded`;
    return { sequence: record.sequence, reason: `${hashes}: it was changed after it had been written` };
  }
  return null;
}
