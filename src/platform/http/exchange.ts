import { AsyncLocalStorage } from 'node:async_hooks';

/** One request and its answer, as the log and the metrics tell of it. Holds nothing the caller sent but names. */
export interface Exchange {
  readonly requestId: string;
  /** Answered, given up, or left by the caller: work still going on may stop. */
  isOver?: boolean;
  operation?: { readonly name: string | null; readonly type: string };
  /** Who asked, by kind: a person, staff, a machine, nobody. */
  actor?: string;
  /** The first error code that was answered; undefined when all went well. */
  code?: string;
  /** Is the answer a stream, which ends when its reader likes? */
  isStream?: boolean;
  /** Bugs and outages already logged for this request, so that each is logged once. */
  logged?: Set<unknown>;
}

const exchanges = new AsyncLocalStorage<Exchange>();

/** Runs work, and all that it starts, as part of the exchange. */
export function inExchange(exchange: Exchange, work: () => void): void {
  exchanges.run(exchange, work);
}

/** The exchange that the running code belongs to; undefined outside of requests. */
export function currentExchange(): Exchange | undefined {
  return exchanges.getStore();
}
