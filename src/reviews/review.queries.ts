import { sql } from 'kysely';
import type { Eyes, Projection, Read } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { isForStaff } from '../applications/application-part.queries.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { column, idColumn, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { isHiddenUntilOwn } from './blind-review.queries.js';

/** What reviewers think never reaches a partner, nor, at a blind stage, those who have yet to think for themselves. */
export const recommendationProjection: Projection = {
  type: 'Recommendation',
  table: 'recommendation',
  visible: (row, eyes) => sql`(${isForStaff(row, eyes)} and ${isReadable(row, eyes)})`,
  fields: {
    id: idColumn('recommendation'),
    revision: column('revision'),
    stageKey: column('stage_key'),
    reviewer: personWhoseIdIs('reviewer_id'),
    role: column('role'),
    kind: column('kind'),
    comment: column('comment'),
    conditions: column('conditions'),
    scores: column('scores'),
    score: column('score'),
    recommendedAt: momentColumn('recommended_at'),
    supersededAt: momentColumn('superseded_at'),
  },
};

/** Nor does what was looked into. */
export const checkResultProjection: Projection = {
  type: 'CheckResult',
  table: 'check_result',
  visible: isForStaff,
  fields: {
    id: idColumn('check'),
    revision: column('revision'),
    stageKey: column('stage_key'),
    check: column('check_key'),
    outcome: column('outcome'),
    note: column('note'),
    markedBy: personWhoseIdIs('marked_by'),
    markedAt: momentColumn('marked_at'),
    supersededAt: momentColumn('superseded_at'),
  },
};

export const recusalProjection: Projection = {
  type: 'Recusal',
  table: 'recusal',
  visible: (row, eyes) => isSeenByStaff(row('organization_id'), eyes),
  fields: {
    id: idColumn('recusal'),
    person: personWhoseIdIs('user_id'),
    kind: column('kind'),
    reason: column('reason'),
    declaredAt: momentColumn('declared_at'),
    endedAt: momentColumn('ended_at'),
  },
};

export const recommendationById: Read = byGivenId(() => recommendationProjection);
export const checkResultById: Read = byGivenId(() => checkResultProjection);
export const recusalById: Read = byGivenId(() => recusalProjection);

/** In SQL: is this recommendation one's own, or one that is not kept from oneself any more? */
function isReadable(row: Row, eyes: Eyes): Sql {
  if (!eyes.isPerson) return sql`true`;
  return sql`(${row('reviewer_id')} = ${eyes.personId} or not coalesce((
    select ${isHiddenUntilOwn((name) => sql.ref(`reviewed.${name}`), sql`stage`, eyes)}
    from application as reviewed join program_version as pv on pv.id = reviewed.program_version_id,
      jsonb_array_elements(pv.workflow -> 'stages') as stage
    where reviewed.id = ${row('application_id')} and reviewed.stage_key = ${row('stage_key')}
      and reviewed.revision = ${row('revision')} and stage ->> 'key' = reviewed.stage_key), false))`;
}
