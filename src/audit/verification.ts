import type { KeyObject } from 'node:crypto';
import type { RawSql } from '../platform/database/database.js';
import { type Anchor, isAnchorSignedBy } from './anchor.js';
import { readAnchors } from './anchor.queries.js';
import { beginning, type ChainProblem, type Link, problemAfter } from './audit-chain.js';
import { type Bookmark, firstDifference, hashesAt, type LogEnd, readEnd, storedRecords } from './audit-log.queries.js';
import type { Checkpoint } from './checkpoint.js';

/** What a look at the log found. */
export interface Verification {
  /** What was dropped before the log begins; null when it is there from the first record on. */
  readonly since: Anchor | null;
  /** How far the log holds: all of it when there is no problem. */
  readonly until: Link;
  readonly problem: ChainProblem | null;
}

/**
 * Recomputes the whole chain. Any record that was changed, removed or put in since it was written is found, except at
 * the very end: somebody who removes the newest records and sets the head back leaves a shorter log that is whole in
 * itself, which only a checkpoint kept elsewhere shows. The portal may go on writing meanwhile.
 *
 * @param publicKey the key of anchors; without it, a log whose first months were dropped does not hold
 */
export async function verifyAuditLog(database: RawSql, publicKey: KeyObject | null = null): Promise<Verification> {
  let found = await follow(database, await begin(database, publicKey));
  let end: LogEnd | null = null;
  while (!found.problem && !end) {
    const seen = await readEnd(database, found.bookmark);
    if (seen.hasMore) found = await follow(database, found);
    else end = seen;
  }
  const problem =
    found.problem ?? (end && problemAtEnd(found.until, end)) ?? (await problemOfTimelines(database, found));
  return { since: found.since, until: found.until, problem };
}

/** The same from the beginning up to this record. */
export async function verifyBeginning(database: RawSql, publicKey: KeyObject, last: Link): Promise<Verification> {
  const { since, until, problem } = await follow(database, await begin(database, publicKey), last.sequence);
  const found = { since, until, problem };
  return problem ? found : { ...found, problem: await problemOfTimelines(database, found, last.sequence) };
}

/** A verification under way. */
interface Progress extends Verification {
  /** The last record that was looked at. */
  readonly bookmark: Bookmark | null;
}

async function begin(database: RawSql, publicKey: KeyObject | null): Promise<Progress> {
  const anchors = await readAnchors(database);
  const since = anchors.find((anchor) => publicKey !== null && isAnchorSignedBy(anchor, publicKey)) ?? null;
  if (since) return { since, until: { sequence: since.sequence, hash: since.hash }, problem: null, bookmark: null };
  const [unsigned] = anchors;
  const reason = 'whoever says that the records up to here were dropped (audit_anchor) did not sign it with this key';
  const problem = unsigned ? { sequence: unsigned.sequence, reason } : null;
  return { since, until: beginning, problem, bookmark: null };
}

async function follow(database: RawSql, from: Progress, last = Number.POSITIVE_INFINITY): Promise<Progress> {
  if (from.problem) return from;
  let { until, bookmark } = from;
  for await (const record of storedRecords(database, bookmark)) {
    if (record.sequence > last) break;
    const problem = problemAfter(until, record);
    if (problem) return { ...from, until, problem, bookmark };
    until = { sequence: record.sequence, hash: record.hash };
    bookmark = record;
  }
  return { ...from, until, bookmark };
}

/** How many numbers are compared in one statement. */
const comparedNumbers = 10_000;

/** Does each application's timeline say what the log says of it, and nothing else? */
async function problemOfTimelines(
  database: RawSql,
  { since, until }: Verification,
  last = Number.MAX_SAFE_INTEGER,
): Promise<ChainProblem | null> {
  let from = since ? since.sequence + 1 : Number.MIN_SAFE_INTEGER;
  while (from <= last) {
    const next = Math.max(from, 0) + comparedNumbers;
    // The last statement goes on to the end, which new records may have moved on meanwhile, in both.
    const to = next > until.sequence ? last : next;
    const sequence = await firstDifference(database, from, to);
    if (sequence !== null) {
      return { sequence, reason: 'the timeline of its application (timeline_event) does not say the same' };
    }
    from = to + 1;
  }
  return null;
}

function problemAtEnd(until: Link, { head }: LogEnd): ChainProblem | null {
  if (!head) return { sequence: until.sequence, reason: 'the row that says where the log ends (audit_head) is gone' };
  if (head.sequence > until.sequence) {
    const ends = `the log ends at record ${until.sequence}, and record ${head.sequence} had been written`;
    return { sequence: until.sequence + 1, reason: `it is missing: ${ends}` };
  }
  if (head.sequence < until.sequence) {
    const reason = `it is one too many: the log says that record ${head.sequence} is its last (audit_head)`;
    return { sequence: head.sequence + 1, reason };
  }
  if (head.hash !== until.hash) {
    const reason = `it has the hash ${until.hash}, and the last record had ${head.hash} when it was written (audit_head)`;
    return { sequence: until.sequence, reason };
  }
  return null;
}

/** What became of a comparison with checkpoints. */
export interface Comparison {
  readonly count: number;
  /** How many of them are of records that were dropped since, and say nothing of those that are there. */
  readonly dropped: number;
  /** Of the others, the one that counted the most records. */
  readonly furthest: Checkpoint | null;
  readonly problem: ChainProblem | null;
}

const comparedAtOnce = 1_000;

/** Compares a log that holds with checkpoints signed earlier; reports the smallest of them that does not fit. */
export async function compareWithCheckpoints(
  database: RawSql,
  { since, until }: Verification,
  checkpoints: AsyncIterable<Checkpoint>,
): Promise<Comparison> {
  const begins = since ?? beginning;
  let count = 0;
  let dropped = 0;
  let furthest: Checkpoint | null = null;
  let unfit: Checkpoint | null = null;
  for await (const batch of inBatches(checkpoints)) {
    const hashes = await hashesAt(
      database,
      batch.map(({ size }) => size),
    );
    for (const checkpoint of batch) {
      const { size } = checkpoint;
      const hash = size === begins.sequence ? begins.hash : hashes.get(size);
      if (size < begins.sequence) {
        dropped += 1;
        continue;
      }
      if (hash !== checkpoint.hash && (!unfit || size < unfit.size)) unfit = checkpoint;
      if (!furthest || size > furthest.size) furthest = checkpoint;
    }
    count += batch.length;
  }
  return { count, dropped, furthest, problem: unfit && problemWith(unfit, until) };
}

function problemWith({ size, at, log }: Checkpoint, until: Link): ChainProblem {
  const witness = `the checkpoint that ${log} signed at ${at}`;
  if (size > until.sequence) {
    const reason = `it is missing: ${witness} counted ${size} records, and the log ends at record ${until.sequence}`;
    return { sequence: until.sequence + 1, reason };
  }
  return { sequence: size, reason: `it is not the record that ${witness} saw: the log was written anew up to here` };
}

async function* inBatches(checkpoints: AsyncIterable<Checkpoint>): AsyncGenerator<readonly Checkpoint[]> {
  let batch: Checkpoint[] = [];
  for await (const checkpoint of checkpoints) {
    batch.push(checkpoint);
    if (batch.length < comparedAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
