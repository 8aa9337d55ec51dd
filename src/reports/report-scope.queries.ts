import { sql } from 'kysely';
import type { Viewer } from '../api/eyes.js';
import { organizationsOf } from '../lifecycle/actor.js';
import { countersignatureClock, intakeClock } from '../lifecycle/workflow.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { decodeId } from '../platform/ids.js';
import type { Sql } from '../platform/reading/slot.js';

/** Which applications a report is about, besides when. */
export interface ReportScope {
  /** Null for every program. */
  readonly programId: string | null;
  /** Organizations that the viewer belongs to: what staff think of these is not for their members. */
  readonly leftOut: readonly string[];
}

/** A program as reports name it. */
export interface ReportedProgram {
  readonly programId: string;
  readonly programCode: string;
  readonly programName: string;
}

/**
 * @param program a program's id as the API has it, or its code; null for all of them
 * @throws Refusal NOT_FOUND when there is no such program
 */
export async function reportScope(database: RawSql, viewer: Viewer, program: string | null): Promise<ReportScope> {
  const leftOut = organizationsOf(viewer.actor);
  if (program === null) return { programId: null, leftOut };
  const isId = program.startsWith('program_');
  const found = await sql<{ id: string }>`select id from program
    where ${isId ? sql`id = ${decodeId('program', program)}::text::uuid` : sql`code = ${program}::text`}`.execute(
    database,
  );
  const programId = found.rows[0]?.id;
  if (!programId) throw Refusal.of('NOT_FOUND', 'There is no such program.', ['program']);
  return { programId, leftOut };
}

/** In SQL: is the application `a` within the scope? */
export function isInScope({ programId, leftOut }: ReportScope): Sql {
  const isSeen = sql`a.organization_id <> all(${`{${leftOut.join(',')}}`}::text::uuid[])`;
  return programId === null ? isSeen : sql`(a.program_id = ${programId}::text::uuid and ${isSeen})`;
}

/** The columns of the program `p` that each row of a report names. */
export const programColumns = sql`p.id as "programId", p.code as "programCode", p.name as "programName"`;

/** A moment of the request in SQL. */
export function moment(date: Date): Sql {
  return sql`${date.toISOString()}::text::timestamptz`;
}

/** What people call the place with this key in the latest version of the program that has it. */
export function placeNameSql(programId: Sql, key: Sql): Sql {
  return sql`case ${key} when ${sql.lit(intakeClock)} then 'Intake'
    when ${sql.lit(countersignatureClock)} then 'Countersignature'
    else coalesce((select s ->> 'name' from program_version as v, jsonb_array_elements(v.workflow -> 'stages') as s
      where v.program_id = ${programId} and s ->> 'key' = ${key} order by v.number desc limit 1), ${key}) end`;
}

/** No report is longer than this, in rows; applications themselves are exported without such a limit. */
const mostRows = 20_000;

/**
 * The rows of a report, in one statement.
 * @throws Refusal LIMIT_REACHED when there are more than anybody reads
 */
export async function reportRows<Row>(database: RawSql, statement: Sql): Promise<readonly Row[]> {
  const found = await sql<Row>`${statement} limit ${sql.lit(mostRows + 1)}`.execute(database);
  if (found.rows.length <= mostRows) return found.rows;
  const message = `This report has more than ${mostRows} rows. Choose one program, a shorter period, or weeks or months.`;
  throw Refusal.of('LIMIT_REACHED', message);
}

/** When the decision `d`, which is final, became so: a refusal that was announced first, later than it was countersigned. */
export const finalAt = sql`coalesce(d.became_final_at, d.countersigned_at)`;
