import { createReadStream } from 'node:fs';
import { Refusal } from '../platform/errors.js';

const blockSize = 512;
/** What eleven octal digits can say. */
const mostBytes = 0o77777777777;

export interface TarEntry {
  readonly name: string;
  /** Where its bytes are. */
  readonly file: string;
  readonly size: number;
}

/**
 * A tar archive (POSIX ustar) of files, as bytes. Files only, with short names.
 * @param at when all of them were made
 */
export async function* tarOf(entries: readonly TarEntry[], at: Date): AsyncGenerator<Uint8Array> {
  for (const { name, file, size } of entries) {
    yield headerOf(name, size, at);
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
    yield new Uint8Array((blockSize - (size % blockSize)) % blockSize);
  }
  yield new Uint8Array(2 * blockSize);
}

function headerOf(name: string, size: number, at: Date): Uint8Array {
  if (size > mostBytes) throw Refusal.of('LIMIT_REACHED', `${name} has more than 8 GiB; ask for a shorter period.`);
  const header = Buffer.alloc(blockSize);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(Math.floor(at.getTime() / 1000), 11), 136);
  // The sum is made as if it were blanks itself.
  header.write('        0', 148);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
