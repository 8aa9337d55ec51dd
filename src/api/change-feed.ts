import type { Log } from '../platform/logging.js';
import { type Change, ChangeInbox } from './change-inbox.js';

/** What listeners are told of: one application, or the applications that pass through one queue. */
export type Topic =
  | { readonly applicationId: string; readonly queue?: undefined }
  | { readonly queue: string; readonly applicationId?: undefined };

/** What happened to an application, as the audit log numbers it. */
export interface LoggedChange {
  readonly sequence: number;
  readonly applicationId: string;
  /** The queues that the application is in, or may have left by it. */
  readonly queues: readonly string[];
}

/** How the log is read. */
export interface ChangeLog {
  /** The number of the newest change. */
  newest(): Promise<number>;
  /** The changes after the one with this number, oldest first: at most `mostAtOnce`. */
  after(sequence: number, mostAtOnce: number): Promise<readonly LoggedChange[]>;
}

export interface ChangeFeedOptions {
  readonly changes: ChangeLog;
  readonly log: Pick<Log, 'warn'>;
}

/** How long a change of another process waits at most until it is seen here, and how often the log is asked at most. */
const lookEveryMs = 250;
const restMs = 20;
const mostAtOnce = 500;

/**
 * Tells listeners of changes, whichever process made them. While somebody listens it reads on in the audit log, whose
 * numbers have no gaps and become visible in their order; so it misses nothing, and commands pay nothing for it.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #listeners = new Map<ChangeInbox, Topic>();
  #beginning: Promise<void> | null = null;
  #position = 0;
  #wake: (() => void) | null = null;
  #isAwake = false;
  #isFailing = false;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  /** Listens from now on, until the inbox is closed. */
  async listen(topic: Topic): Promise<ChangeInbox> {
    const inbox = new ChangeInbox(() => this.#leave(inbox));
    this.#listeners.set(inbox, topic);
    this.#beginning ??= this.#begin();
    try {
      await this.#beginning;
    } catch (error) {
      await inbox.return();
      throw error;
    }
    return inbox;
  }

  /** Something was committed here, so there is something to read. */
  look(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  #leave(inbox: ChangeInbox): void {
    this.#listeners.delete(inbox);
    // Whoever comes next must not be told of what happened in between.
    if (this.#listeners.size === 0) this.#wake?.();
  }

  async #begin(): Promise<void> {
    try {
      this.#position = await this.#options.changes.newest();
    } catch (error) {
      this.#beginning = null;
      throw error;
    }
    void this.#readOn();
  }

  async #readOn(): Promise<void> {
    while (this.#listeners.size > 0) {
      const isMore = await this.#read();
      if (!isMore) await this.#rest();
    }
    this.#beginning = null;
  }

  /** @returns whether there is more to be read at once */
  async #read(): Promise<boolean> {
    this.#isAwake = false;
    try {
      const found = await this.#options.changes.after(this.#position, mostAtOnce);
      for (const change of found) this.#tell(change);
      this.#isFailing = false;
      return found.length === mostAtOnce;
    } catch (error) {
      if (!this.#isFailing) this.#options.log.warn({ err: error }, 'Changes cannot be read; trying on');
      this.#isFailing = true;
      return false;
    }
  }

  #tell({ sequence, applicationId, queues }: LoggedChange): void {
    this.#position = sequence;
    const change: Change = { id: applicationId, after: sequence - 1, through: sequence };
    for (const [inbox, topic] of this.#listeners) {
      if (topic.queue === undefined ? topic.applicationId === applicationId : queues.includes(topic.queue)) {
        inbox.put(change);
      }
    }
  }

  /** A moment, however busy the portal is, and then until something happens here or elsewhere. */
  async #rest(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, restMs));
    if (this.#isAwake || this.#listeners.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lookEveryMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
