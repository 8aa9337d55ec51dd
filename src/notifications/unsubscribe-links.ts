import { createHmac } from 'node:crypto';
import { encodeId, parseId } from '../platform/ids.js';
import { sameText } from '../platform/secrets.js';

/** In a link, in place of a kind: everything that comes by the daily e-mail. */
export const digestKind = 'digest';

/** What a link turns off: letters of a kind, to one person. */
export interface UnsubscribeLeave {
  readonly personId: string;
  readonly kind: string;
}

/**
 * Links that let whoever has a letter turn off its like, without signing in. They are signed, not stored: person and kind are in
 * the link, and an HMAC-SHA256 over both. They work as long as letters lie in mailboxes, and do nothing else.
 */
export class UnsubscribeLinks {
  readonly #key: Buffer;
  readonly #publicUrl: string;

  constructor(parts: { readonly key: Buffer; readonly publicUrl: string }) {
    this.#key = parts.key;
    this.#publicUrl = parts.publicUrl;
  }

  url({ personId, kind }: UnsubscribeLeave): string {
    return `${this.#publicUrl}/unsubscribe/${this.#token(encodeId('person', personId), kind)}`;
  }

  /** @returns null when the portal did not make this link */
  read(token: string): UnsubscribeLeave | null {
    const [id = '', kind = ''] = token.split('~');
    if (!sameText(token, this.#token(id, kind))) return null;
    const person = parseId(id);
    return person?.kind === 'person' ? { personId: person.uuid, kind } : null;
  }

  #token(id: string, kind: string): string {
    const mac = createHmac('sha256', this.#key).update(`unsubscribe~${id}~${kind}`).digest('base64url');
    return `${id}~${kind}~${mac}`;
  }
}
