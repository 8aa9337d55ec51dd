import { type Answer, Connection } from './connection.js';
import type { ProcessorTime } from './processor-time.js';

/** What one turn of one server gave. */
export interface Turn {
  readonly requests: number;
  readonly seconds: number;
  /** In milliseconds, one for each request. */
  readonly latencies: Float64Array;
}

/** A turn with the processor time that each request took. */
export interface MeasuredTurn extends Turn {
  readonly processor: ProcessorTime;
}

export interface Driving {
  readonly port: number;
  readonly requests: readonly Buffer[];
  readonly connections: number;
  /** Not asked again after this long; what is under way is waited for. */
  readonly milliseconds: number;
  /** Each request is asked once, and the turn is over when none is left; otherwise they are asked round and round. */
  readonly once: boolean;
  /** The request to begin with. */
  readonly from?: number;
}

/** An answer that takes longer ends the run, in milliseconds. */
const longestAnswerMs = 120_000;

const refusal = Buffer.from('"errors":[{');
const success = Buffer.from('{"data":{');

/**
 * Asks requests over a number of connections, the next one on each as soon as an answer is there.
 * @throws Error when an answer is a refusal: a server that refuses is fast, and measures nothing
 */
export async function drive({ port, requests, connections, milliseconds, once, from = 0 }: Driving): Promise<Turn> {
  const opened = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const giveUp = setTimeout(() => {
    for (const connection of opened) connection.close();
  }, milliseconds + longestAnswerMs);
  const latencies: number[] = [];
  let next = from;
  const began = performance.now();
  const until = began + milliseconds;

  async function askOn(connection: Connection): Promise<void> {
    for (let now = performance.now(); now < until; ) {
      const request = requests[once ? next : next % requests.length];
      if (!request) return;
      next += 1;
      requireSuccess(await connection.ask(request), request);
      const later = performance.now();
      latencies.push(later - now);
      now = later;
    }
  }

  try {
    await Promise.all(opened.map(askOn));
    const seconds = (performance.now() - began) / 1000;
    return { requests: latencies.length, seconds, latencies: Float64Array.from(latencies) };
  } finally {
    clearTimeout(giveUp);
    for (const connection of opened) connection.close();
  }
}

export function requireSuccess({ status, body }: Answer, request: Buffer): void {
  if (status === 200 && body.indexOf(success) === 0 && !body.includes(refusal)) return;
  throw new Error(
    `A request was refused with status ${status}: ${body.toString('utf8').slice(0, 2000)}\nIt was:\n${request.toString('utf8')}`,
  );
}
