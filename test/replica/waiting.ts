import { setTimeout as pause } from 'node:timers/promises';

/** Servers tell nobody when they have come so far, so they are asked this often, in milliseconds. */
const lookEveryMs = 25;

/** Waits until something is so. @throws Error naming it when that takes too long */
export async function until(what: string, withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`It was not so within ${withinMs / 1000} s that ${what}.`);
    await pause(lookEveryMs);
  }
}
