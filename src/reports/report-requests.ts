import type { Viewer } from '../api/eyes.js';
import { requireAccepted } from '../doorway/requirements.js';
import { checkPeriod, type ReportPeriod } from '../lifecycle/report-period.js';
import { Refusal } from '../platform/errors.js';

/** @throws Refusal INVALID for a period that cannot be reported on */
export function requirePeriod({ from, to }: ReportPeriod, path: readonly string[]): ReportPeriod {
  requireAccepted(checkPeriod({ from, to }).map((one) => ({ ...one, path: [...path, ...(one.path ?? [])] })));
  return { from, to };
}

/** The moment that is asked for; now when none is. @throws Refusal INVALID for one that is still to come */
export function requirePast(at: Date | null | undefined, { now }: Pick<Viewer, 'now'>): Date {
  if (!at) return now;
  if (at <= now) return at;
  throw Refusal.of('INVALID', 'Nothing can be told of a moment that is still to come.', ['at']);
}
