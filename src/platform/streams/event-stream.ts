import type { Writable } from 'node:stream';

/** How long a reader may take nothing of what was written, before the connection is given up. */
export const takenWithinMs = 60_000;

/** Asked to come back after some seconds, not all at once. */
const comeBackWithinMs = { least: 1_000, most: 4_000 };

/** How graphql-sse writes an event that holds a result; everything else it writes is small, and rare. */
const isResult = (message: string): boolean => message.startsWith('event: next');

/**
 * An answer of server-sent events. It writes one message at a time and knows when the reader's side has taken it: who
 * reads slowly is sent less, and what was not sent yet is nowhere kept.
 */
export class EventStream {
  readonly #response: Writable;
  #taken = 0;
  #isWriting = false;
  #isOver = false;
  #changed: (() => void) | null = null;

  constructor(response: Writable) {
    this.#response = response;
    response.once('close', () => this.#end());
  }

  /** Is something written that the reader has not taken yet? */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Writes the messages, as fast as they are taken, and ends the answer after the last. */
  async send(messages: AsyncIterable<string>): Promise<void> {
    for await (const message of messages) {
      if (!(await this.#write(message))) return;
      if (isResult(message)) this.#taken += 1;
      this.#changed?.();
    }
    this.#response.end();
  }

  /** Waits until so many results were taken, or the stream is over. */
  async taken(results: number): Promise<void> {
    while (this.#taken < results && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** Ends the answer in the middle, which has clients connect again; says why, for people who look. */
  leave(reason: string): void {
    if (this.#isOver) return;
    // Behind what is not taken nothing arrives.
    if (this.#isWriting) this.cutOff();
    else {
      const { least, most } = comeBackWithinMs;
      const after = Math.round(least + Math.random() * (most - least));
      this.#response.end(`retry: ${after}\n: ${reason}\n\n`);
      this.#end();
    }
  }

  /** Ends the connection. */
  cutOff(): void {
    this.#response.destroy();
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#changed?.();
  }

  #write(message: string): Promise<boolean> {
    if (this.#isOver || !this.#response.writable) return Promise.resolve(false);
    this.#isWriting = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.cutOff(), takenWithinMs);
      const written = (isTaken: boolean) => {
        clearTimeout(timer);
        this.#isWriting = false;
        resolve(isTaken);
      };
      const closed = () => written(false);
      this.#response.once('close', closed);
      this.#response.write(message, (error) => {
        this.#response.off('close', closed);
        written(!error);
      });
    });
  }
}
