import { sql } from 'kysely';
import type { Eyes, ProjectedField, Projection, Read, Viewer } from '../api/eyes.js';
import { isNoStaff, isReadAmongStaff } from '../api/visibility.js';
import { personWhoseIdIs, staffProjection } from '../identity/identity.queries.js';
import {
  column,
  idColumn,
  type ManyField,
  momentColumn,
  newestFirst,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

/** What a note said at one time, as far as whoever sees the note asks. */
const noteVersionProjection: Projection = {
  type: 'NoteVersion',
  table: 'note_version',
  visible: (row, eyes) => sql`(select ${isReadAmongStaff(sql`n.organization_id`, eyes)} from note as n
    where n.id = ${row('note_id')})`,
  fields: {
    number: column('number'),
    text: column('text'),
    mentions: mentioned((row) => row('mentioned')),
    writtenAt: momentColumn('written_at'),
  },
};

/** No note exists for partners, nor for staff who belong to the organization or are recused from it. */
export const noteProjection: Projection = {
  type: 'Note',
  table: 'note',
  visible: (row, eyes) => isReadAmongStaff(row('organization_id'), eyes),
  fields: {
    id: idColumn('note'),
    applicationId: idColumn('application', 'application_id'),
    author: personWhoseIdIs('author_id'),
    text: { kind: 'value', sql: (row) => ofStandingVersion(row, sql`v.text`) },
    mentions: mentioned((row) => ofStandingVersion(row, sql`v.mentioned`)),
    writtenAt: momentColumn('written_at'),
    correctedAt: momentColumn('corrected_at'),
    versions: {
      kind: 'list',
      to: () => noteVersionProjection,
      on: (row, version) => sql`${version('note_id')} = ${row('id')}`,
      order: { direction: 'asc', keys: [{ sql: (version) => version('number'), type: 'bigint' }] },
    },
    version: column('version'),
  },
};

export const noteById: Read = byGivenId(() => noteProjection);

/** The notes on an application. */
export const notesField: ManyField<Eyes, Viewer> = {
  kind: 'connection',
  to: () => noteProjection,
  on: (row, note) => sql`${note('application_id')} = ${row('id')}`,
  order: newestFirst,
  hiddenFrom: isNoStaff,
};

function ofStandingVersion(row: Row, value: Sql): Sql {
  return sql`(select ${value} from note_version as v where v.note_id = ${row('id')} and v.number = ${row('version')})`;
}

function mentioned(idsOf: (row: Row) => Sql): ProjectedField {
  return {
    kind: 'list',
    to: () => staffProjection,
    on: (row, staff) => sql`${staff('id')} = any(${idsOf(row)}::uuid[])`,
    order: oldestFirst,
  };
}
