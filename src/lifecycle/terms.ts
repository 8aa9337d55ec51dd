import { accepted, objection, type Ruling } from './ruling.js';

const day = 24 * 60 * 60 * 1000;

/** How long partners are given at least, and at most, to accept terms again. */
export const timeToAccept = { leastDays: 1, mostDays: 366 } as const;

/** How long before the end they are reminded, or half of the time when that is less. */
const remindedBefore = 7 * day;

/** Is this a moment by which terms that are published now can be asked to be accepted? */
export function checkReacceptBy(reacceptBy: Date, now: Date): Ruling {
  const ms = reacceptBy.getTime() - now.getTime();
  if (ms >= timeToAccept.leastDays * day && ms <= timeToAccept.mostDays * day) return accepted;
  const message = `Partners are given from ${timeToAccept.leastDays} to ${timeToAccept.mostDays} days from now.`;
  return objection('INVALID', message, ['reacceptBy']);
}

/** Terms that are asked for again. */
export interface RequiredTerms {
  readonly publishedAt: Date;
  readonly reacceptBy: Date;
}

/**
 * By when an organization must accept them. Who was let in only after they were published, under terms of before, is given
 * the same time from when they are asked.
 */
export function dueOf({ publishedAt, reacceptBy }: RequiredTerms, letInAt: Date, askedAt: Date): Date {
  if (letInAt <= publishedAt) return reacceptBy;
  const time = reacceptBy.getTime() - publishedAt.getTime();
  return new Date(Math.max(reacceptBy.getTime(), askedAt.getTime() + time));
}

/** When to remind of it; null when it is due already. */
export function remindAtOf(askedAt: Date, dueAt: Date): Date | null {
  const time = dueAt.getTime() - askedAt.getTime();
  return time > 0 ? new Date(dueAt.getTime() - Math.min(remindedBefore, time / 2)) : null;
}
