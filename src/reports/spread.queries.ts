import { sql } from 'kysely';
import type { Sql } from '../platform/reading/slot.js';

/** How long something took, or lasts, in seconds: half of them at most so long, nine of ten, and all. */
export interface Spread {
  readonly medianSeconds: number;
  readonly percentileNinetySeconds: number;
  readonly longestSeconds: number;
}

/** The spread of a column of seconds over a group, under the column's name. */
export function spreadColumns(column: string): Sql {
  const value = sql.ref(column);
  const share = (part: number) => sql`round(percentile_cont(${sql.lit(part)}) within group (order by ${value}))`;
  return sql`json_build_object('medianSeconds', ${share(0.5)}, 'percentileNinetySeconds', ${share(0.9)},
    'longestSeconds', round(max(${value}))) as ${value}`;
}
