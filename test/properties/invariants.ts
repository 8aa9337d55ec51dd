import { sql } from 'kysely';
import type { ApplicationStatus } from '../../src/lifecycle/application.js';
import { type ClockInterval, chargedTime, type WorkingCalendar } from '../../src/lifecycle/working-time.js';
import { decodeId } from '../../src/platform/ids.js';
import type { TestDatabase } from '../support/database.js';

interface Row {
  readonly status: ApplicationStatus;
  readonly queue: string | null;
  readonly dueAt: string | null;
  readonly revision: number;
  readonly revisions: number;
  readonly openQuestions: number;
  readonly proposed: number;
  readonly intents: number;
  readonly grants: number;
  readonly mismarked: number;
  readonly ownSignatures: number;
  readonly repeatedJudges: number;
  readonly insiders: number;
  readonly calendar: WorkingCalendar;
  readonly standingChecks: number;
  readonly intervals: readonly {
    readonly kind: 'RUNNING' | 'PAUSED';
    readonly startedAt: string;
    readonly endedAt: string | null;
  }[];
}

/** What must hold of every application at every moment, and does not, in words. */
export async function brokenRules(database: TestDatabase, applicationId: string, now: Date): Promise<string[]> {
  const id = decodeId('application', applicationId);
  const found = await sql<Row>`select a.status, a.queue, a.due_at as "dueAt", a.revision,
    (select count(*)::int from application_revision r where r.application_id = a.id) as revisions,
    (select count(*)::int from information_request q where q.application_id = a.id and q.status = 'OPEN') as "openQuestions",
    (select count(*)::int from decision d where d.application_id = a.id and d.status = 'PROPOSED') as proposed,
    (select count(*)::int from intent_to_refuse n where n.application_id = a.id and n.ending is null) as intents,
    (select count(*)::int from access_grant g where g.application_id = a.id) as grants,
    (select count(*)::int from access_grant g where g.application_id = a.id and g.shut_by_release <> exists (
      select from grant_suspension s where s.grant_id = g.id and s.cause = 'RELEASE' and s.lifted_at is null)) as mismarked,
    (select count(*)::int from decision d where d.application_id = a.id
      and (d.proposed_by in (d.first_countersigned_by, d.countersigned_by)
        or (d.first_countersigned_by = d.countersigned_by and d.status = 'COUNTERSIGNED'))) as "ownSignatures",
    (select count(*)::int from decision d join decision e on e.application_id = d.application_id
      where d.application_id = a.id and d.on_appeal and not e.on_appeal and e.status = 'COUNTERSIGNED'
      and array[d.proposed_by, d.first_countersigned_by, d.countersigned_by]
        && array_remove(array[e.proposed_by, e.first_countersigned_by, e.countersigned_by], null)) as "repeatedJudges",
    (select count(*)::int from (
        select asked_by as person from information_request where application_id = a.id
        union all select reviewer_id from recommendation where application_id = a.id
        union all select proposed_by from decision where application_id = a.id
        union all select first_countersigned_by from decision where application_id = a.id
        union all select countersigned_by from decision where application_id = a.id) acts
      join membership m on m.user_id = acts.person and m.organization_id = a.organization_id) as insiders,
    (select v.workflow -> 'calendar' from program_version v where v.id = a.program_version_id) as calendar,
    (select coalesce(max(standing), 0)::int from (select count(*) as standing from check_result c
      where c.application_id = a.id and c.superseded_at is null
      group by c.revision, c.stage_key, c.check_key) as counted) as "standingChecks",
    (select json_agg(json_build_object('kind', c.kind, 'startedAt', c.started_at, 'endedAt', c.ended_at)
      order by c.started_at, c.ended_at nulls last, c.id) from clock_interval c where c.application_id = a.id) as intervals
    from application a where a.id = ${id}`.execute(database.kysely());
  const [row] = found.rows;
  if (!row) throw new Error(`There is no application ${applicationId}.`);
  const { status } = row;
  const isDecided = status === 'APPROVED' || status === 'APPROVED_WITH_CONDITIONS';
  const rules: Record<string, boolean> = {
    'A question is open exactly while information is requested':
      row.openQuestions === (status === 'INFORMATION_REQUESTED' ? 1 : 0),
    'A decision waits exactly while it is proposed': row.proposed === (status === 'DECISION_PROPOSED' ? 1 : 0),
    'An intent to refuse is open exactly while it can be answered':
      row.intents === (status === 'INTENT_TO_REFUSE' ? 1 : 0),
    'A grant follows an approval, and nothing else': row.grants === (isDecided ? 1 : 0),
    'A grant is marked as shut exactly while it is suspended for its release': row.mismarked === 0,
    'Nobody countersigns what they proposed': row.ownSignatures === 0,
    'Nobody judges an appeal against their own decision': row.repeatedJudges === 0,
    'Nobody judges their own organization': row.insiders === 0,
    'Every submission is kept as a revision': row.revision === row.revisions,
    'Of the results of a check one stands': row.standingChecks <= 1,
    ...rulesOfClock(row, now),
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}

/** Statuses in which staff are expected to do something. */
const waitsForStaff: readonly ApplicationStatus[] = ['SUBMITTED', 'IN_REVIEW', 'DECISION_PROPOSED', 'UNDER_APPEAL'];

function rulesOfClock({ status, queue, dueAt, intervals, calendar }: Row, now: Date): Record<string, boolean> {
  const spans: readonly ClockInterval[] = (intervals ?? []).map(({ kind, startedAt, endedAt }) => ({
    kind,
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
  }));
  const open = spans.filter(({ endedAt }) => endedAt === null);
  const runs = waitsForStaff.includes(status);
  const isPaused = status === 'INFORMATION_REQUESTED' || status === 'INTENT_TO_REFUSE';
  const inTurn = spans.every((span, position) => {
    const next = spans[position + 1];
    return next === undefined || (span.endedAt !== null && span.endedAt <= next.startedAt);
  });
  const age = spans[0] ? now.getTime() - spans[0].startedAt.getTime() : 0;
  const kinds = open.map(({ kind }) => kind).join();
  return {
    'The clock runs while staff are to act, pauses while the partner is asked or may answer, and is off otherwise':
      kinds === (runs ? 'RUNNING' : isPaused ? 'PAUSED' : ''),
    'The intervals of a clock follow one another': inTurn,
    'No more time is charged than has passed': chargedTime(spans, now, calendar) <= age,
    'Something is due exactly while staff are to act': (dueAt !== null) === runs,
    'An application is in a queue exactly while it is somebody’s work': (queue !== null) === (runs || isPaused),
  };
}

/** Is the audit log one unbroken chain, from its first record to its head? What is wrong, in words. */
export async function breaksInAudit(database: TestDatabase): Promise<string[]> {
  const found = await sql<{ records: number; wrong: number; gaps: number; loose: number; isHead: boolean }>`
    with chain as (
      select sequence, hash, previous_hash, lag(hash) over (order by sequence) as before,
        lag(sequence) over (order by sequence) as place, encode(sha256(convert_to(audit_record_text(r), 'UTF8')), 'hex') as real
      from audit_record r)
    select count(*)::int as records, (count(*) filter (where hash <> real))::int as wrong,
      (count(*) filter (where sequence <> coalesce(place, 0) + 1))::int as gaps,
      (count(*) filter (where previous_hash <> coalesce(before, repeat('0', 64))))::int as loose,
      (select h.sequence = max(chain.sequence) and h.hash = (select hash from chain order by sequence desc limit 1)
        from audit_head h, chain group by h.sequence, h.hash) as "isHead"
    from chain`.execute(database.kysely());
  const [row] = found.rows;
  if (!row || row.records === 0) return ['there is no audit log'];
  return [
    ...(row.wrong > 0 ? [`${row.wrong} records do not have their hash`] : []),
    ...(row.gaps > 0 ? [`${row.gaps} gaps`] : []),
    ...(row.loose > 0 ? [`${row.loose} records do not follow the one before`] : []),
    ...(row.isHead ? [] : ['the head is not that of the last record']),
  ];
}
