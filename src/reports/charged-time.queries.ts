import { sql } from 'kysely';
import { type WorkingCalendar, workedSpans } from '../lifecycle/working-time.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { Sql } from '../platform/reading/slot.js';
import type { ReportScope } from './report-scope.queries.js';

/** Stretches of work, over all calendars, that one statement is given. Ten years of one calendar have some 5,000. */
const mostSpans = 400_000;

interface CalendarRow {
  readonly id: string;
  readonly calendar: WorkingCalendar;
  /** When the first application was submitted, in milliseconds. */
  readonly since: number | null;
}

/**
 * What makes SQL count working time as `lifecycle/working-time` does: two tables for a `with`. For each calendar, when
 * work begins and ends, and how many seconds were worked before; and by which calendar a version of a program goes.
 */
export async function readTimetables(database: RawSql, scope: ReportScope, until: Date): Promise<Sql> {
  const found = await sql<CalendarRow>`
    select v.id, v.workflow -> 'calendar' as calendar,
      (select extract(epoch from min(submitted_at))::float8 * 1000 from application_revision where number = 1) as since
    from program_version as v
    where ${scope.programId === null ? sql`true` : sql`v.program_id = ${scope.programId}::text::uuid`}`.execute(
    database,
  );
  const calendars: string[] = [];
  const tables: Timetable[] = [];
  let spans = 0;
  const versions = found.rows.map(({ id, calendar, since }) => {
    const text = JSON.stringify(calendar);
    if (!calendars.includes(text)) {
      const table = timetable(calendar, since ?? until.getTime(), until.getTime());
      spans += table.count;
      if (spans > mostSpans) {
        throw Refusal.of(
          'LIMIT_REACHED',
          'There are too many working calendars to report on at once. Choose one program.',
        );
      }
      calendars.push(text);
      tables.push(table);
    }
    return { version: id, calendar: calendars.indexOf(text) };
  });
  const rows = tables.map(({ count: _count, ...table }, calendar) => ({ calendar, ...table }));
  return sql`
    timetable as materialized (select calendar, starts::float8[], ends::float8[], worked::float8[]
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as t (calendar integer, starts text, ends text, worked text)),
    goes_by as materialized (select version, calendar
      from jsonb_to_recordset(${JSON.stringify(versions)}::text::jsonb) as t (version uuid, calendar integer))`;
}

/** Arrays as PostgreSQL writes them: seconds since 1970, and seconds worked before a stretch begins. */
interface Timetable {
  readonly count: number;
  readonly starts: string;
  readonly ends: string;
  readonly worked: string;
}

function timetable(calendar: WorkingCalendar, from: number, to: number): Timetable {
  const [starts, ends, worked]: [number[], number[], number[]] = [[], [], []];
  let total = 0;
  for (const [start, end] of workedSpans(calendar, from, to)) {
    starts.push(start / 1000);
    ends.push(end / 1000);
    worked.push(total);
    total += (end - start) / 1000;
  }
  const array = (numbers: readonly number[]) => `{${numbers.join(',')}}`;
  return { count: starts.length, starts: array(starts), ends: array(ends), worked: array(worked) };
}

/** Joins the timetable `tt` by which the application `a` goes. */
export const joinTimetable = sql`join goes_by on goes_by.version = a.program_version_id
  join timetable as tt on tt.calendar = goes_by.calendar`;

/** Seconds of working time between two moments, by the timetable `tt`. */
export function workedSeconds(from: Sql, to: Sql): Sql {
  return sql`greatest(0, ${workedUntil(to)} - ${workedUntil(from)})`;
}

/** Found by halving: a timetable is long. Before its first stretch there is none, and so nothing worked. */
function workedUntil(at: Sql): Sql {
  const seconds = sql`extract(epoch from ${at})::float8`;
  const place = sql`width_bucket(${seconds}, tt.starts)`;
  return sql`(case when cardinality(tt.starts) = 0 or ${place} = 0 then 0
    else tt.worked[${place}] + least(${seconds}, tt.ends[${place}]) - tt.starts[${place}] end)`;
}
