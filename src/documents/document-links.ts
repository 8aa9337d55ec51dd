import { createHmac } from 'node:crypto';
import { Refusal } from '../platform/errors.js';
import { encodeId, parseId } from '../platform/ids.js';
import { sameText } from '../platform/secrets.js';

/** How long an upload may be begun after it was announced. */
export const uploadLinkMinutes = 15;

/** How long a download may be begun after its link was shown. */
const downloadLinkSeconds = 60;

/** Where a partner sends the bytes of a document. */
export interface UploadLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** What an upload link was made for. */
export interface UploadLeave {
  readonly documentId: string;
  /** In bytes. */
  readonly size: number;
}

type Purpose = 'upload' | 'download';

/**
 * Links that let their holder upload or download one document, or the letter of a directive, without signing in, for a short time. They are signed,
 * not stored: the document, the end and the size are in the link, and an HMAC-SHA256 over them and the link's purpose.
 */
export class DocumentLinks {
  readonly #key: Buffer;
  readonly #publicUrl: () => string;

  /** @param parts the public URL is asked for at every link, because a port that the system chooses is known late */
  constructor(parts: { readonly key: Buffer; readonly publicUrl: () => string }) {
    this.#key = parts.key;
    this.#publicUrl = parts.publicUrl;
  }

  upload({ documentId, size }: UploadLeave, now: Date): UploadLink {
    const expiresAt = new Date(now.getTime() + uploadLinkMinutes * 60_000);
    const token = this.#sign('upload', [encodeId('document', documentId), base36(expiresAt.getTime()), base36(size)]);
    return { url: `${this.#publicUrl()}/uploads/${token}`, expiresAt };
  }

  download(documentId: string, now: Date): string {
    const end = now.getTime() + downloadLinkSeconds * 1000;
    return `${this.#publicUrl()}/documents/${this.#sign('download', [encodeId('document', documentId), base36(end)])}`;
  }

  /** @throws Refusal NOT_FOUND when the portal did not make this link, EXPIRED when its time is over */
  readUpload(token: string, now: Date): UploadLeave {
    const [documentId, size] = this.#read('upload', token, now);
    return { documentId, size: Number.parseInt(size ?? '', 36) };
  }

  /**
   * @returns the document's id
   * @throws Refusal NOT_FOUND when the portal did not make this link, EXPIRED when its time is over
   */
  readDownload(token: string, now: Date): string {
    return this.#read('download', token, now)[0];
  }

  #read(purpose: Purpose, token: string, now: Date): [documentId: string, ...further: string[]] {
    const parts = token.split('.').slice(0, -1);
    const [id = '', end = '', ...further] = parts;
    const document = parseId(id);
    if (document?.kind !== 'document' || !sameText(token, this.#sign(purpose, parts))) throw unknownLink();
    if (now.getTime() >= Number.parseInt(end, 36)) {
      throw Refusal.of('EXPIRED', `This link has expired. ${askAgain[purpose]}`);
    }
    return [document.uuid, ...further];
  }

  #sign(purpose: Purpose, parts: readonly string[]): string {
    const mac = createHmac('sha256', this.#key)
      .update([purpose, ...parts].join('.'))
      .digest('base64url');
    return [...parts, mac].join('.');
  }
}

const askAgain: Record<Purpose, string> = {
  upload:
    'Ask for a new one with requestDocumentUpload; for the letter of a directive, with requestDirectiveLetterUpload.',
  download: 'Read the document’s, or the letter’s, downloadUrl again.',
};

/** The same for links that never were and for documents that are no more. */
export function unknownLink(): Refusal {
  return Refusal.of('NOT_FOUND', 'There is nothing at this address.');
}

function base36(value: number): string {
  return value.toString(36);
}
