import { Refusal } from '../platform/errors.js';

interface DocumentKind {
  /** Endings a file of this type may have; the first is added to names that have none of them. */
  readonly endings: readonly string[];
  /** Text is recognised by being text; everything else by its signature. */
  readonly isText: boolean;
}

/** The types of document that licensing desks take. No macros, no scripts, no archives. */
const kinds = new Map<string, DocumentKind>([
  ['application/pdf', { endings: ['pdf'], isText: false }],
  ['image/png', { endings: ['png'], isText: false }],
  ['image/jpeg', { endings: ['jpg', 'jpeg'], isText: false }],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', { endings: ['docx'], isText: false }],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', { endings: ['xlsx'], isText: false }],
  ['application/vnd.oasis.opendocument.text', { endings: ['odt'], isText: false }],
  ['application/vnd.oasis.opendocument.spreadsheet', { endings: ['ods'], isText: false }],
  ['text/plain', { endings: ['txt'], isText: true }],
  ['text/csv', { endings: ['csv'], isText: true }],
  ['application/json', { endings: ['json'], isText: true }],
]);

export const acceptedMediaTypes: readonly string[] = [...kinds.keys()];

const accepted = `Accepted are ${acceptedMediaTypes.join(', ')}.`;

/**
 * A media type as it is kept: lower-case and without parameters.
 * @throws Refusal INVALID, with what is accepted
 */
export function acceptedMediaType(text: string): string {
  const mediaType = (text.split(';')[0] ?? '').trim().toLowerCase();
  if (kinds.has(mediaType)) return mediaType;
  throw Refusal.of('INVALID', `Documents of this type are not accepted. ${accepted}`, ['mediaType']);
}

/** The endings that names of files of this type may have. */
export function endingsOf(mediaType: string): readonly string[] {
  return kindOf(mediaType).endings;
}

/** As a header says it when the document is downloaded. */
export function contentTypeOf(mediaType: string): string {
  return kindOf(mediaType).isText ? `${mediaType}; charset=utf-8` : mediaType;
}

/** Passes the bytes on and, when they are announced as text, stops at the first that cannot be. */
export function checkedText(mediaType: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return kindOf(mediaType).isText ? textOnly(mediaType, bytes) : bytes;
}

/** @throws Refusal CONTENT_MISMATCH when the file is not of the type announced; text is checked as it passes */
export async function checkSignature(mediaType: string, file: string): Promise<void> {
  if (kindOf(mediaType).isText) return;
  const found = await signatureOf(file);
  if (found !== mediaType) throw mismatch(`The content is not ${mediaType} but ${found ?? 'of no known type'}.`);
}

async function* textOnly(mediaType: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const notText = () => mismatch(`The content is not ${mediaType}, because it is not UTF-8 text without NUL.`);
  const decodes = (chunk?: Uint8Array): boolean => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
      return true;
    } catch {
      return false;
    }
  };
  for await (const chunk of bytes) {
    if (chunk.includes(0) || !decodes(chunk)) throw notText();
    yield chunk;
  }
  if (!decodes()) throw notText();
}

/** The type a file shows itself to be; null when it shows none or is broken. */
async function signatureOf(file: string): Promise<string | null> {
  // Read with the first file and not by every process that starts.
  const { fileTypeFromFile } = await import('file-type');
  try {
    return (await fileTypeFromFile(file))?.mime ?? null;
  } catch (error) {
    // What the file holds is no fault of ours; that it cannot be read is.
    if (typeof error === 'object' && error !== null && 'syscall' in error) throw error;
    return null;
  }
}

function mismatch(sentence: string): Refusal {
  return Refusal.of('CONTENT_MISMATCH', `${sentence} ${accepted}`, ['mediaType']);
}

function kindOf(mediaType: string): DocumentKind {
  const kind = kinds.get(mediaType);
  if (!kind) throw new Error(`${mediaType} is not an accepted media type.`);
  return kind;
}
