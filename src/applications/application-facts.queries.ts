import { sql } from 'kysely';
import { type GrantToAmend, workflowOf } from '../lifecycle/amendment.js';
import {
  type ApplicationGuard,
  type ApplicationRule,
  type ApplicationStatus,
  allApplicationCommands,
  allApplicationStatuses,
  applicationRule,
  finalApplicationStatuses,
} from '../lifecycle/application.js';
import type { ApplicationFacts } from '../lifecycle/application-guards.js';
import { endedGrantStatuses } from '../lifecycle/grant.js';
import type { Objection } from '../lifecycle/ruling.js';
import type { ScreeningStanding } from '../lifecycle/screening.js';
import type { Workflow } from '../lifecycle/workflow.js';
import type { RawSql } from '../platform/database/database.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { renewalOpensDaysSql } from '../programs/grant-policy.queries.js';
import { checkAnswers } from '../programs/questionnaire.js';
import { screeningStandingSql } from '../screening/standing.queries.js';

/** What is looked at before an application is submitted. */
interface SubmissionJson {
  readonly versionId: string;
  readonly questionnaire: Readonly<Record<string, unknown>>;
  readonly requirements: readonly { readonly key: string; readonly title: string; readonly required: boolean }[];
  readonly answers: Readonly<Record<string, unknown>>;
  readonly provided: readonly string[];
  readonly underway: readonly string[];
  readonly termsLabel: string;
  readonly termsAccepted: boolean;
}

interface FactsJson {
  readonly status: ApplicationStatus;
  readonly wasSubmitted: boolean;
  readonly statusBefore: ApplicationStatus | null;
  readonly stageKey: string | null;
  readonly workflow: Workflow;
  readonly recommendedBy: ApplicationFacts['recommendedBy'];
  readonly passedChecks: readonly string[];
  readonly providedFor: readonly string[];
  readonly proposedBy: string | null;
  readonly signedBy: string | null;
  readonly answerBefore: string | null;
  readonly answeredIntent: boolean;
  readonly outcome: ApplicationFacts['outcome'];
  readonly decidedBefore: readonly string[];
  readonly recused: ApplicationFacts['recused'];
  readonly assignedTo: string | null;
  readonly extensionWaits: boolean;
  readonly hasAnsweredRequest: boolean;
  readonly decidedAt: string | null;
  readonly appealedAt: string | null;
  readonly screening: ScreeningStanding;
  readonly afterEnd: ApplicationFacts['afterEnd'];
  readonly submission: SubmissionJson | null;
  readonly kind: ApplicationFacts['kind'];
  readonly grant: (Omit<GrantToAmend, 'endsAt'> & { readonly endsAt: string }) | null;
  readonly renewalStages: readonly string[] | null;
}

/** What the facts are for: from which statuses something is to be done, and what is looked at besides. */
export type Asked = Pick<ApplicationRule, 'from' | 'guards'>;

/** Whatever any rule could ask of an application. */
export const askedByAnyRule: Asked = {
  from: allApplicationStatuses,
  guards: allApplicationCommands.flatMap((command) => applicationRule(command).guards),
};

/** The same for partners, who do not learn how an organization stands with the screening lists. */
export const askedByPartners: Asked = {
  from: allApplicationStatuses,
  guards: askedByAnyRule.guards.filter((guard) => guard !== 'screeningAllows'),
};

/** The guards that look at the grant that an application is about. */
const guardsOfGrant: readonly ApplicationGuard[] = ['grantStands', 'hasGrantToAmend', 'hasGrantToRenew'];

/**
 * Everything the rules ask of an application, as one JSON expression over its row. The commands and
 * `Application.availableCommands` both read this, so a button that is shown is a command that is accepted. What is looked
 * at in certain statuses only, or by certain guards, is left out where nobody asks: the database has to make ready even
 * for a question that it then does not put.
 */
export function applicationFactsSql(row: Row, asked: Asked): Sql {
  const isIn = whereAsked(row, asked);
  const facts: Readonly<Record<keyof FactsJson, Sql>> = {
    status: row('status'),
    statusBefore: row('status_before'),
    wasSubmitted: sql`${row('submitted_at')} is not null`,
    stageKey: row('stage_key'),
    kind: row('kind'),
    workflow: sql`pv.workflow`,
    renewalStages: sql`pv.grant_policy -> 'renewalStages'`,
    decidedAt: row('decided_at'),
    appealedAt: row('appealed_at'),
    assignedTo: sql`(select s.user_id from staff_member s where s.id = ${row('assignee_id')})`,
    recused: sql`(select coalesce(json_agg(json_build_object('personId', x.user_id, 'kind', x.kind)), '[]'::json)
      from recusal x where ${isRecusedFrom(row)})`,
    ...progressFacts(row),
    ...decisionFacts(row, isIn),
    ...requestFacts(row, isIn),
    screening: asked.guards.includes('screeningAllows')
      ? isIn(['IN_REVIEW', 'UNDER_APPEAL', 'DECISION_PROPOSED'], screeningStandingSql(row('organization_id')), clear)
      : clear,
    afterEnd: isIn(
      finalApplicationStatuses,
      sql`case when ${row('submitted_at')} is not null then ${afterEndSql(row)} end`,
    ),
    grant: asked.guards.some((guard) => guardsOfGrant.includes(guard)) ? grantToAmendSql(row) : sql`null`,
    submission: isIn(['DRAFT', 'RETURNED'], submissionSql(row)),
  };
  const members = Object.entries(facts).map(([name, value]) => sql`${sql.lit(name)}, ${value}`);
  return sql`(select json_build_object(${sql.join(members)})
    from program_version pv join terms_version tv on tv.id = pv.terms_version_id
    where pv.id = ${row('program_version_id')})`;
}

