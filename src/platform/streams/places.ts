import { Refusal } from '../errors.js';

/** How many streams may be open in one process. */
export interface StreamLimits {
  readonly streams: number;
  /** Of one person or key. */
  readonly streamsOfOne: number;
}

export const streamLimits: StreamLimits = { streams: 1_000, streamsOfOne: 20 };

/** When it makes sense to try again, in seconds. */
const tryAgainSeconds = 30;

/** The places for open streams. */
export class Places {
  readonly #limits: StreamLimits;
  readonly #taken = new Map<string, number>();
  #count = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#count;
  }

  /**
   * Takes a place.
   * @returns gives it back; doing so again does nothing
   * @throws Refusal RATE_LIMITED when all are taken
   */
  take(holder: string): () => void {
    const { streams, streamsOfOne } = this.#limits;
    const own = this.#taken.get(holder) ?? 0;
    if (own >= streamsOfOne) {
      const sentence = `You have ${own} streams open, which is the most allowed. Close one first.`;
      throw Refusal.rateLimited(sentence, tryAgainSeconds);
    }
    if (this.#count >= streams) {
      throw Refusal.rateLimited('As many streams are open as this server carries. Try again later.', tryAgainSeconds);
    }
    this.#taken.set(holder, own + 1);
    this.#count += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#giveBack(holder);
      isHeld = false;
    };
  }

  #giveBack(holder: string): void {
    const own = (this.#taken.get(holder) ?? 0) - 1;
    if (own > 0) this.#taken.set(holder, own);
    else this.#taken.delete(holder);
    this.#count -= 1;
  }
}
