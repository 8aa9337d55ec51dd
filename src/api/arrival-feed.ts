import type { Log } from '../platform/logging.js';
import { ChangeInbox } from './change-inbox.js';

/** How it is found out that something arrived for people. */
export interface ArrivalLog {
  /** The number of what arrived last, for each of these people; none for those for whom nothing ever did. */
  newestOf(personIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export interface ArrivalFeedOptions {
  readonly arrivals: ArrivalLog;
  readonly log: Pick<Log, 'warn'>;
}

interface Listening {
  readonly personId: string;
  /** The number of what was told last. */
  position: number;
}

/** How long something waits at most until it is seen here. */
const lookEveryMs = 250;

/**
 * Tells people that something arrived for them, whichever process gave it. While somebody listens, one statement asks for the
 * numbers of all who do; numbers of one person become visible in their order, so that nothing is missed.
 */
export class ArrivalFeed {
  readonly #options: ArrivalFeedOptions;
  readonly #listeners = new Map<ChangeInbox, Listening>();
  #isReading = false;
  #isFailing = false;

  constructor(options: ArrivalFeedOptions) {
    this.#options = options;
  }

  /** Listens to what arrives for one person from now on, until the inbox is closed. */
  async listen(personId: string): Promise<ChangeInbox> {
    const newest = await this.#options.arrivals.newestOf([personId]);
    const inbox = new ChangeInbox(() => this.#listeners.delete(inbox));
    this.#listeners.set(inbox, { personId, position: newest.get(personId) ?? 0 });
    if (!this.#isReading) void this.#readOn();
    return inbox;
  }

  async #readOn(): Promise<void> {
    this.#isReading = true;
    while (this.#listeners.size > 0) {
      await this.#read();
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    this.#isReading = false;
  }

  async #read(): Promise<void> {
    const people = [...new Set([...this.#listeners.values()].map(({ personId }) => personId))];
    try {
      this.#tell(await this.#options.arrivals.newestOf(people));
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#options.log.warn({ err: error }, 'Notifications cannot be read; trying on');
      this.#isFailing = true;
    }
  }

  #tell(newest: ReadonlyMap<string, number>): void {
    for (const [inbox, listening] of this.#listeners) {
      const { personId, position } = listening;
      const through = newest.get(personId) ?? 0;
      if (through <= position) continue;
      inbox.put({ id: personId, after: position, through });
      listening.position = through;
    }
  }
}
