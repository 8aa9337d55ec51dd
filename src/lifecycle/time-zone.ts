/** A stretch of time during which the clocks of a zone differ from UTC by the same amount. All in milliseconds. */
export interface OffsetSpan {
  readonly from: number;
  readonly to: number;
  /** What is added to UTC to get what the clocks show. */
  readonly offset: number;
}

const second = 1000;
const day = 24 * 60 * 60 * second;
const nameForm = /^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$/;

/** Is this the IANA name of a time zone, such as `Europe/Amsterdam`? */
export function isTimeZone(name: string): boolean {
  if (!nameForm.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The stretches between two moments, one after the other; clocks are put forward or back where one ends. */
export function* offsetSpans(timeZone: string, from: number, to: number): Generator<OffsetSpan> {
  let start = from;
  for (let year = new Date(from).getUTCFullYear(); start < to; year += 1) {
    for (const span of spansOfYear(timeZone, year)) {
      const end = Math.min(span.to, to);
      if (start >= end) continue;
      yield { from: start, to: end, offset: span.offset };
      start = end;
    }
  }
}

/** Looked up once for each zone and year. */
const knownYears = new Map<string, readonly OffsetSpan[]>();

function spansOfYear(timeZone: string, year: number): readonly OffsetSpan[] {
  const key = `${timeZone} ${year}`;
  const known = knownYears.get(key);
  if (known) return known;
  const spans: OffsetSpan[] = [];
  const end = Date.UTC(year + 1, 0);
  let from = Date.UTC(year, 0);
  let offset = offsetAt(timeZone, from);
  for (let at = from; at < end; at += day) {
    // Clocks are never changed twice within a day.
    const next = offsetAt(timeZone, at + day);
    if (next === offset) continue;
    const change = changeWithin(timeZone, at, at + day);
    spans.push({ from, to: change, offset });
    from = change;
    offset = next;
  }
  if (from < end) spans.push({ from, to: end, offset });
  knownYears.set(key, spans);
  return spans;
}

/** The first second at which the clocks show what they do at the end. */
function changeWithin(timeZone: string, from: number, to: number): number {
  const after = offsetAt(timeZone, to);
  let [before, changed] = [from / second, to / second];
  while (changed - before > 1) {
    const middle = Math.floor((before + changed) / 2);
    if (offsetAt(timeZone, middle * second) === after) changed = middle;
    else before = middle;
  }
  return changed * second;
}

/** By how much the clocks of the zone differ from UTC at a whole second. */
function offsetAt(timeZone: string, instant: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second: seconds = 0 } = shown;
  return Date.UTC(year, month - 1, date, hour, minute, seconds) - instant;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError when there is no such zone */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formats.set(timeZone, format);
  return format;
}
