import type { RawSql } from '../platform/database/database.js';
import { beginning, type ChainProblem, type Link, problemAfter } from './audit-chain.js';
import { type Bookmark, hashesAt, type LogEnd, readEnd, storedRecords } from './audit-log.queries.js';
import type { Checkpoint } from './checkpoint.js';

/** What a look at the whole log found. */
export interface Verification {
  /** How far the log holds: all of it when there is no problem. */
  readonly until: Link;
  readonly problem: ChainProblem | null;
}

/**
 * Recomputes the whole chain. Any record that was changed, removed or put in since it was written is found, except at
 * the very end: somebody who removes the newest records and sets the head back leaves a shorter log that is whole in
 * itself, which only a checkpoint kept elsewhere shows. The portal may go on writing meanwhile.
 */
export async function verifyAuditLog(database: RawSql): Promise<Verification> {
  let until = beginning;
  let bookmark: Bookmark | null = null;
  for (;;) {
    for await (const record of storedRecords(database, bookmark)) {
      const problem = problemAfter(until, record);
      if (problem) return { until, problem };
      until = { sequence: record.sequence, hash: record.hash };
      bookmark = record;
    }
    const end = await readEnd(database, bookmark);
    if (!end.hasMore) return { until, problem: problemAtEnd(until, end) };
  }
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
  /** The one that counted the most records. */
  readonly furthest: Checkpoint | null;
  readonly problem: ChainProblem | null;
}

const comparedAtOnce = 1_000;

/** Compares a log that holds with checkpoints signed earlier; reports the smallest of them that does not fit. */
export async function compareWithCheckpoints(
  database: RawSql,
  until: Link,
  checkpoints: AsyncIterable<Checkpoint>,
): Promise<Comparison> {
  let count = 0;
  let furthest: Checkpoint | null = null;
  let unfit: Checkpoint | null = null;
  for await (const batch of inBatches(checkpoints)) {
    const hashes = await hashesAt(
      database,
      batch.map(({ size }) => size),
    );
    for (const checkpoint of batch) {
      const hash = checkpoint.size === 0 ? beginning.hash : hashes.get(checkpoint.size);
      if (hash !== checkpoint.hash && (!unfit || checkpoint.size < unfit.size)) unfit = checkpoint;
      if (!furthest || checkpoint.size > furthest.size) furthest = checkpoint;
    }
    count += batch.length;
  }
  return { count, furthest, problem: unfit && problemWith(unfit, until) };
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
