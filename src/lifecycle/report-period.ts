import type { Objection } from './ruling.js';

/** What a report is about: from a moment on, up to another and without it. */
export interface ReportPeriod {
  readonly from: Date;
  readonly to: Date;
}

/** By what a report over time is grouped, as clocks in the program's time zone show it. */
export const reportUnits = {
  DAY: 'By day.',
  WEEK: 'By week, which begins on a Monday.',
  MONTH: 'By month.',
} as const;

export type ReportUnit = keyof typeof reportUnits;

const mostYears = 5;

/** Why a period cannot be reported on; nothing when it can. */
export function checkPeriod({ from, to }: ReportPeriod): Objection[] {
  if (to <= from) {
    return [
      { code: 'INVALID', message: '`to` must be later than `from`; it is not part of the period.', path: ['to'] },
    ];
  }
  const latest = new Date(from);
  latest.setUTCFullYear(latest.getUTCFullYear() + mostYears);
  if (to <= latest) return [];
  const message = `A period is at most ${mostYears} years long: from here until ${latest.toISOString()}.`;
  return [{ code: 'INVALID', message, path: ['to'] }];
}
