import { type Problem, Refusal } from '../platform/errors.js';
import type { Storage } from '../platform/storage/storage.js';
import { acceptedMediaType } from './document-content.js';
import { displayName } from './document-name.js';

/** A file that is to be uploaded. */
export interface AnnouncedFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

const sha256Form = /^[0-9a-f]{64}$/;

/** The description of the file as it is kept. @throws Refusal with everything that is wrong with it */
export function announcedFile(
  { fileName, mediaType, size, sha256 }: AnnouncedFile,
  maxDocumentBytes: number,
): AnnouncedFile {
  const problems: Problem[] = [];
  const given = sha256.toLowerCase();
  if (!Number.isSafeInteger(size) || size < 1) {
    problems.push({ code: 'INVALID', message: 'The size is a whole number of bytes, at least 1.', path: ['size'] });
  } else if (size > maxDocumentBytes) {
    const message = `A document has at most ${maxDocumentBytes} bytes, and this one has ${size}.`;
    problems.push({ code: 'LIMIT_REACHED', message, path: ['size'] });
  }
  if (!sha256Form.test(given)) {
    const message = 'Give the SHA-256 of the bytes as 64 hexadecimal digits.';
    problems.push({ code: 'INVALID', message, path: ['sha256'] });
  }
  const type = collect(problems, () => acceptedMediaType(mediaType));
  const name = collect(problems, () => displayName(fileName, type ?? 'text/plain'));
  if (problems.length > 0 || type === null || name === null) throw new Refusal(problems);
  return { fileName: name, mediaType: type, size, sha256: given };
}

/** The value, or null and the problems that a refusal named. */
function collect<T>(problems: Problem[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** @throws Refusal INCOMPLETE when the bytes have not arrived, CONTENT_MISMATCH when what is kept is not as announced */
export async function requireArrived(
  storage: Pick<Storage, 'sizeOf'>,
  { storageKey, size: announced }: { readonly storageKey: string; readonly size: number },
  path: readonly string[],
): Promise<void> {
  // What the storage keeps was checked before it was kept, so that it is there says that it is right.
  const size = await storage.sizeOf(storageKey);
  if (size === null) {
    const sentence = 'The bytes have not arrived: PUT them to the upload’s URL first. A refused upload leaves nothing.';
    throw Refusal.of('INCOMPLETE', sentence, path);
  }
  if (size === announced) return;
  const sentence = `${announced} bytes were announced, and ${size} are there. Remove the document and upload it anew.`;
  throw Refusal.of('CONTENT_MISMATCH', sentence, path);
}
