import { Readable } from 'node:stream';
import { Refusal } from '../platform/errors.js';
import { byteOrderMark, type Cell, csvLine } from './csv.js';

/** How long a file may take, in milliseconds. */
export interface StreamLimits {
  /** In all. */
  readonly withinMs: number;
  /** Between taking one page of it and asking for the next. */
  readonly pageWithinMs: number;
}

export const streamLimits: StreamLimits = { withinMs: 10 * 60_000, pageWithinMs: 30_000 };

type Pages = AsyncGenerator<readonly (readonly Cell[])[], void, void>;

/**
 * Pages of a report as bytes. The first page is read before there is anything to send, so that whatever is wrong can
 * still be answered as an error. After that a page is read when the one before was taken: a client that does not read
 * holds up the reading and fills no memory, and is let go when it takes too long.
 * @param released is called when nothing is read any more, also when this function throws
 */
export async function openStream(
  columns: readonly string[],
  pages: Pages,
  limits: StreamLimits,
  released: () => void = () => undefined,
): Promise<Readable> {
  const first = await pages.next().catch((error: unknown) => {
    released();
    throw error;
  });
  const stream: Readable = Readable.from(lines(), { objectMode: false, highWaterMark: 64 * 1024 });
  const giveUp = () => stream.destroy(new Error('Nobody took the rest of this report in time.'));
  const atLast = setTimeout(giveUp, limits.withinMs);
  stream.once('close', () => {
    clearTimeout(atLast);
    // However it ended, and also when it never began.
    pages.return().then(released, released);
  });
  return stream;

  async function* lines() {
    yield byteOrderMark + csvLine(columns);
    for (let page = first; !page.done; page = await pages.next()) {
      const late = setTimeout(giveUp, limits.pageWithinMs);
      try {
        yield page.value.map(csvLine).join('');
      } finally {
        clearTimeout(late);
      }
    }
  }
}

/** How many files leave one process at a time. Each takes a connection of the pool for as long as it lasts. */
export class OpenFiles {
  readonly #most: number;
  #open = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @returns what is to be called when the file is out, or is not to come
   * @throws Refusal RATE_LIMITED when there are as many as there may be
   */
  enter(): () => void {
    if (this.#open >= this.#most) {
      throw Refusal.rateLimited('Other reports are being exported at this moment. Try again in a while.', 10);
    }
    this.#open += 1;
    let isOpen = true;
    return () => {
      if (isOpen) this.#open -= 1;
      isOpen = false;
    };
  }
}
