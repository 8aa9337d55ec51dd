import { sql } from 'kysely';
import { decodeId, randomIds } from '../../src/platform/ids.js';
import type { TestDatabase } from '../support/database.js';

export interface RecordedStay {
  readonly stageKey: string;
  readonly kind?: 'RUNNING' | 'PAUSED';
  readonly from: string;
  /** Left out while it goes on. */
  readonly to?: string;
  readonly dueAt?: string;
  readonly decisionDueAt?: string;
}

export interface RecordedDecision {
  readonly outcome: 'APPROVE' | 'APPROVE_WITH_CONDITIONS' | 'REFUSE';
  readonly at: string;
  readonly reasons?: readonly string[];
  readonly reviewers?: readonly string[];
}

export interface RecordedApplication {
  readonly programId: string;
  readonly organizationId: string;
  readonly status: string;
  readonly stageKey?: string;
  readonly stays: readonly RecordedStay[];
  readonly decision?: RecordedDecision;
  readonly withdrawnAt?: string;
}

/** Puts on record what happened to applications, at times that reports can be held to. */
export class Records {
  readonly #database: TestDatabase;
  #count = 0;

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  async person(name: string): Promise<string> {
    const id = randomIds.next();
    this.#count += 1;
    await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      values (${id}, ${name}, ${`recorded${this.#count}@example.org`}, true, now(), now())`.execute(this.#sql);
    return id;
  }

  async organization(legalName: string, sector = 'ENERGY', country = 'NL'): Promise<string> {
    const id = randomIds.next();
    const personId = await this.person(`Founder of ${legalName}`);
    await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
      values (${id}, ${legalName}, ${country}, ${sector}, 'https://www.example.org', ${id}, ${personId}, now(), now())`.execute(
      this.#sql,
    );
    return id;
  }

  /** Answers its reference. */
  async application(one: RecordedApplication): Promise<string> {
    this.#count += 1;
    const id = randomIds.next();
    const programId = decodeId('program', one.programId);
    const reference = `R-${this.#count}`;
    const submittedAt = one.stays[0]?.from;
    await sql`insert into application (id, reference, organization_id, program_id, program_version_id, status, stage_key,
        answers, revision, created_by, submitted_at, decided_at, created_at, updated_at)
      select ${id}::text::uuid, ${reference}, o.id, p.id, p.current_version_id, ${one.status}, ${one.stageKey ?? null}, '{}', 1,
        o.created_by, ${submittedAt}::text::timestamptz, ${one.decision?.at ?? null}::text::timestamptz, now(), now()
      from program p, organization o where p.id = ${programId} and o.id = ${one.organizationId}`.execute(this.#sql);
    await sql`insert into application_revision (id, application_id, number, answers, documents, submitted_by, submitted_at)
      select ${randomIds.next()}::text::uuid, id, 1, '{}', '[]', created_by, submitted_at from application
      where id = ${id}`.execute(this.#sql);
    for (const stay of one.stays) await this.#stay(id, stay);
    if (one.decision) await this.#decision(id, one.decision);
    if (one.withdrawnAt) await this.#withdrawal(id, one.withdrawnAt);
    return reference;
  }

  async #stay(id: string, { stageKey, kind = 'RUNNING', from, to, dueAt, decisionDueAt }: RecordedStay): Promise<void> {
    await sql`insert into clock_interval (id, application_id, stage_key, kind, cause, started_at, ended_at, due_at, decision_due_at)
      values (${randomIds.next()}, ${id}, ${stageKey}, ${kind}, 'STAGE_ADVANCED', ${from}, ${to ?? null}, ${dueAt ?? null},
        ${decisionDueAt ?? null})`.execute(this.#sql);
  }

  async #decision(id: string, { outcome, at, reasons = [], reviewers = [] }: RecordedDecision): Promise<void> {
    for (const reviewer of reviewers) {
      await sql`insert into recommendation (id, application_id, revision, stage_key, reviewer_id, role, kind, comment, conditions, recommended_at)
        values (${randomIds.next()}, ${id}, 1, 'technical-review', ${reviewer}, 'REVIEWER', 'APPROVE', 'Sound.', '[]',
          ${at}::text::timestamptz - interval '2 hours')`.execute(this.#sql);
    }
    const [proposer, other] = [await this.person('Decider'), await this.person('Other decider')];
    await sql`insert into decision (id, application_id, on_appeal, outcome, reasons, conditions, internal_note, status,
        proposed_by, proposed_at, countersigned_by, countersigned_at)
      values (${randomIds.next()}, ${id}, false, ${outcome}, ${JSON.stringify(reasons)}, '[]', '', 'COUNTERSIGNED',
        ${proposer}, ${at}::text::timestamptz - interval '1 hour', ${other}, ${at})`.execute(this.#sql);
  }

  async #withdrawal(id: string, at: string): Promise<void> {
    await sql`insert into timeline_event (sequence, id, at, event, audience, actor_kind, actor_role, application_id, payload)
      values (${1_000_000 + this.#count}, ${randomIds.next()}, ${at}, 'application.withdrawn', 'PARTNER', 'SYSTEM', 'test', ${id}, '{}')`.execute(
      this.#sql,
    );
  }

  /** Many decided applications at once, one a minute from a moment on, each with three stays. */
  async many(count: number, programId: string, organizationId: string, from: string): Promise<void> {
    const program = decodeId('program', programId);
    // Their words are not searched for here, and working them out takes long.
    await sql`alter table application disable trigger user`.execute(this.#sql);
    await sql`insert into application (id, reference, organization_id, program_id, program_version_id, status, answers, revision,
        created_by, submitted_at, decided_at, created_at, updated_at)
      select gen_random_uuid(), 'M-' || n, o.id, p.id, p.current_version_id, 'APPROVED', '{}', 1, o.created_by,
        ${from}::text::timestamptz + n * interval '1 minute', ${from}::text::timestamptz + n * interval '1 minute' + interval '6 days',
        now(), now()
      from generate_series(1, ${count}::int) as n, program p, organization o
      where p.id = ${program} and o.id = ${organizationId}`.execute(this.#sql);
    await sql`alter table application enable trigger user`.execute(this.#sql);
    await sql`insert into application_revision (id, application_id, number, answers, documents, submitted_by, submitted_at)
      select gen_random_uuid(), id, 1, '{}', '[]', created_by, submitted_at from application
      where reference like 'M-%'`.execute(this.#sql);
    await sql`insert into clock_interval (id, application_id, stage_key, kind, cause, started_at, ended_at)
      select gen_random_uuid(), a.id, (array['intake', 'screening', 'decision'])[n], 'RUNNING', 'STAGE_ADVANCED',
        a.submitted_at + (n - 1) * interval '2 days', a.submitted_at + n * interval '2 days'
      from application a, generate_series(1, 3) as n where a.reference like 'M-%'`.execute(this.#sql);
  }

  get #sql() {
    return this.#database.kysely();
  }
}
