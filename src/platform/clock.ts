/** The one source of time. Tests pass a clock they can set; production uses `systemClock`. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
