import { sql } from 'kysely';
import type { Eyes, Projection, Read } from '../api/eyes.js';
import { isNoStaff } from '../api/visibility.js';
import { personProjection } from '../identity/identity.queries.js';
import type { StandardTextStanding } from '../lifecycle/standard-texts.js';
import type { RawSql } from '../platform/database/database.js';
import { column, idColumn, momentColumn, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { programProjection } from '../programs/program.queries.js';

/** The library is for staff; partners read what their decisions took from it. */
const isForStaff = (eyes: Eyes): Sql => (isNoStaff(eyes) ? sql`false` : sql`true`);

export const standardTextVersionProjection: Projection = {
  type: 'StandardTextVersion',
  table: 'standard_text_version',
  visible: (_row, eyes) => isForStaff(eyes),
  fields: {
    id: idColumn('standardtextversion'),
    number: column('number'),
    title: column('title'),
    text: column('body'),
    publishedBy: {
      kind: 'one',
      to: () => personProjection,
      on: (row, person) => sql`${person('id')} = ${row('published_by')}`,
    },
    publishedAt: momentColumn('published_at'),
  },
};

export const standardTextProjection: Projection = {
  type: 'StandardText',
  table: 'standard_text',
  visible: (_row, eyes) => isForStaff(eyes),
  fields: {
    id: idColumn('standardtext'),
    kind: column('kind'),
    code: column('code'),
    program: {
      kind: 'one',
      to: () => programProjection,
      on: (row, program) => sql`${program('id')} = ${row('program_id')}`,
    },
    current: {
      kind: 'one',
      to: () => standardTextVersionProjection,
      on: (row, text) => sql`${text('standard_text_id')} = ${row('id')} and ${text('number')} = ${row('text_version')}`,
    },
    versions: {
      kind: 'list',
      to: () => standardTextVersionProjection,
      on: (row, text) => sql`${text('standard_text_id')} = ${row('id')}`,
      order: { direction: 'desc', keys: [{ sql: (text) => text('number'), type: 'bigint' }] },
    },
    retiredAt: momentColumn('retired_at'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export const standardTextById: Read = byGivenId(() => standardTextProjection);
export const standardTextVersionById: Read = byGivenId(() => standardTextVersionProjection);

/** What the queries of the same names answer. */
export const standardTextReads = {
  standardTexts: {
    kind: 'connection',
    of: () => standardTextProjection,
    where: (row, args) => sql`(${args.has('kind') ? sql`${row('kind')} = ${args.value('kind', 'text')}` : sql`true`}
      and ${args.has('programId') ? sql`(${row('program_id')} is null or ${row('program_id')} = ${args.id('programId', 'program')})` : sql`true`}
      and (${row('retired_at')} is null or ${args.value('withRetired', 'boolean')}))`,
  },
} as const satisfies Record<string, Read>;

/** What the library says under these codes, now. */
export async function standardTextsByCode(
  database: RawSql,
  codes: readonly string[],
): Promise<readonly StandardTextStanding[]> {
  if (codes.length === 0) return [];
  const found = await sql<StandardTextStanding>`
    select t.code, t.kind, t.program_id as "programId", t.retired_at is not null as "isRetired", v.number as version,
      v.title, v.body as text
    from standard_text as t join standard_text_version as v on v.standard_text_id = t.id and v.number = t.text_version
    where t.code in (${sql.join(codes)})`.execute(database);
  return found.rows;
}
