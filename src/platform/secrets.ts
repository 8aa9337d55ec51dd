import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

export function newSecretKey(): Buffer {
  return randomBytes(keyBytes);
}

/** A key for one purpose, derived from the portal's secret key (HKDF, RFC 5869), so that purposes cannot be mixed. */
export function deriveKey(secretKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), `sallyport ${purpose}`, keyBytes));
}

/** Encrypts text with AES-256-GCM; the nonce and the tag travel with it. */
export function seal(key: Buffer, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @throws Error when the text was sealed with another key or was changed */
export function open(key: Buffer, sealedText: string): string {
  const sealed = Buffer.from(sealedText, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
}

/** An unguessable token for a link, a session or a key: 32 random bytes, safe in URLs. */
export function newToken(): string {
  return randomBytes(keyBytes).toString('base64url');
}

/** What is kept of a token, so that reading the database gives nobody a token. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
}
