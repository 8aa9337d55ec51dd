import { sql } from 'kysely';
import type { Viewer } from '../api/request.js';
import { isNoStaff, isSignedIn } from '../api/visibility.js';
import type { PageArguments } from '../platform/reading/pagination.js';
import { column, hiddenFrom, idColumn, momentColumn, type Projection } from '../platform/reading/projection.js';
import { type ReadingContext, type ReadObject, readConnection, readOne } from '../platform/reading/reader.js';
import type { Selection } from '../platform/reading/selection.js';
import type { ProgramStatus } from './program.entity.js';

export const termsProjection: Projection<Viewer> = {
  type: 'TermsVersion',
  table: 'terms_version',
  visible: (_row, viewer) => isSignedIn(viewer),
  fields: {
    id: idColumn('terms'),
    label: column('label'),
    body: column('body'),
    sha256: column('body_sha256'),
    publishedAt: momentColumn('published_at'),
  },
};

export const programVersionProjection: Projection<Viewer> = {
  type: 'ProgramVersion',
  table: 'program_version',
  visible: (_row, viewer) => isSignedIn(viewer),
  fields: {
    number: column('number'),
    questionnaire: column('questionnaire'),
    documentRequirements: column('document_requirements'),
    terms: {
      kind: 'one',
      to: () => termsProjection,
      on: (row, terms) => sql`${terms('id')} = ${row('terms_version_id')}`,
    },
    workflow: hiddenFrom(isNoStaff, column('workflow')),
    grantMonths: column('grant_months'),
    publishedAt: momentColumn('published_at'),
  },
};

export const programProjection: Projection<Viewer> = {
  type: 'Program',
  table: 'program',
  visible: (_row, viewer) => isSignedIn(viewer),
  fields: {
    id: idColumn('program'),
    code: column('code'),
    name: column('name'),
    summary: column('summary'),
    productCode: column('product_code'),
    productName: column('product_name'),
    status: column('status'),
    currentVersion: {
      kind: 'one',
      to: () => programVersionProjection,
      on: (row, version) => sql`${version('id')} = ${row('current_version_id')}`,
    },
    versions: {
      kind: 'list',
      to: () => programVersionProjection,
      on: (row, version) => sql`${version('program_id')} = ${row('id')}`,
      order: { direction: 'desc', keys: [{ sql: (version) => version('number'), type: 'bigint' }] },
      hiddenFrom: isNoStaff,
    },
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export function readProgram(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, programProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

export function readProgramByCode(
  context: ReadingContext<Viewer>,
  selection: Selection,
  code: string,
): Promise<ReadObject | null> {
  return readOne(context, programProjection, selection, (row) => sql`${row('code')} = ${code}`);
}

export function readPrograms(
  context: ReadingContext<Viewer>,
  selection: Selection,
  status: ProgramStatus | null,
  page: PageArguments,
): Promise<ReadObject> {
  const where = (row: (name: string) => unknown) => (status ? sql`${row('status')} = ${status}` : sql`true`);
  return readConnection(context, programProjection, selection, { where, page });
}
