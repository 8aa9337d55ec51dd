/** Changes of one application that are told together, or what arrived for one person. */
export interface Change {
  /** The application's id, or the person's. */
  readonly id: string;
  /** What it is about, by numbers of audit records or of the person's notifications: those after the first and through the last. */
  readonly after: number;
  readonly through: number;
}

/** The listener did not take what there was, until there was too much. */
export class FellBehind extends Error {
  constructor() {
    super('More changed than was taken.');
    this.name = 'FellBehind';
  }
}

/** How many applications a listener may be behind with. */
const mostWaiting = 100;

/**
 * What a listener has not taken yet. Changes of one application wait as one, because what it has become is read when the
 * change is told; so a listener who takes nothing costs next to nothing.
 */
export class ChangeInbox implements AsyncIterableIterator<Change> {
  readonly #waiting = new Map<string, Change>();
  readonly #closed: () => void;
  #state: 'open' | 'overfull' | 'closed' = 'open';
  #arrived: (() => void) | null = null;

  constructor(closed: () => void) {
    this.#closed = closed;
  }

  put(change: Change): void {
    if (this.#state !== 'open') return;
    const { id, through } = change;
    const earlier = this.#waiting.get(id);
    if (!earlier && this.#waiting.size >= mostWaiting) {
      this.#state = 'overfull';
      this.#waiting.clear();
    } else this.#waiting.set(id, earlier ? { ...earlier, through } : change);
    this.#arrived?.();
  }

  /** The next change, once there is one. @throws FellBehind when changes were lost */
  async next(): Promise<IteratorResult<Change, undefined>> {
    while (this.#state === 'open') {
      const [change] = this.#waiting.values();
      if (change) {
        this.#waiting.delete(change.id);
        return { done: false, value: change };
      }
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    if (this.#state === 'overfull') throw new FellBehind();
    return { done: true, value: undefined };
  }

  /** Closes the inbox; whoever waits for the next change is told that there is none. */
  async return(): Promise<IteratorResult<Change, undefined>> {
    if (this.#state !== 'closed') this.#closed();
    this.#state = 'closed';
    this.#waiting.clear();
    this.#arrived?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
