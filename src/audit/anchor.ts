import { type KeyObject, sign, verify } from 'node:crypto';
import type { Link } from './audit-chain.js';

/** What was dropped from the beginning of the log, and so where it begins: after the last record that went. */
export interface AnchorStatement extends Link {
  /** The first record that went with it; those before had gone earlier. */
  readonly firstSequence: number;
  /** When the last record that went had happened. RFC 3339 in UTC, like the other moment. */
  readonly lastAt: string;
  /** By which setting, e.g. `AUDIT_RETENTION_MONTHS=60`. */
  readonly policy: string;
  /** Whose log it is: the portal's public address. */
  readonly log: string;
  /** When they were dropped. */
  readonly at: string;
}

export interface Anchor extends AnchorStatement {
  /** Ed25519 (RFC 8032) in base64, over `signedText`. */
  readonly signature: string;
}

/** Signs it with the key of checkpoints. Without it, whoever can write to the database could say where the log begins. */
export function signAnchor(statement: AnchorStatement, privateKey: KeyObject): Anchor {
  return { ...statement, signature: sign(null, signedText(statement), privateKey).toString('base64') };
}

/** Did the holder of the key sign exactly this? */
export function isAnchorSignedBy(anchor: Anchor, publicKey: KeyObject): boolean {
  return verify(null, signedText(anchor), publicKey, Buffer.from(anchor.signature, 'base64'));
}

/** Under a heading of its own: a checkpoint, which anybody may have, must not pass for an anchor. */
function signedText({ log, firstSequence, sequence, hash, lastAt, policy, at }: AnchorStatement): Buffer {
  const lines = ['sallyport audit anchor 1', log, firstSequence, sequence, hash, lastAt, policy, at];
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}
