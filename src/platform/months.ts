import { sql } from 'kysely';
import type { Clock } from './clock.js';
import type { Database, RawSql } from './database/database.js';
import type { Queue } from './jobs.js';

/** The same day and time so many months earlier, in UTC; the last day of that month when it is shorter. */
export function monthsBefore(moment: Date, months: number): Date {
  const earlier = new Date(moment);
  earlier.setUTCDate(1);
  earlier.setUTCMonth(earlier.getUTCMonth() - months);
  const lastDay = new Date(Date.UTC(earlier.getUTCFullYear(), earlier.getUTCMonth() + 1, 0)).getUTCDate();
  earlier.setUTCDate(Math.min(moment.getUTCDate(), lastDay));
  return earlier;
}

/**
 * Begins the months that will be needed, in the tables that are kept in months. It changes nothing when they are there,
 * and rows find their place when it was not called for long: the newest month has no end until then.
 */
export async function beginMonths(database: RawSql, now: Date): Promise<void> {
  await sql`select begin_months(${now})`.execute(database);
}

/** Begins months every day. */
export function monthsAhead({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): Queue<object> {
  return {
    name: 'months.begin',
    // Whoever reads a table for long, such as a backup, is not waited for: another time will do.
    retryLimit: 5,
    retryDelaySeconds: 300,
    expireInSeconds: 300,
    concurrency: 1,
    schedule: '1 0 * * *',
    handle: () => beginMonths(database.kysely(), clock.now()),
  };
}
