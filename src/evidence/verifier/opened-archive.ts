import { closeSync, createReadStream, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { linesOf } from '../lines.js';

interface Place {
  readonly file: string;
  readonly start: number;
  readonly size: number;
}

/** An archive, packed or unpacked. */
export class OpenedArchive {
  readonly #places: ReadonlyMap<string, Place>;

  constructor(path: string) {
    this.#places = statSync(path).isDirectory() ? inFolder(path) : inTar(path);
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  bytes(name: string): Readable {
    const place = this.#places.get(name);
    if (!place) throw new Error(`${name} is not in the archive.`);
    const { file, start, size } = place;
    return createReadStream(
      file,
      size === 0 ? { start, end: start, highWaterMark: 1 } : { start, end: start + size - 1 },
    );
  }

  async text(name: string): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.bytes(name)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }

  /** The lines of a file, each with its number; nothing when it is empty or not there. */
  async *lines(name: string): AsyncGenerator<{ readonly number: number; readonly text: string }> {
    if (!this.#places.get(name)?.size) return;
    let number = 0;
    for await (const text of linesOf(this.bytes(name))) {
      number += 1;
      yield { number, text };
    }
  }

  sizeOf(name: string): number {
    return this.#places.get(name)?.size ?? 0;
  }
}

function inFolder(folder: string): ReadonlyMap<string, Place> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isFile());
  return new Map(
    names.map(({ name }) => {
      const file = join(folder, name);
      return [name, { file, start: 0, size: statSync(file).size }];
    }),
  );
}

/** Reads the headers only. */
function inTar(file: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const opened = openSync(file, 'r');
  const header = Buffer.alloc(512);
  for (let at = 0; readSync(opened, header, 0, 512, at) === 512 && header[0] !== 0; ) {
    const name = textIn(header, 0, 100);
    const size = Number.parseInt(textIn(header, 124, 12), 8);
    places.set(name, { file, start: at + 512, size });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  closeSync(opened);
  return places;
}

function textIn(header: Buffer, from: number, length: number): string {
  const text = header.toString('utf8', from, from + length);
  return text.slice(0, text.includes('\0') ? text.indexOf('\0') : length);
}
