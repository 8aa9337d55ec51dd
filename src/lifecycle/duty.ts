import type { Objection } from './ruling.js';

/** When a member of staff is given no work: from the first moment on, and again at the last. */
export interface AwayPeriod {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Somebody is on duty who is not away. Periods may overlap. */
export function isOnDuty(periods: readonly AwayPeriod[], now: Date): boolean {
  return !periods.some((period) => isDuring(period, now));
}

/** When somebody who is away now is back, other periods that follow without a break included; null for who is on duty. */
export function backAt(periods: readonly AwayPeriod[], now: Date): Date | null {
  let back: Date | null = null;
  for (let at = now; ; at = back) {
    const ends = periods.filter((period) => isDuring(period, at)).map(({ endsAt }) => endsAt.getTime());
    if (ends.length === 0) return back;
    back = new Date(Math.max(...ends));
  }
}

function isDuring({ startsAt, endsAt }: AwayPeriod, moment: Date): boolean {
  return startsAt <= moment && moment < endsAt;
}

const longestDays = 366;

/** Every reason why a period cannot be set. */
export function checkAwayPeriod({ startsAt, endsAt }: AwayPeriod, now: Date): Objection[] {
  const invalid = (message: string): Objection[] => [{ code: 'INVALID', message, path: ['endsAt'] }];
  if (endsAt <= startsAt) return invalid('A period ends after it starts.');
  if (endsAt <= now) return invalid('This period is over already: it must end in the future.');
  if (endsAt.getTime() - startsAt.getTime() > longestDays * 24 * 60 * 60 * 1000)
    return invalid(`A period is at most ${longestDays} days long; set another one after it.`);
  return [];
}
