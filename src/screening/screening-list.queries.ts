import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isNoStaff } from '../api/visibility.js';
import type { RawSql } from '../platform/database/database.js';
import { column, idColumn, momentColumn } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import type { ListInForce } from './findings.js';

/** The lists that everybody is screened against now. */
export async function listsInForce(database: RawSql): Promise<readonly ListInForce[]> {
  const found = await sql<ListInForce>`select l.code, v.id as "versionId", v.number
    from screening_list as l join screening_list_version as v on v.id = l.current_version_id order by l.code`.execute(
    database,
  );
  return found.rows;
}

const versionProjection: Projection = {
  type: 'ScreeningListVersion',
  table: 'screening_list_version',
  visible: (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`),
  fields: {
    number: column('number'),
    status: column('status'),
    fileName: column('file_name'),
    sha256: column('file_sha256'),
    listedAt: momentColumn('listed_at'),
    entries: column('entries'),
    added: column('added'),
    changed: column('changed'),
    removed: column('removed'),
    startedAt: momentColumn('started_at'),
    completedAt: momentColumn('completed_at'),
  },
};

export const screeningListProjection: Projection = {
  type: 'ScreeningList',
  table: 'screening_list',
  visible: (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`),
  fields: {
    id: idColumn('screeninglist'),
    code: column('code'),
    format: column('format'),
    currentVersion: {
      kind: 'one',
      to: () => versionProjection,
      on: (row, version) => sql`${version('id')} = ${row('current_version_id')}`,
    },
    versions: {
      kind: 'list',
      to: () => versionProjection,
      on: (row, version) => sql`${version('list_id')} = ${row('id')}`,
      order: { direction: 'desc', keys: [{ sql: (version) => version('number'), type: 'bigint' }] },
      hiddenFrom: isNoStaff,
    },
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
  },
};

export const screeningListById: Read = byGivenId(() => screeningListProjection);

/** Every list, first imported first. */
export const screeningLists: Read = {
  kind: 'list',
  of: () => screeningListProjection,
  where: () => sql`true`,
  order: { direction: 'asc', keys: [{ sql: (row) => row('code'), type: 'text' }] },
};
