const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The pauses, on average, after the first failed attempt, the second, and so on. After the last, it is given up. */
export type RetrySchedule = readonly number[];

export const retrySchedule: RetrySchedule = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  1 * hour,
  3 * hour,
  8 * hour,
  24 * hour,
];

/**
 * When to try again after this many failed attempts: anywhere from half to one and a half of the scheduled pause, so
 * that receivers that failed together are not called together again. Null when it is time to give up.
 */
export function nextAttemptAt(
  schedule: RetrySchedule,
  failures: number,
  now: Date,
  chance: () => number = Math.random,
): Date | null {
  const pause = schedule[failures - 1];
  return pause === undefined ? null : new Date(now.getTime() + Math.round(pause * (0.5 + chance())));
}
