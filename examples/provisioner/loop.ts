import { setTimeout as wait } from 'node:timers/promises';
import { Unreachable } from './portal.ts';

export type Tell = (did: string, about?: object) => void;

const firstWaitMs = 500;
const longestWaitMs = 30_000;

/**
 * Does a round again and again until it is told to stop. After a round with nothing to do it waits for the next; when
 * the portal cannot be reached, twice as long each time, and never quite the same time as others.
 */
export async function loop(
  round: () => Promise<number>,
  { pollMs, stop, tell }: { readonly pollMs: number; readonly stop: AbortSignal; readonly tell: Tell },
): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    let pause = 0;
    try {
      pause = (await round()) > 0 ? 0 : pollMs;
      failures = 0;
    } catch (error) {
      failures += 1;
      pause = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
      const why = error instanceof Unreachable ? 'the portal is away' : 'the round failed';
      tell(why, { message: error instanceof Error ? error.message : String(error), nextInMs: Math.round(pause) });
    }
    if (pause > 0) await wait(pause, undefined, { signal: stop }).catch(() => undefined);
  }
}
