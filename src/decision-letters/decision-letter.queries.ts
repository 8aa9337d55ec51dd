import { sql } from 'kysely';
import type { Eyes, Projection, Read } from '../api/eyes.js';
import { isNoStaff, isOwn, isSeenByStaff } from '../api/visibility.js';
import { documentProjection } from '../documents/document.queries.js';
import { personProjection } from '../identity/identity.queries.js';
import { column, idColumn, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { programProjection } from '../programs/program.queries.js';

/** Letters are written to the partner; staff see what they see of the application. */
export const decisionLetterProjection: Projection = {
  type: 'DecisionLetter',
  table: 'decision_letter',
  visible: isReadable,
  fields: {
    id: idColumn('letter'),
    decisionId: idColumn('decision', 'decision_id'),
    kind: column('kind'),
    templateVersion: column('template_version'),
    document: {
      kind: 'one',
      to: () => documentProjection,
      on: (row, document) => sql`${document('id')} = ${row('document_id')}`,
    },
    writtenAt: momentColumn('written_at'),
  },
};

function isReadable(row: Row, eyes: Eyes): Sql {
  const owner = sql`owner.organization_id`;
  return sql`(select ${isOwn(owner, eyes)} or ${isSeenByStaff(owner, eyes)} from application as owner
    where owner.id = ${row('application_id')})`;
}

/** Which texts there are is the operator's business. */
export const letterTemplateProjection: Projection = {
  type: 'LetterTemplate',
  table: 'letter_template',
  visible: (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`),
  fields: {
    id: idColumn('lettertemplate'),
    program: {
      kind: 'one',
      to: () => programProjection,
      on: (row, program) => sql`${program('id')} = ${row('program_id')}`,
    },
    number: column('number'),
    content: {
      kind: 'value',
      sql: (row) => {
        const content = row('content');
        return sql`jsonb_build_object('approval', ${content} -> 'texts' -> 'APPROVAL',
          'approvalWithConditions', ${content} -> 'texts' -> 'APPROVAL_WITH_CONDITIONS',
          'refusal', ${content} -> 'texts' -> 'REFUSAL', 'finalRefusal', ${content} -> 'texts' -> 'FINAL_REFUSAL')
          || (${content} - 'texts')`;
      },
    },
    publishedBy: {
      kind: 'one',
      to: () => personProjection,
      on: (row, person) => sql`${person('id')} = ${row('published_by')}`,
    },
    publishedAt: momentColumn('published_at'),
  },
};

export const decisionLetterById: Read = byGivenId(() => decisionLetterProjection);
export const letterTemplateById: Read = byGivenId(() => letterTemplateProjection);

/** What the queries of the same names answer. */
export const letterReads = {
  letterTemplates: {
    kind: 'connection',
    of: () => letterTemplateProjection,
    where: (row, args) =>
      args.has('programId') ? sql`${row('program_id')} = ${args.id('programId', 'program')}` : sql`true`,
    nullFor: isNoStaff,
  },
} as const satisfies Record<string, Read>;
