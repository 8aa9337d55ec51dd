import { Refusal } from '../platform/errors.js';
import type { Storage } from '../platform/storage/storage.js';
import type { StoredDocument } from './document.queries.js';
import { checkedText, checkSignature } from './document-content.js';

/** How patient an upload is received. */
export interface Patience {
  /** The longest pause between two pieces. */
  readonly stallMs: number;
  /** The longest an upload may take in all. */
  readonly totalMs: number;
}

/** A little less than the server waits for any request, so that whoever is too slow is told. */
export const usualPatience: Patience = { stallMs: 30_000, totalMs: 14 * 60_000 };

/**
 * Receives the bytes of a document and keeps them when they are what was announced; otherwise nothing is kept.
 * @throws Refusal LIMIT_REACHED when there are more than announced, CONTENT_MISMATCH when they differ or are cut off,
 *   EXPIRED when they do not come in time, ALREADY_EXISTS when another upload of the document came first
 */
export async function receiveDocument(
  storage: Storage,
  document: StoredDocument,
  bytes: AsyncIterable<Uint8Array>,
  patience: Patience,
): Promise<void> {
  const measured = exactly(document.size, inTime(patience, bytes));
  await storage.write(document.storageKey, checkedText(document.mediaType, measured), async ({ sha256, file }) => {
    if (sha256 !== document.sha256) {
      const sentence = `The SHA-256 of the bytes received is ${sha256}, and ${document.sha256} was announced.`;
      throw Refusal.of('CONTENT_MISMATCH', sentence, ['sha256']);
    }
    await checkSignature(document.mediaType, file);
  });
}

export function tooMany(size: number): Refusal {
  return Refusal.of('LIMIT_REACHED', `These are more bytes than the ${size} announced.`, ['size']);
}

export function tooFew(size: number): Refusal {
  return Refusal.of('CONTENT_MISMATCH', `The upload ended before the ${size} bytes announced had arrived.`, ['size']);
}

async function* exactly(size: number, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let received = 0;
  for await (const chunk of bytes) {
    received += chunk.byteLength;
    if (received > size) throw tooMany(size);
    yield chunk;
  }
  if (received < size) throw tooFew(size);
}

async function* inTime(patience: Patience, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  const endsAt = performance.now() + patience.totalMs;
  let isAtRest = false;
  try {
    for (;;) {
      isAtRest = false;
      const next = await within(Math.min(patience.stallMs, endsAt - performance.now()), source.next());
      isAtRest = true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // A source that is still waiting for its next piece would not answer.
    if (isAtRest) await source.return?.();
  }
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow()), Math.max(0, milliseconds));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function tooSlow(): Refusal {
  return Refusal.of('EXPIRED', 'The bytes did not arrive in time; send them again.', ['bytes']);
}
