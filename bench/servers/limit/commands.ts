import type { Pool } from 'pg';
import { v7 as nextId } from 'uuid';
import { roleLabel, standingOf } from '../../../src/lifecycle/actor.js';
import { ruleOnApplication } from '../../../src/lifecycle/application-guards.js';
import { deadlineOf } from '../../../src/lifecycle/deadlines.js';
import { stageAfter } from '../../../src/lifecycle/workflow.js';
import { chargedTime } from '../../../src/lifecycle/working-time.js';
import { type Situation, Situations } from './facts.js';
import { apiId } from './transit.js';

/** What a command changes, and the event that tells of it. */
interface Change {
  readonly statement: 'submit' | 'advance';
  readonly command: string;
  readonly event: string;
  readonly particulars: Readonly<Record<string, unknown>>;
  readonly status: string;
  readonly stageKey: string | null;
  /** What the clock that starts is called. */
  readonly clock: string;
  readonly cause: string;
  readonly queue: string;
  readonly slaWorkingHours: number;
  readonly documents: string;
}

export type CommandAnswer =
  | { readonly text: string }
  | { readonly objections: readonly { readonly code: string; readonly message: string }[] }
  | null;

const moved = {
  advance: `update application set stage_key = $3, stage_entered_at = $4, queue = $5, due_at = $6, assignee_id = null,
      version = version + 1, updated_at = $4 where id = $1 and version = $2 returning *`,
  submit: `update application set status = 'SUBMITTED', revision = revision + 1, submitted_at = $4, closed_reason = null, stage_key = $3,
      stage_entered_at = $4, queue = $5, due_at = $6, version = version + 1, updated_at = $4 where id = $1 and version = $2 returning *`,
};

/**
 * Everything that a command writes, in one statement and so in one transaction. Each part reads the one before to its
 * end, so they run in this order: the open clock ends before the next begins, and the audit log's lock is taken last.
 */
const write = (statement: Change['statement']) => `
with moved as (${moved[statement]}),
ended as (
  update clock_interval set ended_at = greatest($4, started_at)
  where application_id = $1 and ended_at is null and exists (select from moved) returning 1),
begun as (
  insert into clock_interval (id, application_id, stage_key, kind, cause, started_at, ended_at, due_at, warn_at, decision_due_at, decision_warn_at, notice_at)
  select $7, moved.id, $8, 'RUNNING', $9, $4, null, $6, $17, $18, $19, least($6, $17, $18, $19) from moved, (select count(*) from ended) as e returning 1),
${
  statement === 'submit'
    ? `revised as (
  insert into application_revision (id, application_id, number, answers, documents, submitted_by, submitted_at)
  select $20, moved.id, moved.revision, moved.answers, $21::jsonb, $13, $4 from moved returning 1),`
    : ''
}
queued as (
  insert into pgboss.job_common (id, name, data, priority, start_after, created_on, expire_seconds, deletion_seconds, keep_until, retry_limit, retry_delay,
    retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds, blocked, blocking, pending_dependencies)
  select gen_random_uuid(), q.name, jsonb_build_object('eventIds', jsonb_build_array($10::uuid)), 0, now(), now(), q.expire_seconds, q.deletion_seconds,
    now() + q.retention_seconds * interval '1s', q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max, q.policy, q.dead_letter, q.heartbeat_seconds,
    false, false, 0
  from moved, (select count(*) from begun) as b, ${statement === 'submit' ? '(select count(*) from revised) as r,' : ''} pgboss.queue as q where q.name = 'events.dispatch' returning 1),
recorded as (
  insert into audit_record (id, at, command, event, event_version, audience, actor_kind, actor_id, actor_role, organization_id, application_id, subject_kind,
    subject_id, payload, request_id)
  select $10, $4, $11, $12, 1, 'PARTNER', 'PERSON', $13, $14, moved.organization_id, moved.id, 'application', moved.id, $15, $16
  from moved, (select count(*) from queued) as q returning 1)
select moved.status from moved, (select count(*) from recorded) as r`;

