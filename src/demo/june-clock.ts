import type { Clock } from '../platform/clock.js';

/** A clock that runs as clocks do, begins when a story begins, and is turned to where the story goes on. */
export class StoryClock implements Clock {
  #ahead: number;

  constructor(begins: string) {
    this.#ahead = Date.parse(begins) - Date.now();
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Never back: what happened has happened. */
  turnTo(moment: string): void {
    const further = Date.parse(moment) - this.now().getTime();
    if (further < 0) throw new Error(`It is past ${moment} already: ${this.now().toISOString()}.`);
    this.#ahead += further;
  }
}
