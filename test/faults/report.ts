import type { TrialResult } from './trial.js';

/** What came of a trial; an error when it could not be finished. */
export type Outcome = TrialResult | Error;
/** By the name of the database. */
export type Outcomes = ReadonlyMap<string, Outcome>;

const mostShown = 20;

/** The counts of each database side by side. */
export function countsTable(outcomes: Outcomes): string {
  const finished = [...outcomes].filter((entry): entry is [string, TrialResult] => !(entry[1] instanceof Error));
  const labels = [...new Set(finished.flatMap(([, { counts }]) => [...counts.keys()]))];
  const widest = Math.max(0, ...labels.map((label) => label.length));
  const row = (label: string, cells: readonly string[]) =>
    [label.padEnd(widest), ...cells.map((cell) => cell.padStart(12))].join(' ');
  return [
    row(
      '',
      finished.map(([name]) => name),
    ),
    ...labels.map((label) =>
      row(
        label,
        finished.map(([, { counts }]) => String(counts.get(label) ?? 0)),
      ),
    ),
    row(
      'violations',
      finished.map(([, { verdicts }]) => String(verdicts.flatMap(({ violations }) => violations).length)),
    ),
  ].join('\n');
}

/** Each promise with what breaks it. */
export function verdictList(outcomes: Outcomes): string {
  const lines: string[] = [];
  for (const [name, outcome] of outcomes) {
    lines.push('', name);
    if (outcome instanceof Error) {
      lines.push(`  ✗ the trial came to its end: ${outcome.message}`);
      continue;
    }
    for (const { promise, violations } of outcome.verdicts) {
      lines.push(`  ${violations.length === 0 ? '✓' : '✗'} ${promise}`);
      lines.push(...violations.slice(0, mostShown).map((violation) => `      ${violation}`));
      if (violations.length > mostShown) lines.push(`      and ${violations.length - mostShown} more`);
    }
  }
  return lines.join('\n');
}

export function tally(outcomes: Outcomes): { readonly passed: number; readonly failed: number } {
  let passed = 0;
  let failed = 0;
  for (const outcome of outcomes.values()) {
    if (outcome instanceof Error) failed += 1;
    else {
      const broken = outcome.verdicts.filter(({ violations }) => violations.length > 0).length;
      failed += broken;
      passed += outcome.verdicts.length - broken;
    }
  }
  return { passed, failed };
}