const clear = sql`'CLEAR'`;

type IsIn = (statuses: readonly ApplicationStatus[], then: Sql, otherwise?: Sql) => Sql;

/** What is looked at in these statuses only; not at all when nothing is to be done from any of them. */
function whereAsked(row: Row, { from }: Asked): IsIn {
  return (statuses, then, otherwise = sql`null`) =>
    statuses.some((status) => from.includes(status))
      ? sql`case when ${row('status')} in (${words(statuses)}) then ${then} else ${otherwise} end`
      : otherwise;
}

function isRecusedFrom(row: Row): Sql {
  return sql`x.organization_id = ${row('organization_id')} and x.ended_at is null`;
}

/** What was done at the present stage by those who are not recused. */
function progressFacts(row: Row) {
  const standsHere = (of: string) =>
    sql`${sql.ref(`${of}.application_id`)} = ${row('id')} and ${sql.ref(`${of}.revision`)} = ${row('revision')}
      and ${sql.ref(`${of}.stage_key`)} = ${row('stage_key')} and ${sql.ref(`${of}.superseded_at`)} is null`;
  const counts = (by: Sql) => sql`not exists (select from recusal x where ${isRecusedFrom(row)} and x.user_id = ${by})`;
  return {
    recommendedBy: sql`(select coalesce(json_agg(json_build_object('personId', r.reviewer_id, 'role', r.role)), '[]'::json)
      from recommendation r where ${standsHere('r')} and ${counts(sql`r.reviewer_id`)})`,
    passedChecks: sql`(select coalesce(json_agg(c.check_key), '[]'::json)
      from check_result c where ${standsHere('c')} and c.outcome = 'PASSED' and ${counts(sql`c.marked_by`)})`,
    providedFor: sql`(select coalesce(json_agg(distinct d.requirement_key), '[]'::json) from document d
      where d.application_id = ${row('id')} and d.status = 'AVAILABLE' and not d.is_from_staff)`,
  };
}

/** What is proposed now, announced, or was decided before. */
function decisionFacts(row: Row, isIn: IsIn) {
  const ofProposed = (value: Sql) =>
    sql`(select ${value} from decision d where d.application_id = ${row('id')} and d.status = 'PROPOSED')`;
  const intent = (value: Sql, condition: Sql) =>
    sql`(select ${value} from intent_to_refuse n where n.application_id = ${row('id')} and ${condition})`;
  const answered = sql`exists ${intent(sql``, sql`n.ending = 'ANSWERED'`)}`;
  return {
    proposedBy: ofProposed(sql`d.proposed_by`),
    signedBy: isIn(['DECISION_PROPOSED'], ofProposed(sql`d.first_countersigned_by`)),
    outcome: isIn(['DECISION_PROPOSED'], ofProposed(sql`d.outcome`)),
    answerBefore: isIn(['INTENT_TO_REFUSE'], intent(sql`n.answer_before`, sql`n.ending is null`)),
    answeredIntent: isIn(['DECISION_PROPOSED'], answered, sql`false`),
    decidedBefore: sql`(select coalesce(json_agg(distinct person), '[]'::json) from decision d,
      unnest(array[d.proposed_by, d.first_countersigned_by, d.countersigned_by]) as person
      where d.application_id = ${row('id')} and d.status = 'COUNTERSIGNED' and d.superseded_at is null and person is not null)`,
  };
}

/** What was asked of the partner. */
function requestFacts(row: Row, isIn: IsIn) {
  const extension = sql`exists (select from due_date_extension e
    where e.application_id = ${row('id')} and e.outcome = 'WAITING')`;
  const answered = sql`exists (select from information_request q
    where q.application_id = ${row('id')} and q.status = 'ANSWERED')`;
  return {
    extensionWaits: isIn(['INFORMATION_REQUESTED'], extension, sql`false`),
    hasAnsweredRequest: isIn(['SUBMITTED', 'IN_REVIEW'], answered, sql`false`),
  };
}

const openStatuses = allApplicationStatuses.filter((status) => !finalApplicationStatuses.includes(status));

function words(texts: readonly string[]): Sql {
  return sql.join(texts.map((text) => sql.lit(text)));
}

