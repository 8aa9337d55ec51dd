import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { Anchor } from './anchor.js';
import type { Link } from './audit-chain.js';

/** What is said of where the log begins, by each key that signed it; nothing when no month was ever dropped. */
export async function readAnchors(database: RawSql): Promise<readonly Anchor[]> {
  const found = await sql<Omit<Anchor, 'sequence' | 'firstSequence'> & { first: string; last: string }>`
    select first_sequence::text as first, sequence::text as last, hash, ${moment('last_at')} as "lastAt", policy, log,
      ${moment('at')} as at, signature
    from audit_anchor where sequence = (select max(sequence) from audit_anchor)`.execute(database);
  return found.rows.map(({ first, last, ...rest }) => ({
    ...rest,
    firstSequence: Number(first),
    sequence: Number(last),
  }));
}

/** The last record of a month that has ended. */
export interface MonthEnd extends Link {
  readonly at: string;
}

/** How each month of the log that has ended ended, the oldest first. */
export async function readMonthEnds(database: RawSql): Promise<readonly MonthEnd[]> {
  const found = await sql<{ last: string; hash: string; at: string }>`
    select r.sequence::text as last, r.hash, ${moment('r.at')} as at
    from month_partitions('audit_record') as month
    join audit_record as r on r.sequence = trim('''' from nullif(month.upper_bound, 'MAXVALUE'))::bigint - 1
    order by r.sequence`.execute(database);
  return found.rows.map(({ last, hash, at }) => ({ sequence: Number(last), hash, at }));
}

/** A moment as it is signed: RFC 3339 in UTC, to the millisecond. */
function moment(column: string) {
  return sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
