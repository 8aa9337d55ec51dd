import { offsetSpans } from './time-zone.js';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/**
 * When somebody's next daily e-mail is due: the next time at which the clocks of their zone come to this hour. Where clocks are
 * put forward over it, that is the moment at which they are; where they show it twice, the first time, so that there is one a day.
 */
export function nextDigestAt(now: Date, { hour: atHour, timeZone }: { hour: number; timeZone: string }): Date {
  const at = now.getTime();
  const spans = [...offsetSpans(timeZone, at - 2 * day, at + 3 * day)];
  const offset = spans.find(({ to }) => to > at)?.offset ?? 0;
  const today = Math.floor((at + offset) / day) * day;
  for (let date = today - day; date <= today + 2 * day; date += day) {
    const shown = date + atHour * hour;
    const span = spans.find(({ to, offset: ahead }) => shown - ahead < to);
    if (!span) continue;
    const due = Math.max(span.from, shown - span.offset);
    if (due > at) return new Date(due);
  }
  // The zone's calendar lacks no two days in a row.
  throw new Error(`No hour ${atHour} comes in ${timeZone}.`);
}
