import { sql } from 'kysely';
import type { Eyes, ProjectedField, Projection, Read } from '../api/eyes.js';
import { isForStaff, isPartnersOwn, staffsPerson } from '../applications/application-part.queries.js';
import { personProjection } from '../identity/identity.queries.js';
import { column, idColumn, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { momentInTransit } from '../platform/reading/transit.js';

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
    inPrinciple: column('in_principle'),
    reasons: column('reasons'),
    statedReasons: { kind: 'value', sql: (row) => statements(row('reasons'), row('standard_reasons')) },
    conditions: column('conditions'),
    statedConditions: { kind: 'value', sql: (row) => statements(row('conditions'), row('standard_conditions')) },
    isOnAppeal: column('on_appeal'),
    supersededAt: momentColumn('superseded_at'),
    internalNote: forStaff((row) => row('internal_note')),
    declinedReason: forStaff((row) => row('declined_reason')),
    proposedBy: staffsPerson('proposed_by'),
    proposedAt: momentColumn('proposed_at'),
    countersignaturesNeeded: forStaff((row) => row('countersignatures_needed')),
    firstCountersignedBy: staffsPerson('first_countersigned_by'),
    firstCountersignedAt: forStaff((row) => momentInTransit(row('first_countersigned_at'))),
    countersignedBy: staffsPerson('countersigned_by'),
    countersignedAt: momentColumn('countersigned_at'),
    finalAt: {
      kind: 'value',
      sql: (row) => momentInTransit(sql`case when ${row('status')} = 'COUNTERSIGNED' then ${finalAt(row)} end`),
    },
  },
};

/** Both sides see an intent to refuse, and the answer; who of staff took it back, only staff. */
export const intentToRefuseProjection: Projection = {
  type: 'IntentToRefuse',
  table: 'intent_to_refuse',
  visible: (row, eyes) => sql`(${isPartnersOwn(row, eyes)} or ${isForStaff(row, eyes)})`,
  fields: {
    id: idColumn('intent'),
    reasons: {
      kind: 'value',
      sql: (row) => sql`(select ${statements(sql`d.reasons`, sql`d.standard_reasons`)} from decision as d
        where d.id = ${row('decision_id')})`,
    },
    announcedAt: momentColumn('announced_at'),
    answerBefore: momentColumn('answer_before'),
    ending: column('ending'),
    endedAt: momentColumn('ended_at'),
    response: column('response'),
    respondedBy: endedBy('ANSWERED'),
    rescindedReason: column('rescinded_reason'),
    rescindedBy: endedBy('RESCINDED', isForStaff),
    decision: {
      kind: 'one',
      to: () => decisionProjection,
      on: (row, decision) => sql`${decision('id')} = ${row('decision_id')}`,
    },
  },
};

export const decisionById: Read = byGivenId(() => decisionProjection);
export const intentToRefuseById: Read = byGivenId(() => intentToRefuseProjection);

/** In SQL: when a decision that is final became so. */
export function finalAt(decision: Row): Sql {
  return sql`coalesce(${decision('became_final_at')}, ${decision('countersigned_at')})`;
}

/** In SQL: texts as JSON, with what is known of those from the library, which come first. */
function statements(texts: Sql, standard: Sql): Sql {
  return sql`(select coalesce(json_agg(json_build_object('text', said.text, 'code', known.statement ->> 'code',
      'title', known.statement ->> 'title', 'version', (known.statement ->> 'version')::int) order by said.position), '[]'::json)
    from jsonb_array_elements_text(${texts}) with ordinality as said (text, position)
      cross join lateral (select ${standard} -> (said.position - 1)::int as statement) as known)`;
}

function forStaff(value: (row: Row) => Sql): ProjectedField {
  return { kind: 'value', sql: (row, eyes) => sql`case when ${isForStaff(row, eyes)} then ${value(row)} end` };
}

/** Whoever ended an intent in this way, for those who may know. */
function endedBy(ending: string, isSeen: (row: Row, eyes: Eyes) => Sql = () => sql`true`): ProjectedField {
  return {
    kind: 'one',
    to: () => personProjection,
    on: (row, person, eyes) => sql`${person('id')} = ${row('ended_by')} and ${row('ending')} = ${sql.lit(ending)}
      and ${isSeen(row, eyes)}`,
  };
}
