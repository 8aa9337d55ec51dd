import { sql } from 'kysely';
import type { Eyes, ProjectedField, Projection, Read } from '../api/eyes.js';
import { isForStaff, isPartnersOwn, staffsPerson } from '../applications/application-part.queries.js';
import { documentsWhoseIdsAreIn } from '../documents/document.queries.js';
import { personProjection, personWhoseIdIs } from '../identity/identity.queries.js';
import {
  column,
  idColumn,
  momentColumn,
  type Order,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

const byNumber: Order = { direction: 'asc', keys: [{ sql: (row) => row('number'), type: 'bigint' }] };

/** Requests are between staff and the partner; both see them. */
export const informationRequestProjection: Projection = {
  type: 'InformationRequest',
  table: 'information_request',
  visible: isOfBoth,
  fields: {
    id: idColumn('inforequest'),
    number: column('number'),
    status: column('status'),
    isOpen: { kind: 'value', sql: (row) => sql`(${row('status')} = 'OPEN')` },
    documents: documentsWhoseIdsAreIn('document_ids'),
    questions: ofRequest(() => questionProjection, byNumber),
    messages: ofRequest(() => messageProjection, byNumber),
    extensions: ofRequest(() => extensionProjection, oldestFirst),
    askedBy: staffsPerson('asked_by'),
    askedAt: momentColumn('asked_at'),
    dueAt: momentColumn('due_at'),
    lapsesAt: momentColumn('lapses_at'),
    respondedBy: personWhoseIdIs('responded_by'),
    respondedAt: momentColumn('responded_at'),
    closedAt: momentColumn('closed_at'),
    closedReason: column('closed_reason'),
  },
};

const questionProjection: Projection = {
  type: 'InformationQuestion',
  table: 'information_question',
  visible: isOfBoth,
  fields: {
    number: column('number'),
    text: column('text'),
    isRequired: column('is_required'),
    documents: column('documents'),
    answer: oneAnswer((answer) => sql`${answer('given_at')} is not null and ${answer('superseded_at')} is null`),
    savedAnswer: oneAnswer((answer) => sql`${answer('given_at')} is null`),
    earlierAnswers: {
      kind: 'list',
      to: () => answerProjection,
      on: (row, answer) => sql`${answer('question_id')} = ${row('id')} and ${answer('superseded_at')} is not null`,
      order: oldestFirst,
    },
  },
};

/** What the partner has saved is the partner's own until a response gives it to staff. */
const answerProjection: Projection = {
  type: 'InformationAnswer',
  table: 'information_answer',
  visible: (row, eyes) =>
    sql`(${isPartnersOwn(row, eyes)} or (${row('given_at')} is not null and ${isForStaff(row, eyes)}))`,
  fields: {
    text: column('text'),
    documents: documentsWhoseIdsAreIn('document_ids'),
    savedBy: personWhoseIdIs('saved_by'),
    savedAt: momentColumn('saved_at'),
    givenBy: personWhoseIdIs('given_by'),
    givenAt: momentColumn('given_at'),
    supersededAt: momentColumn('superseded_at'),
  },
};

/** Partners do not see who of staff writes. */
const messageProjection: Projection = {
  type: 'InformationMessage',
  table: 'information_message',
  visible: isOfBoth,
  fields: {
    number: column('number'),
    side: column('side'),
    text: column('text'),
    writtenBy: {
      kind: 'one',
      to: () => personProjection,
      on: (row, found, eyes) => sql`${found('id')} = ${row('written_by')}
        and (${row('side')} = 'PARTNER' or ${isForStaff(row, eyes)})`,
    },
    writtenAt: momentColumn('written_at'),
  },
};

const extensionProjection: Projection = {
  type: 'DueDateExtension',
  table: 'due_date_extension',
  visible: isOfBoth,
  fields: {
    wantedDueAt: momentColumn('wanted_due_at'),
    reason: column('reason'),
    askedBy: personWhoseIdIs('asked_by'),
    askedAt: momentColumn('asked_at'),
    outcome: column('outcome'),
    outcomeReason: column('outcome_reason'),
    decidedBy: staffsPerson('decided_by'),
    decidedAt: momentColumn('decided_at'),
  },
};

export const informationRequestById: Read = byGivenId(() => informationRequestProjection);

function ofRequest(to: () => Projection, order: Order): ProjectedField {
  return { kind: 'list', to, on: (row, other) => sql`${other('request_id')} = ${row('id')}`, order };
}

function oneAnswer(which: (answer: Row) => Sql): ProjectedField {
  return {
    kind: 'one',
    to: () => answerProjection,
    on: (row, answer) => sql`${answer('question_id')} = ${row('id')} and ${which(answer)}`,
  };
}

function isOfBoth(row: Row, eyes: Eyes): Sql {
  return sql`(${isPartnersOwn(row, eyes)} or ${isForStaff(row, eyes)})`;
}
