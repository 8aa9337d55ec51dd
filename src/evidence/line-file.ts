import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from './archive-lines.js';

/** A file of lines of JSON that is written as its lines come, in as much memory as one of them takes. */
export class LineFile {
  readonly #stream: WriteStream;
  readonly #hash = createHash('sha256');
  #size = 0;
  #lines = 0;

  constructor(folder: string, name: string) {
    this.#stream = createWriteStream(join(folder, name), { mode: 0o600, flush: true });
  }

  get lines(): number {
    return this.#lines;
  }

  async add(line: object): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    this.#hash.update(bytes);
    this.#size += bytes.byteLength;
    this.#lines += 1;
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain');
  }

  async end(): Promise<FileEntry> {
    this.#stream.end();
    await once(this.#stream, 'close');
    return { sha256: this.#hash.digest('hex'), size: this.#size, lines: this.#lines };
  }
}

/** A file that is written at once. */
export async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<FileEntry> {
  await writeFile(join(folder, name), bytes, { mode: 0o600, flush: true });
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.byteLength, lines: null };
}
