import { sql } from 'kysely';
import type { Eyes, ProjectedField, Projection, Read } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { personProjection, personWhoseIdIs } from '../identity/identity.queries.js';
import { column, idColumn, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { isHiddenUntilOwn } from './blind-review.queries.js';

/** Questions are between staff and the partner; both see them. */
export const informationRequestProjection: Projection = {
  type: 'InformationRequest',
  table: 'information_request',
  visible: (row, eyes) => sql`(${isPartnersOwn(row, eyes)} or ${isForStaff(row, eyes)})`,
  fields: {
    id: idColumn('inforequest'),
    question: column('question'),
    askedBy: staffsPerson('asked_by'),
    askedAt: momentColumn('asked_at'),
    dueAt: momentColumn('due_at'),
    response: column('response'),
    respondedBy: personWhoseIdIs('responded_by'),
    respondedAt: momentColumn('responded_at'),
    isOpen: {
      kind: 'value',
      sql: (row) => sql`(${row('responded_at')} is null and ${row('withdrawn_at')} is null)`,
    },
  },
};

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

/** Partners see a decision once it is final, and then what it says, but not who took it. */
export const decisionProjection: Projection = {
  type: 'Decision',
  table: 'decision',
  visible: (row, eyes) => sql`(${isForStaff(row, eyes)}
    or (${row('status')} = 'COUNTERSIGNED' and ${isPartnersOwn(row, eyes)}))`,
  fields: {
    id: idColumn('decision'),
    outcome: column('outcome'),
    status: column('status'),
    reasons: column('reasons'),
    conditions: column('conditions'),
    isOnAppeal: column('on_appeal'),
    internalNote: forStaffOf('internal_note'),
    declinedReason: forStaffOf('declined_reason'),
    supersededAt: momentColumn('superseded_at'),
    proposedBy: staffsPerson('proposed_by'),
    proposedAt: momentColumn('proposed_at'),
    countersignedBy: staffsPerson('countersigned_by'),
    countersignedAt: momentColumn('countersigned_at'),
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

export const informationRequestById: Read = byGivenId(() => informationRequestProjection);
export const recommendationById: Read = byGivenId(() => recommendationProjection);
export const checkResultById: Read = byGivenId(() => checkResultProjection);
export const decisionById: Read = byGivenId(() => decisionProjection);
export const recusalById: Read = byGivenId(() => recusalProjection);

/** In SQL: does the row's application belong to an organization of the viewer's? */
export function isPartnersOwn(row: Row, eyes: Eyes): Sql {
  return ofApplication(row, (organizationId) => isOwn(organizationId, eyes));
}

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

export function isForStaff(row: Row, eyes: Eyes): Sql {
  return ofApplication(row, (organizationId) => isSeenByStaff(organizationId, eyes));
}

function ofApplication(row: Row, holds: (organizationId: Sql) => Sql): Sql {
  // Not `exists`, for which PostgreSQL may gather the applications of everybody beforehand.
  return sql`(select ${holds(sql`owner.organization_id`)} from application as owner
    where owner.id = ${row('application_id')})`;
}

/** A column that only staff are told of. */
export function forStaffOf(name: string): ProjectedField {
  return { kind: 'value', sql: (row, eyes) => sql`case when ${isForStaff(row, eyes)} then ${row(name)} end` };
}

/** A person whom only staff are told of. */
export function staffsPerson(reference: string): ProjectedField {
  return {
    kind: 'one',
    to: () => personProjection,
    on: (row, found, eyes) => sql`${found('id')} = ${row(reference)} and ${isForStaff(row, eyes)}`,
  };
}
