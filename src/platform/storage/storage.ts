import type { Readable } from 'node:stream';

/** What has arrived, before it is kept. */
export interface Received {
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** A local file that holds the bytes for as long as they are being checked. */
  readonly file: string;
}

/** Where bytes are kept under keys that the portal chooses. What is kept never changes; it is only ever removed. */
export interface Storage {
  /**
   * Keeps bytes under a key: all of them, safely on disk, or none. They are hashed and counted as they pass and never
   * held in memory. `check` sees what has arrived before it is kept, and keeps it out by throwing.
   * @throws Refusal ALREADY_EXISTS when something is kept under the key, UNAVAILABLE when there is no room
   */
  write(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    check: (received: Received) => Promise<void>,
  ): Promise<{ readonly size: number; readonly sha256: string }>;
  /** How many bytes are kept under the key; null when there is nothing. */
  sizeOf(key: string): Promise<number | null>;
  /** The bytes kept under the key; null when there is nothing. Whoever opens them reads or destroys them. */
  open(key: string): Promise<{ readonly size: number; readonly bytes: Readable } | null>;
  /** Removes what is kept under the key, if anything is. */
  remove(key: string): Promise<void>;
  /** Removes what interrupted writes have left behind before this moment. */
  removeLeftovers(before: Date): Promise<void>;
  /** @throws Refusal UNAVAILABLE when nothing can be written */
  probe(): Promise<void>;
}

const keyForm = /^[0-9a-f]{64}$/;

/** Keys name files and objects, so whatever is not one of our own is a bug. */
export function requireStorageKey(key: string): string {
  if (!keyForm.test(key)) throw new Error('This is not a storage key.');
  return key;
}