const statements = { submit: write('submit'), advance: write('advance') };

/** How often a command is looked at again that somebody else was faster than. */
const attempts = 3;

/** The commands of the portal, each in two statements: what the rules ask, and everything that follows. */
export class Commands {
  readonly #pool: Pool;
  readonly #situations: Situations;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#situations = new Situations(pool);
  }

  /** Null when there is no such application for whoever holds the session. */
  async run(name: 'submit' | 'advance', tokenHash: string, applicationId: string): Promise<CommandAnswer> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const situation = await this.#situations.of(tokenHash, applicationId);
      if (!situation) return null;
      const now = new Date();
      const standing = standingOf(situation.actor, situation.application.organizationId);
      const rule = name === 'submit' ? 'submit' : 'advanceStage';
      const objections = ruleOnApplication(rule, situation.facts, standing, now);
      if (objections.length > 0) return { objections };
      const text = await this.#write(applicationId, situation, changeOf(name, situation), now);
      if (text !== null) return { text };
    }
    return { objections: [{ code: 'CONFLICT', message: 'Others were faster, again and again.' }] };
  }

  async #write(applicationId: string, situation: Situation, change: Change, now: Date): Promise<string | null> {
    const { actor, application, intervals } = situation;
    const { workflow } = situation.facts;
    const ended = intervals.map((interval) => ({ ...interval, endedAt: interval.endedAt ?? now }));
    const charged = (of: typeof ended) => chargedTime(of, now, workflow.calendar);
    const here = charged(ended.filter(({ stageKey }) => stageKey === change.clock));
    const stage = deadlineOf(change.slaWorkingHours, here, now, workflow);
    const decision = deadlineOf(workflow.decideWithinWorkingHours, charged(ended), now, workflow);
    const id = apiId('application', applicationId);
    const { reference, organizationId } = application;
    const payload = { applicationId: id, reference, status: change.status, ...change.particulars };
    const values: unknown[] = [
      applicationId,
      application.version,
      change.stageKey,
      now,
      change.queue,
      stage.dueAt,
      nextId(),
      change.clock,
      change.cause,
      nextId(),
      change.command,
      change.event,
      actor.personId,
      roleLabel(actor, organizationId),
      JSON.stringify(payload),
      nextId(),
      stage.warnAt,
      decision.dueAt,
      decision.warnAt,
    ];
    if (change.statement === 'submit') values.push(nextId(), change.documents);
    const name = `limit_${change.statement}`;
    const written = await this.#pool.query<{ status: string }>({
      name,
      text: statements[change.statement],
      values,
    });
    const [row] = written.rows;
    if (!row) return null;
    const field = change.statement === 'submit' ? 'submitApplication' : 'advanceStage';
    return `{"${field}":{"application":{"id":"${id}","status":"${row.status}"},"errors":[]}}`;
  }
}

function changeOf(name: 'submit' | 'advance', { facts, application, documents }: Situation): Change {
  if (name === 'submit') {
    const revised = documents.map((document) => ({
      documentId: apiId('document', document.id),
      requirementKey: document.key,
      fileName: document.name,
      sha256: document.sha256,
    }));
    return {
      statement: 'submit',
      command: 'application.submit',
      event: 'application.submitted',
      particulars: { revision: application.revision + 1 },
      status: 'SUBMITTED',
      stageKey: null,
      clock: 'intake',
      cause: 'SUBMITTED',
      ...facts.workflow.intake,
      documents: JSON.stringify(revised),
    };
  }
  const fromStage = application.stageKey ?? '';
  const next = stageAfter(facts.workflow, fromStage);
  if (!next) throw new Error('The rules let an application leave its last stage.');
  return {
    statement: 'advance',
    command: 'application.advanceStage',
    event: 'application.stage_advanced',
    particulars: { fromStage, stage: next.key },
    status: application.status,
    stageKey: next.key,
    clock: next.key,
    cause: 'STAGE_ADVANCED',
    queue: next.queue,
    slaWorkingHours: next.slaWorkingHours,
    documents: '[]',
  };
}
