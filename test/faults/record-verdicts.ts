import { sql } from 'kysely';
import { jobQueueSchema, type RawSql } from '../../src/platform/database/database.js';
import { encodeId } from '../../src/platform/ids.js';
import type { KnownApplication, Ledger } from './ledger.js';
import { differences, type Verdict } from './verdict.js';

/** An application with everything that belongs to it, counted. */
interface Stored {
  readonly status: string;
  readonly version: number;
  readonly revision: number;
  readonly revisions: number;
  readonly terms_accepted: number;
  readonly documents: number;
  readonly documents_unfinished: number;
  readonly questions: number;
  readonly answers: number;
  readonly recommendations: number;
  readonly recommendations_superseded: number;
  readonly decisions: number;
  readonly decisions_open: number;
  readonly decisions_countersigned: number;
  readonly grants: number;
  readonly grants_active: number;
  readonly clocks_running: number;
  readonly is_queued: boolean;
}

async function storedApplications(database: RawSql): Promise<ReadonlyMap<string, Stored>> {
  const count = (table: string, condition = 'true') =>
    sql.raw(`(select count(*)::int from ${table} where application_id = a.id and ${condition})`);
  const found = await sql<Stored & { id: string }>`select a.id, a.status, a.version, a.revision,
      a.queue is not null or a.due_at is not null as is_queued,
      ${count('application_revision')} as revisions,
      ${count('terms_acceptance')} as terms_accepted,
      ${count('document', "status = 'AVAILABLE' and uploaded_by is not null")} as documents,
      ${count('document', "status <> 'AVAILABLE'")} as documents_unfinished,
      ${count('information_request')} as questions,
      ${count('information_request', 'responded_at is not null')} as answers,
      ${count('recommendation')} as recommendations,
      ${count('recommendation', 'superseded_at is not null')} as recommendations_superseded,
      ${count('decision')} as decisions,
      ${count('decision', "status = 'PROPOSED'")} as decisions_open,
      ${count('decision', "status = 'COUNTERSIGNED'")} as decisions_countersigned,
      ${count('access_grant')} as grants,
      ${count('access_grant', "status = 'ACTIVE'")} as grants_active,
      ${count('clock_interval', 'ended_at is null')} as clocks_running
    from application as a`.execute(database);
  return new Map(found.rows.map(({ id, ...row }) => [encodeId('application', id), row]));
}

/** What should be stored of an application that has come to its end, by what its clients were told. */
function expectedOf({ status, version, revision, done }: KnownApplication): Stored {
  const times = (name: string) => done.get(name) ?? 0;
  const grants = status.startsWith('APPROVED') ? 1 : 0;
  return {
    status,
    version,
    revision,
    revisions: times('submitApplication'),
    terms_accepted: times('acceptTerms'),
    documents: times('completeDocumentUpload'),
    documents_unfinished: 0,
    questions: times('requestInformation'),
    answers: times('respondToInformationRequest'),
    recommendations: times('giveRecommendation'),
    recommendations_superseded: 0,
    decisions: times('proposeDecision'),
    decisions_open: 0,
    decisions_countersigned: times('countersignDecision'),
    grants,
    grants_active: grants,
    clocks_running: 0,
    is_queued: false,
  };
}

export async function recordVerdicts(database: RawSql, ledger: Ledger): Promise<readonly Verdict[]> {
  const stored = await storedApplications(database);
  const known = [...ledger.applications.values()];
  return [
    {
      promise: 'no application is there that nobody started, and none is missing',
      violations: [
        ...known.filter(({ id }) => !stored.has(id)).map(({ id }) => `${id} is missing`),
        ...[...stored.keys()].filter((id) => !ledger.applications.has(id)).map((id) => `${id} was started by nobody`),
      ],
    },
    {
      promise: 'every application came to its end',
      violations: known.filter(({ isOver }) => !isOver).map(({ id, status }) => `${id} is still ${status}`),
    },
    {
      promise: 'every application is as its last answer said, with every effect once and nothing half done',
      violations: known.flatMap((application) => {
        const found = stored.get(application.id);
        return found && application.isOver ? differences(application.id, found, expectedOf(application)) : [];
      }),
    },
    {
      promise: 'every approval has exactly one grant, and nothing else has one',
      violations: await grantViolations(database),
    },
    {
      promise: 'every Idempotency-Key is kept once, with its answer',
      violations: await keyViolations(database, ledger),
    },
    { promise: 'no letter was lost', violations: await letterViolations(database) },
  ];
}

async function grantViolations(database: RawSql): Promise<readonly string[]> {
  const found = await sql<{ id: string; grants: number; approvals: number; outcome: string }>`
    select a.id, count(distinct g.id)::int as grants,
      count(distinct d.id) filter (where d.status = 'COUNTERSIGNED' and d.outcome <> 'REFUSE')::int as approvals
    from application as a left join access_grant as g on g.application_id = a.id
      left join decision as d on d.application_id = a.id
    group by a.id having count(distinct g.id) <>
      count(distinct d.id) filter (where d.status = 'COUNTERSIGNED' and d.outcome <> 'REFUSE')
      or (count(distinct g.id) > 0) <> (a.status in ('APPROVED', 'APPROVED_WITH_CONDITIONS'))`.execute(database);
  return found.rows.map(({ id, grants, approvals }) => {
    return `${encodeId('application', id)} was approved ${approvals} times and has ${grants} grants`;
  });
}

async function keyViolations(database: RawSql, ledger: Ledger): Promise<readonly string[]> {
  const found = await sql<{ key: string; answered: boolean }>`
    select key, sealed_result is not null as answered from idempotency_key
    where actor not like 'system:%'`.execute(database);
  const kept = new Map(found.rows.map(({ key, answered }) => [key, answered]));
  const lost = ledger.acknowledged.filter(({ key }) => kept.get(key) !== true);
  const unknown = [...kept.keys()].filter((key) => !ledger.given.has(key));
  const twice = found.rows.length - kept.size;
  return [
    ...lost.map(({ key, name }) => `the answer to ${name} (${key}) is not kept`),
    ...unknown.map((key) => `${key} was used by nobody`),
    ...(twice > 0 ? [`${twice} keys are kept more than once`] : []),
  ];
}

/** Letters wait half a minute and more after a failure, so it counts that somebody will see to those that wait. */
async function letterViolations(database: RawSql): Promise<readonly string[]> {
  const found = await sql<{ id: string; status: string }>`select id, status from notification as n
    where status = 'FAILED' or (status = 'PENDING' and not exists (
      select 1 from ${sql.id(jobQueueSchema, 'job')} as j where j.data ->> 'notificationId' = n.id::text
        and j.state in ('created', 'retry', 'active')))`.execute(database);
  return found.rows.map(({ id, status }) => `letter ${id} is ${status}, and no job is there to send it`);
}