/** What is looked at before an application that is over is reopened. */
function afterEndSql(row: Row): Sql {
  const id = row('id');
  return sql`json_build_object(
      'proposedBy', (select r.proposed_by from reopening r where r.application_id = ${id} and r.status = 'PROPOSED'),
      'isReplaced', exists (select 1 from application other where other.organization_id = ${row('organization_id')}
        and other.program_id = ${row('program_id')} and other.amends_id is not distinct from ${row('amends_id')} and other.kind = ${row('kind')}
        and other.status in (${words(openStatuses)})),
      'hasGrant', exists (select 1 from access_grant g where g.application_id = case when ${row('status')} like 'APPROVED%'
          then coalesce(${row('amends_id')}, ${id}) else ${id} end
        and g.status not in (${words(endedGrantStatuses)})),
      'decidedOnAppeal', coalesce((select d.on_appeal from decision d where d.application_id = ${id}
        and d.status = 'COUNTERSIGNED' and d.superseded_at is null order by d.id desc limit 1), false))`;
}

/** The grant that follows from an approved application, or that an amendment is to change; the newest, as everywhere. */
function grantToAmendSql(row: Row): Sql {
  return sql`case when ${row('kind')} <> 'NEW' or ${row('status')} in ('APPROVED', 'APPROVED_WITH_CONDITIONS') then (
    select json_build_object('reference', g.reference, 'status', g.status, 'endsAt', g.ends_at,
      'renewalOpensDays', ${renewalOpensDaysSql(sql`g.program_id`)}) from access_grant g
    where g.application_id = coalesce(${row('amends_id')}, ${row('id')}) order by g.id desc limit 1) end`;
}

/** What is looked at before an application is submitted under the version `pv` with the terms `tv`. */
function submissionSql(row: Row): Sql {
  const id = row('id');
  return sql`json_build_object(
      'versionId', pv.id, 'questionnaire', pv.questionnaire, 'requirements', pv.document_requirements,
      'answers', ${row('answers')},
      'provided', (select coalesce(json_agg(distinct d.requirement_key), '[]'::json) from document d
        where d.application_id = ${id} and d.status = 'AVAILABLE' and not d.is_from_staff),
      'underway', (select coalesce(json_agg(d.file_name), '[]'::json) from document d
        where d.application_id = ${id} and d.status = 'AWAITING_UPLOAD' and not d.is_from_staff),
      'termsLabel', tv.label,
      'termsAccepted', exists (select 1 from terms_acceptance ta
        where ta.application_id = ${id} and ta.terms_version_id = tv.id))`;
}

/** What would be missing if an application were submitted under a version of its program, whatever its status. */
export async function submissionProblemsUnder(
  database: RawSql,
  applicationId: string,
  versionId: string,
): Promise<Objection[]> {
  const found = await sql<{ submission: SubmissionJson }>`
    select ${submissionSql((name) => sql.ref(`a.${name}`))} as submission
    from application as a, program_version pv join terms_version tv on tv.id = pv.terms_version_id
    where a.id = ${applicationId} and pv.id = ${versionId}`.execute(database);
  const [row] = found.rows;
  if (!row) throw new Error(`There is no application ${applicationId}, or no program version ${versionId}.`);
  return submissionProblems(row.submission);
}

/** What the expression's JSON says; the value must come from `applicationFactsSql`. */
export function toApplicationFacts(value: unknown): ApplicationFacts {
  const { submission, decidedAt, appealedAt, answerBefore, grant, renewalStages, ...facts } = value as FactsJson;
  return {
    ...facts,
    workflow: workflowOf(facts.workflow, facts, renewalStages),
    grant: grant && { ...grant, endsAt: new Date(grant.endsAt) },
    decidedAt: momentOf(decidedAt),
    appealedAt: momentOf(appealedAt),
    answerBefore: momentOf(answerBefore),
    submissionProblems: submission ? submissionProblems(submission) : [],
  };
}

function momentOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** Everything that stands between a draft and its submission, all at once. */
function submissionProblems(submission: SubmissionJson): Objection[] {
  const problems = checkAnswers(
    { id: submission.versionId, questionnaire: submission.questionnaire },
    submission.answers,
  );
  for (const requirement of submission.requirements) {
    if (!requirement.required || submission.provided.includes(requirement.key)) continue;
    problems.push({
      code: 'REQUIRED',
      message: `The document “${requirement.title}” is required and has not been uploaded.`,
      path: ['documents', requirement.key],
    });
  }
  for (const fileName of submission.underway) {
    problems.push({
      code: 'INCOMPLETE',
      message: `The upload of “${fileName}” was announced and is not complete: complete it, or remove the document.`,
      path: ['documents'],
    });
  }
  if (!submission.termsAccepted) {
    problems.push({
      code: 'REQUIRED',
      message: `The terms “${submission.termsLabel}” have not been accepted yet.`,
      path: ['terms'],
    });
  }
  return problems;
}
