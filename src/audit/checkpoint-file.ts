import type { KeyObject } from 'node:crypto';
import { appendFile, open } from 'node:fs/promises';
import { Refusal } from '../platform/errors.js';
import { type Checkpoint, isSignedBy, parseCheckpoint } from './checkpoint.js';

/** Where the portal itself writes checkpoints, in its data folder. */
export const checkpointFileName = 'audit-checkpoints.jsonl';

/** Adds a checkpoint to a file, one to a line, and waits until the disk has it. */
export async function appendCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  await appendFile(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600, flush: true });
}

/**
 * The checkpoints of a file, read as they are needed.
 * @throws Refusal INVALID for a line that is no checkpoint, or that the key did not sign; NOT_FOUND for a file without any
 */
export async function* checkpointsIn(file: string, publicKey: KeyObject): AsyncGenerator<Checkpoint> {
  const handle = await open(file);
  let number = 0;
  let count = 0;
  for await (const line of handle.readLines()) {
    number += 1;
    if (line.trim() === '') continue;
    const checkpoint = parseCheckpoint(line);
    if (!checkpoint) throw refusal(file, number, 'is no checkpoint; it may have been cut off while it was written');
    if (!isSignedBy(checkpoint, publicKey)) {
      throw refusal(file, number, 'was not signed with this key: it was changed, or SECRET_KEY was another one then');
    }
    count += 1;
    yield checkpoint;
  }
  if (count === 0) throw Refusal.of('NOT_FOUND', `There is no checkpoint in ${file}.`);
}

function refusal(file: string, line: number, sentence: string): Refusal {
  return Refusal.of('INVALID', `Line ${line} of ${file} ${sentence}.`);
}
