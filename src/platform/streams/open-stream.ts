import type { ExecutionResult } from 'graphql';
import { Refusal } from '../errors.js';
import type { Subscribing, Subscription } from '../graphql/subscribing.js';
import type { EventStream } from './event-stream.js';

export interface Opening<Context> {
  readonly subscribing: Subscribing<Context>;
  readonly subscription: Subscription;
  /** What happens. */
  readonly source: AsyncIterable<unknown>;
  readonly stream: EventStream;
  /** Who asks, looked up anew. @throws Refusal UNAUTHENTICATED when it is not who opened the stream any more */
  readonly renewed: () => Promise<Context>;
}

/** How long at most a stream goes on whose session has ended, while nothing happens that would be told. */
const lookedUpEveryMs = 5_000;

/** A subscription under way: what happens, told to one subscriber as they may hear of it. */
export class OpenStream<Context> {
  readonly #opening: Opening<Context>;
  readonly #source: AsyncIterator<unknown>;
  readonly #watch: NodeJS.Timeout;
  #refusal: Refusal | null = null;

  constructor(opening: Opening<Context>) {
    this.#opening = opening;
    this.#source = opening.source[Symbol.asyncIterator]();
    this.#watch = setInterval(() => void this.#look(), lookedUpEveryMs);
  }

  /** Results, each read when it is its turn, which is when the one before was taken. */
  async *results(): AsyncGenerator<ExecutionResult, void, undefined> {
    const { subscribing, stream } = this.#opening;
    let told = 0;
    for (;;) {
      const { done, value } = await this.#source.next();
      if (done) break;
      const result = await this.#tell(value);
      if (this.#refusal) break;
      if (result === null) continue;
      told += 1;
      yield result;
      await stream.taken(told);
    }
    if (this.#refusal) yield subscribing.refused(this.#refusal);
  }

  /** Hears of nothing any more. */
  close(): void {
    clearInterval(this.#watch);
    void this.#source.return?.();
  }

  async #tell(event: unknown): Promise<ExecutionResult | null> {
    const { subscribing, subscription, renewed } = this.#opening;
    try {
      return await subscribing.tell(subscription, await renewed(), event);
    } catch (error) {
      if (!isEnd(error)) throw error;
      this.#end(error);
      return null;
    }
  }

  async #look(): Promise<void> {
    try {
      await this.#opening.renewed();
    } catch (error) {
      // During an outage nothing can be told either.
      if (isEnd(error)) this.#end(error);
    }
  }

  /** Nothing is told from here on but why; to whoever does not even read what was told before, not that. */
  #end(refusal: Refusal): void {
    this.#refusal = refusal;
    this.close();
    if (this.#opening.stream.isWriting) this.#opening.stream.cutOff();
  }
}

function isEnd(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code === 'UNAUTHENTICATED';
}
