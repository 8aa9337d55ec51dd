import { sql } from 'kysely';
import type { Eyes, Projection, Viewer } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { timelineProjection } from '../audit/timeline.queries.js';
import { awaitsReplySinceField, messagesField, unreadMessagesField } from '../correspondence/message.queries.js';
import { notesField } from '../correspondence/note.queries.js';
import { decisionLetterProjection } from '../decision-letters/decision-letter.queries.js';
import { documentProjection } from '../documents/document.queries.js';
import { flagsThatAreUp } from '../flags/flag.queries.js';
import { grantProjection } from '../grants/grant.queries.js';
import { personWhoseIdIs, staffProjection } from '../identity/identity.queries.js';
import { standingOf } from '../lifecycle/actor.js';
import { applicationRule } from '../lifecycle/application.js';
import { availableApplicationCommands, stageProblems } from '../lifecycle/application-guards.js';
import { organizationProjection } from '../organizations/organization.queries.js';
import {
  column,
  idColumn,
  type ManyField,
  momentColumn,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { momentInTransit } from '../platform/reading/transit.js';
import { programProjection, programVersionProjection, termsProjection } from '../programs/program.queries.js';
import { informationRequestProjection } from '../questions/information-request.queries.js';
import { applicationScore } from '../reviews/application-score.queries.js';
import { decisionProjection, intentToRefuseProjection } from '../reviews/decision.queries.js';
import { reopeningProjection } from '../reviews/reopening.queries.js';
import { checkResultProjection, recommendationProjection, recusalProjection } from '../reviews/review.queries.js';
import { stageAdviceField } from '../reviews/stage-advice.queries.js';
import { appealBefore } from './appeal-window.queries.js';
import {
  applicationFactsSql,
  askedByAnyRule,
  askedByPartners,
  toApplicationFacts,
} from './application-facts.queries.js';
import { decisionDueField, estimateField, queuePositionField, timeField } from './application-time.queries.js';
import { revisionProjection } from './revision.queries.js';

/** The status as this viewer may know it: that a decision is proposed is no partner's business. */
export function visibleStatus(row: Row, eyes: Eyes): Sql {
  return sql`case when ${row('status')} = 'DECISION_PROPOSED' and not ${isSeenByStaff(row('organization_id'), eyes)}
    then coalesce(${row('status_before')}, 'IN_REVIEW') else ${row('status')} end`;
}

export const applicationProjection: Projection = {
  type: 'Application',
  table: 'application',
  /** One's own; staff see what was ever submitted, too. Kept apart, so that partners' lists go by their index. */
  visible: (row, eyes) =>
    eyes.seesEveryOrganization
      ? sql`(${row('submitted_at')} is not null or ${isOwn(row('organization_id'), eyes)})`
      : isOwn(row('organization_id'), eyes),
  fields: {
    id: idColumn('application'),
    reference: column('reference'),
    kind: column('kind'),
    amends: {
      kind: 'one',
      to: () => applicationProjection,
      on: (row, amended) => sql`${amended('id')} = ${row('amends_id')}`,
    },
    amendments: {
      kind: 'list',
      to: () => applicationProjection,
      on: (row, amendment) => sql`${amendment('amends_id')} = ${row('id')} and ${amendment('kind')} = 'AMENDMENT'`,
      order: oldestFirst,
    },
    renewals: {
      kind: 'list',
      to: () => applicationProjection,
      on: (row, renewal) => sql`${renewal('amends_id')} = ${row('id')} and ${renewal('kind')} = 'RENEWAL'`,
      order: oldestFirst,
    },
    status: { kind: 'value', sql: visibleStatus },
    organization: {
      kind: 'one',
      to: () => organizationProjection,
      on: (row, organization) => sql`${organization('id')} = ${row('organization_id')}`,
    },
    program: {
      kind: 'one',
      to: () => programProjection,
      on: (row, program) => sql`${program('id')} = ${row('program_id')}`,
    },
    programVersion: {
      kind: 'one',
      to: () => programVersionProjection,
      on: (row, version) => sql`${version('id')} = ${row('program_version_id')}`,
    },
    stage: {
      kind: 'value',
      sql: (row) => sql`(select json_build_object('key', s ->> 'key', 'name', s ->> 'name')
        from program_version pv, jsonb_array_elements(pv.workflow -> 'stages') as s
        where pv.id = ${row('program_version_id')} and s ->> 'key' = ${row('stage_key')})`,
    },
    queue: { kind: 'value', sql: forStaff('queue') },
    dueAt: { kind: 'value', sql: (row, eyes) => momentInTransit(forStaff('due_at')(row, eyes)) },
    decisionDueAt: decisionDueField,
    queuePosition: queuePositionField,
    time: timeField,
    estimate: estimateField,
    assignee: {
      kind: 'one',
      to: () => staffProjection,
      on: (row, staff, eyes) => sql`${staff('id')} = ${row('assignee_id')}
        and ${isSeenByStaff(row('organization_id'), eyes)}`,
    },
    answers: column('answers'),
    revision: column('revision'),
    revisions: ofApplication(() => revisionProjection),
    acceptedTerms: {
      kind: 'list',
      to: () => termsProjection,
      on: (row, terms) => sql`${terms('id')} in (select ta.terms_version_id from terms_acceptance ta
        where ta.application_id = ${row('id')})`,
      order: oldestFirst,
    },
    documents: ofApplication(() => documentProjection),
    informationRequests: ofApplication(() => informationRequestProjection),
    recommendations: ofApplication(() => recommendationProjection),
    stageAdvice: stageAdviceField,
    score: { kind: 'value', sql: applicationScore },
    checkResults: ofApplication(() => checkResultProjection),
    decisions: ofApplication(() => decisionProjection),
    reopenings: ofApplication(() => reopeningProjection),
    decisionLetters: ofApplication(() => decisionLetterProjection),
    intentsToRefuse: ofApplication(() => intentToRefuseProjection),
    recusals: {
      kind: 'list',
      to: () => recusalProjection,
      on: (row, recusal) => sql`${recusal('organization_id')} = ${row('organization_id')}`,
      order: oldestFirst,
    },
    flags: flagsThatAreUp((row, flag) => sql`${flag('application_id')} = ${row('id')}`),
    messages: messagesField,
    unreadMessages: unreadMessagesField,
    awaitsReplySince: awaitsReplySinceField,
    notes: notesField,
    grant: {
      kind: 'one',
      to: () => grantProjection,
      on: (row, grant) => sql`${grant('application_id')} = coalesce(${row('amends_id')}, ${row('id')})`,
      orderBy: (grant) => sql`${grant('id')} desc`,
    },
    timeline: {
      kind: 'connection',
      to: () => timelineProjection,
      on: (row, event) => sql`${event('application_id')} = ${row('id')}`,
      order: { direction: 'desc', keys: [{ sql: (event) => event('sequence'), type: 'bigint' }] },
    },
    statusReason: column('closed_reason'),
    appealBefore,
    createdBy: personWhoseIdIs('created_by'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    submittedAt: momentColumn('submitted_at'),
    stageEnteredAt: momentColumn('stage_entered_at'),
    decidedAt: momentColumn('decided_at'),
    appealedAt: momentColumn('appealed_at'),
    version: column('version'),
    availableCommands: {
      kind: 'value',
      sql: (row, eyes) => {
        const facts = applicationFactsSql(row, eyes.seesEveryOrganization ? askedByAnyRule : askedByPartners);
        return sql`json_build_object('facts', ${facts}, 'organizationId', ${row('organization_id')})`;
      },
      read: (value, { actor, now }) => {
        const { facts, organizationId } = value as { facts: unknown; organizationId: string };
        return availableApplicationCommands(toApplicationFacts(facts), standingOf(actor, organizationId), now);
      },
    },
    submissionProblems: {
      kind: 'value',
      sql: (row) => applicationFactsSql(row, applicationRule('submit')),
      read: (value) =>
        toApplicationFacts(value).submissionProblems.map(({ path = [], ...problem }) => ({ ...problem, path })),
    },
    stageProblems: {
      kind: 'value',
      sql: (row, eyes) =>
        sql`case when ${isSeenByStaff(row('organization_id'), eyes)} then ${applicationFactsSql(row, applicationRule('advanceStage'))} end`,
      read: (value) => {
        const problems = value === null ? [] : stageProblems(toApplicationFacts(value));
        return problems.map(({ path = [], ...problem }) => ({ ...problem, path }));
      },
    },
  },
};

/** A column that partners do not see. */
function forStaff(name: string) {
  return (row: Row, eyes: Eyes): Sql =>
    sql`case when ${isSeenByStaff(row('organization_id'), eyes)} then ${row(name)} end`;
}

/** Everything of one kind that belongs to the application, oldest first. */
function ofApplication(to: () => Projection): ManyField<Eyes, Viewer> {
  return {
    kind: 'list',
    to,
    on: (row, other) => sql`${other('application_id')} = ${row('id')}`,
    order: oldestFirst,
  };
}
