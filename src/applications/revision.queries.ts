import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { changesBetween, type RevisionContent } from '../lifecycle/revision-changes.js';
import { column, idColumn, momentColumn } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

/** What was submitted, each time it was. */
export const revisionProjection: Projection = {
  type: 'ApplicationRevision',
  table: 'application_revision',
  visible: (row, eyes) => sql`(select (${isOwn(sql`owner.organization_id`, eyes)}
    or ${isSeenByStaff(sql`owner.organization_id`, eyes)}) from application as owner where owner.id = ${row('application_id')})`,
  fields: {
    id: idColumn('revision'),
    number: column('number'),
    answers: column('answers'),
    documents: column('documents'),
    submittedBy: personWhoseIdIs('submitted_by'),
    submittedAt: momentColumn('submitted_at'),
    changes: {
      kind: 'value',
      sql: (
        row,
      ) => sql`json_build_object('after', json_build_object('answers', ${row('answers')}, 'documents', ${row('documents')}),
        'before', (select json_build_object('answers', earlier.answers, 'documents', earlier.documents)
          from application_revision as earlier
          where earlier.application_id = ${row('application_id')} and earlier.number = ${row('number')} - 1))`,
      read: (value) => {
        const { before, after } = value as { before: RevisionContent | null; after: RevisionContent };
        return before ? changesBetween(before, after) : null;
      },
    },
  },
};

export const revisionById: Read = byGivenId(() => revisionProjection);
