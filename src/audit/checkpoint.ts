import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { deriveKey } from '../platform/secrets.js';
import { beginning } from './audit-chain.js';
import { hashesAt, readEnd } from './audit-log.queries.js';

/** A signed statement that the log held so many records at a moment, the last of them with this hash. */
export interface Checkpoint {
  /** Whose log it is: the portal's public address. */
  readonly log: string;
  readonly size: number;
  readonly hash: string;
  /** RFC 3339 in UTC. */
  readonly at: string;
  /** Ed25519 (RFC 8032) in base64, over `signedText`. */
  readonly signature: string;
}

const form = z.strictObject({
  log: z.string().regex(/^[^\r\n]+$/),
  size: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime({ precision: 3 }),
  signature: z.base64().min(1),
});

/** The beginning of an Ed25519 private key in PKCS #8 (RFC 8410, section 7); the 32 bytes of the key follow. */
const privateKeyHead = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that checkpoints are signed with; it follows from the portal's secret key. */
export function checkpointKey(secretKey: Buffer): KeyObject {
  const seed = deriveKey(secretKey, 'audit checkpoints');
  return createPrivateKey({ key: Buffer.concat([privateKeyHead, seed]), format: 'der', type: 'pkcs8' });
}

/** The other half of that key, for whoever is to check checkpoints: PEM. */
export function checkpointPublicKey(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString();
}

/**
 * Signs how long the log is now.
 * @throws Refusal CONFLICT when the log's end is not as it was written: that must not be signed
 */
export async function signCheckpoint(
  database: RawSql,
  signer: { readonly log: string; readonly privateKey: KeyObject },
  now: Date,
): Promise<Checkpoint> {
  const { head } = await readEnd(database, null);
  const { sequence: size, hash } = head ?? { sequence: -1, hash: '' };
  const recorded = size === 0 ? beginning.hash : (await hashesAt(database, [size])).get(size);
  if (recorded !== hash) {
    throw Refusal.of(
      'CONFLICT',
      'The audit log does not end where it should, so it is not signed. Run "npx sallyport audit verify".',
    );
  }
  const statement = { log: signer.log, size, hash, at: now.toISOString() };
  const signature = sign(null, Buffer.from(signedText(statement)), signer.privateKey).toString('base64');
  return { ...statement, signature };
}

/** Did the holder of the key sign exactly this? */
export function isSignedBy(checkpoint: Checkpoint, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(signedText(checkpoint)), publicKey, Buffer.from(checkpoint.signature, 'base64'));
}

/** A checkpoint from its line of JSON; null when the text is none. */
export function parseCheckpoint(line: string): Checkpoint | null {
  try {
    return form.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** What is signed: a heading and the four facts, each ended by a line feed. */
function signedText({ log, size, hash, at }: Omit<Checkpoint, 'signature'>): string {
  return `sallyport audit checkpoint 1\n${log}\n${size}\n${hash}\n${at}\n`;
}
