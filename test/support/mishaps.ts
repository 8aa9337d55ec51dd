import type { Doorway } from '../../src/doorway/doorway.js';

/** The process dies in a job: before what a command of it writes is committed, or when it is and nobody knows of it. */
export interface Mishap {
  /** After so many more commands of jobs. */
  readonly after: number;
  readonly isCommitted: boolean;
}

/** Has the jobs of a portal cut off, once for each mishap; they are tried again as after a crash. */
export class Mishaps {
  /** How often one was cut off. */
  happened = 0;
  #next: Mishap | null = null;

  constructor(doorway: Doorway) {
    const execute = doorway.execute.bind(doorway);
    const dying = (async (...given: Parameters<Doorway['execute']>) => {
      if (given[2].actor.kind !== 'SYSTEM') return execute(...given);
      const mishap = this.#due();
      if (mishap && !mishap.isCommitted) throw new Error('The process dies here.');
      const result = await execute(...given);
      if (mishap) throw new Error('The process dies here.');
      return result;
    }) as Doorway['execute'];
    Object.assign(doorway, { execute: dying });
  }

  prepare(mishap: Mishap): void {
    this.#next = mishap;
  }

  #due(): Mishap | null {
    const next = this.#next;
    if (!next) return null;
    const isDue = next.after === 0;
    this.#next = isDue ? null : { ...next, after: next.after - 1 };
    if (!isDue) return null;
    this.happened += 1;
    return next;
  }
}
