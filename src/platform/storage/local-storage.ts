import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Refusal } from '../errors.js';
import { type Received, requireStorageKey, type Storage } from './storage.js';

/** Errors of the file system that say the disk, or somebody's share of it, is full. */
const noRoom = new Set(['ENOSPC', 'EDQUOT']);

const ownerOnly = { file: 0o600, folder: 0o700 } as const;

/**
 * Keeps bytes as files of a folder. A file is written under another name, flushed, checked, and only then linked to its
 * own name, which fails when the name is taken: so a file that can be seen is whole, and is never replaced.
 */
export class LocalStorage implements Storage {
  readonly #folder: string;
  /** Where files grow; on the same file system, because links do not reach across. */
  readonly #incoming: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#incoming = join(folder, 'incoming');
  }

  /** Opens the folder, making it when there is none. */
  static async open(folder: string): Promise<LocalStorage> {
    const storage = new LocalStorage(folder);
    await mkdir(storage.#incoming, { recursive: true, mode: ownerOnly.folder });
    return storage;
  }

  async write(
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    check: (received: Received) => Promise<void>,
  ): Promise<{ readonly size: number; readonly sha256: string }> {
    const kept = this.#fileOf(key);
    return this.#growing(async (file, handle) => {
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of bytes) {
        hash.update(chunk);
        size += chunk.byteLength;
        await handle.appendFile(chunk);
      }
      await handle.sync();
      const sha256 = hash.digest('hex');
      await check({ size, sha256, file });
      await this.#keep(file, kept);
      return { size, sha256 };
    });
  }

  async sizeOf(key: string): Promise<number | null> {
    const found = await stat(this.#fileOf(key)).catch(nullWhenAbsent);
    return found?.size ?? null;
  }

  async open(key: string) {
    const handle = await open(this.#fileOf(key), 'r').catch(nullWhenAbsent);
    if (!handle) return null;
    try {
      const { size } = await handle.stat();
      return { size, bytes: handle.createReadStream() };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#fileOf(key), { force: true });
  }

  async removeLeftovers(before: Date): Promise<void> {
    for (const name of await readdir(this.#incoming)) {
      const file = join(this.#incoming, name);
      const found = await stat(file).catch(nullWhenAbsent);
      if (found && found.mtime < before) await rm(file, { force: true });
    }
  }

  async probe(): Promise<void> {
    try {
      await this.#growing((_file, handle) => handle.appendFile('probe'));
    } catch (error) {
      throw Refusal.of('UNAVAILABLE', `The documents' folder cannot be written: ${codeOf(error) ?? 'unknown error'}.`);
    }
  }

  /** A new file that is gone when the work ends, whichever way. */
  async #growing<T>(work: (file: string, handle: FileHandle) => Promise<T>): Promise<T> {
    const file = join(this.#incoming, randomBytes(16).toString('hex'));
    try {
      const handle = await open(file, 'wx', ownerOnly.file);
      try {
        return await work(file, handle);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!noRoom.has(codeOf(error) ?? '')) throw error;
      throw Refusal.of('UNAVAILABLE', 'There is no room for this document at present; try again later.');
    } finally {
      await rm(file, { force: true });
    }
  }

  async #keep(incoming: string, file: string): Promise<void> {
    const folder = dirname(file);
    const isNew = (await mkdir(folder, { recursive: true, mode: ownerOnly.folder })) !== undefined;
    try {
      await link(incoming, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      throw Refusal.of('ALREADY_EXISTS', 'The bytes of this document have been received already.');
    }
    await flushFolder(folder);
    if (isNew) await flushFolder(this.#folder);
  }

  /** Spread over folders, so that none holds very many. */
  #fileOf(key: string): string {
    return join(this.#folder, requireStorageKey(key).slice(0, 2), key);
  }
}

/** A new name is on disk only once its folder is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function nullWhenAbsent(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null;
  throw error;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
