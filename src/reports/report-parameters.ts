import { type ReportPeriod, type ReportUnit, reportUnits } from '../lifecycle/report-period.js';
import { Refusal } from '../platform/errors.js';
import { type ApprovalGroup, approvalGroups } from './decisions.queries.js';
import type { ReportFile } from './report-files.js';
import { requirePast, requirePeriod } from './report-requests.js';

/** What stands behind the `?` of a report's address, read. */
export interface ReportParameters {
  readonly program: string | null;
  readonly period: ReportPeriod | null;
  readonly at: Date | null;
  readonly unit: ReportUnit;
  readonly group: ApprovalGroup;
}

const longestValue = 100;
const momentForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** @throws Refusal INVALID or REQUIRED saying what is wrong with which of them */
export function readParameters(
  given: Readonly<Record<string, unknown>>,
  { covers, by }: Pick<ReportFile, 'covers' | 'by'>,
  now: Date,
): ReportParameters {
  const known = ['program', ...(covers === 'PERIOD' ? ['from', 'to'] : ['at']), ...(by ? ['by'] : [])];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw Refusal.of('INVALID', `This report takes ${known.join(', ')}, and not "${name.slice(0, longestValue)}".`, [
      name,
    ]);
  }
  const text = (name: string) => textOf(given, name);
  const at = (name: string) => momentOf(text(name), name);
  return {
    program: text('program'),
    period:
      covers === 'PERIOD'
        ? requirePeriod({ from: required(at('from'), 'from'), to: required(at('to'), 'to') }, [])
        : null,
    at: covers === 'MOMENT' ? requirePast(at('at'), { now }) : null,
    unit: by === 'UNIT' ? oneOf(reportUnits, text('by') ?? 'MONTH') : 'MONTH',
    group: by === 'GROUP' ? oneOf(approvalGroups, required(text('by'), 'by')) : 'SECTOR',
  };
}

function textOf(given: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = given[name];
  if (value === undefined) return null;
  if (typeof value === 'string' && value !== '' && value.length <= longestValue) return value;
  throw Refusal.of('INVALID', `\`${name}\` is given once, with 1 to ${longestValue} characters.`, [name]);
}

function momentOf(text: string | null, name: string): Date | null {
  if (text === null) return null;
  const date = new Date(text);
  if (momentForm.test(text) && !Number.isNaN(date.getTime())) return date;
  const right = '2026-11-01 (midnight in UTC) or 2026-11-01T09:00:00Z';
  throw Refusal.of('INVALID', `\`${name}\` is a date or a moment such as ${right}, not "${text}".`, [name]);
}

function required<T>(value: T | null, name: string): T {
  if (value !== null) return value;
  throw Refusal.of('REQUIRED', `Say \`${name}\` in the address: …?${name}=….`, [name]);
}

function oneOf<Name extends string>(names: Readonly<Record<Name, string>>, text: string): Name {
  const all = Object.keys(names) as Name[];
  const found = all.find((name) => name === text.toUpperCase());
  if (found) return found;
  throw Refusal.of('INVALID', `\`by\` is one of ${all.join(', ')}, not "${text}".`, ['by']);
}
