import { isDeepStrictEqual } from 'node:util';

/** Tells a story line by line, each once what it says has been done and checked. */
export class Story {
  readonly #tell: (line: string) => void;
  steps = 0;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  chapter(title: string): void {
    this.#tell(`\n${title}`);
  }

  /** Does one step and tells of it. @throws Error naming the step, when it did not do what it says */
  async step<T>(line: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.steps += 1;
      this.#tell(`  ✓ ${line}`);
      return result;
    } catch (error) {
      this.#tell(`  ✗ ${line}`);
      throw new Error(`“${line}” did not go so: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}

/** @throws Error saying what was found instead */
export function expectSame(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Error(`expected ${JSON.stringify(expected)} and found ${JSON.stringify(found)}`);
  }
}

/** @throws Error saying what is missing */
export function expectAmong(found: readonly unknown[], expected: readonly unknown[]): void {
  const missing = expected.filter((wanted) => !found.some((value) => isDeepStrictEqual(value, wanted)));
  if (missing.length > 0) throw new Error(`${JSON.stringify(missing)} is not among ${JSON.stringify(found)}`);
}

/** How long something that a machine does may take, in milliseconds. */
const machinesWithinMs = 30_000;
const lookEveryMs = 50;

/** Waits until something holds that a machine brings about. @throws what it threw last, when it does not come to hold */
export async function soon(check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + machinesWithinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, lookEveryMs);
    });
  }
}
