import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../../src/reports/csv.js';
import { OpenFiles, openStream, streamLimits } from '../../src/reports/report-stream.js';

/** Pages of some 100 kB without an end, and what became of them. */
function endlessPages() {
  const seen = { read: 0, ended: Promise.withResolvers<void>() };
  async function* pages(): AsyncGenerator<readonly (readonly Cell[])[], void, void> {
    try {
      for (;;) {
        seen.read += 1;
        // As from a database, which takes its time.
        await setImmediate();
        yield Array.from({ length: 1_000 }, (_none, n) => [n, 'x'.repeat(100)]);
      }
    } finally {
      seen.ended.resolve();
    }
  }
  return { seen, pages: pages() };
}

async function* twoPages(): AsyncGenerator<readonly (readonly Cell[])[], void, void> {
  yield [[1, 'one']];
  yield [[2, 'two']];
}

describe('a report on its way out', () => {
  it('is its columns and its pages, after a byte order mark', async () => {
    const stream = await openStream(['n', 'name'], twoPages(), streamLimits);
    expect((await buffer(stream)).toString()).toBe('\uFEFF"n","name"\r\n1,"one"\r\n2,"two"\r\n');
  });

  it('says what is wrong before there is anything to send', async () => {
    async function* broken(): AsyncGenerator<readonly (readonly Cell[])[], void, void> {
      yield* [];
      throw new Error('The database is gone.');
    }
    await expect(openStream(['n'], broken(), streamLimits)).rejects.toThrow('The database is gone.');
  });

  it('reads no further while nobody takes it, and is given up after a while', async () => {
    const { seen, pages } = endlessPages();
    const stream = await openStream(['n', 'x'], pages, { withinMs: 60_000, pageWithinMs: 200 });
    // Whoever looks at it once and then not again.
    stream.once('readable', () => undefined);
    const [error] = await once(stream, 'error');
    expect(String(error)).toContain('Nobody took the rest');
    await seen.ended.promise;
    expect(seen.read).toBeLessThanOrEqual(3);
  });

  it('is given up when it takes too long in all, however eagerly it is taken', async () => {
    const { seen, pages } = endlessPages();
    const stream = await openStream(['n', 'x'], pages, { withinMs: 200, pageWithinMs: 60_000 });
    const failed = once(stream, 'error');
    stream.resume();
    await failed;
    await seen.ended.promise;
  });

  it('lets go of what it reads from when it is left before it began', async () => {
    const { seen, pages } = endlessPages();
    const released = Promise.withResolvers<void>();
    const stream = await openStream(['n', 'x'], pages, streamLimits, released.resolve);
    stream.destroy();
    await seen.ended.promise;
    await released.promise;
    expect(seen.read).toBe(1);
  });
});

describe('files that leave at a time', () => {
  it('are so many and no more, until one is out', () => {
    const open = new OpenFiles(2);
    const leave = open.enter();
    open.enter();
    expect(() => open.enter()).toThrow('Other reports are being exported');
    leave();
    leave();
    open.enter();
    expect(() => open.enter()).toThrow('Other reports are being exported');
  });
});
