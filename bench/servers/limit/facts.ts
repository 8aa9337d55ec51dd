import type { Pool } from 'pg';
import type { PersonActor } from '../../../src/lifecycle/actor.js';
import type { ApplicationStatus } from '../../../src/lifecycle/application.js';
import type { ApplicationFacts } from '../../../src/lifecycle/application-guards.js';
import type { PartnerRole, StaffRole } from '../../../src/lifecycle/roles.js';
import type { Objection } from '../../../src/lifecycle/ruling.js';
import type { Workflow } from '../../../src/lifecycle/workflow.js';
import type { ClockInterval } from '../../../src/lifecycle/working-time.js';
import { checkAnswers } from '../../../src/programs/questionnaire.js';
import { viewer } from './reads.js';

/** What a program lays down. It never changes once it is published, so it is read once. */
interface ProgramVersion {
  readonly id: string;
  readonly workflow: Workflow;
  readonly questionnaire: Readonly<Record<string, unknown>>;
  readonly requiredDocuments: readonly string[];
  readonly termsId: string;
}

export interface StoredDocument {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly sha256: string;
  readonly status: string;
}

interface FactsJson {
  readonly person: Omit<PersonActor, 'kind' | 'staffRoles' | 'memberships'>;
  readonly staffRoles: readonly StaffRole[] | null;
  readonly memberships: readonly { readonly organizationId: string; readonly role: PartnerRole }[];
  readonly application: {
    readonly reference: string;
    readonly organizationId: string;
    readonly programVersionId: string;
    readonly status: ApplicationStatus;
    readonly statusBefore: ApplicationStatus | null;
    readonly stageKey: string | null;
    readonly revision: number;
    readonly version: number;
    readonly decidedAt: string | null;
    readonly appealedAt: string | null;
  };
  readonly recommendedBy: ApplicationFacts['recommendedBy'];
  readonly passedChecks: readonly string[];
  readonly providedFor: readonly string[];
  readonly proposedBy: string | null;
  readonly decidedBefore: readonly string[];
  readonly recused: ApplicationFacts['recused'];
  readonly intervals: readonly {
    readonly stageKey: string;
    readonly kind: 'RUNNING' | 'PAUSED';
    readonly startedAt: string;
    readonly endedAt: string | null;
  }[];
  /** Only of what can be submitted. */
  readonly draft: {
    readonly answers: Readonly<Record<string, unknown>>;
    readonly acceptedTerms: readonly string[];
    readonly documents: readonly StoredDocument[];
  } | null;
}

/** All that a command on an application needs to know, of whoever gives it too. */
export interface Situation {
  readonly actor: PersonActor;
  readonly application: FactsJson['application'];
  readonly facts: ApplicationFacts;
  readonly intervals: readonly (ClockInterval & { readonly stageKey: string })[];
  readonly documents: readonly StoredDocument[];
}

const text = `with ${viewer}
select json_build_object(
  'person', json_build_object('personId', viewer.id, 'name', viewer.name, 'email', viewer.email, 'staffId', viewer.staff_id, 'mustChangePassword', viewer.must_change_password),
  'staffRoles', case when viewer.is_staff then to_json(viewer.roles) end,
  'memberships', (select coalesce(json_agg(json_build_object('organizationId', held.organization_id, 'role', held.role)), '[]') from membership as held where held.user_id = viewer.id),
  'application', json_build_object('reference', a.reference, 'organizationId', a.organization_id, 'programVersionId', a.program_version_id, 'status', a.status,
    'statusBefore', a.status_before, 'stageKey', a.stage_key, 'revision', a.revision, 'version', a.version, 'decidedAt', a.decided_at, 'appealedAt', a.appealed_at),
  'recommendedBy', (select coalesce(json_agg(json_build_object('personId', r.reviewer_id, 'role', r.role)), '[]') from recommendation as r
    where r.application_id = a.id and r.revision = a.revision and r.stage_key = a.stage_key and r.superseded_at is null
      and not exists (select from recusal as x where x.organization_id = a.organization_id and x.user_id = r.reviewer_id and x.ended_at is null)),
  'passedChecks', (select coalesce(json_agg(c.check_key), '[]') from check_result as c
    where c.application_id = a.id and c.revision = a.revision and c.stage_key = a.stage_key and c.superseded_at is null and c.outcome = 'PASSED'
      and not exists (select from recusal as x where x.organization_id = a.organization_id and x.user_id = c.marked_by and x.ended_at is null)),
  'providedFor', (select coalesce(json_agg(distinct d.requirement_key), '[]') from document as d
    where d.application_id = a.id and d.status = 'AVAILABLE'),
  'proposedBy', (select d.proposed_by from decision as d where d.application_id = a.id and d.status = 'PROPOSED'),
  'decidedBefore', (select coalesce(json_agg(distinct person), '[]') from decision as d, unnest(array[d.proposed_by, d.countersigned_by]) as person
    where d.application_id = a.id and d.status = 'COUNTERSIGNED'),
  'recused', (select coalesce(json_agg(json_build_object('personId', x.user_id, 'kind', x.kind)), '[]') from recusal as x
    where x.organization_id = a.organization_id and x.ended_at is null),
  'intervals', (select coalesce(json_agg(json_build_object('stageKey', c.stage_key, 'kind', c.kind, 'startedAt', c.started_at, 'endedAt', c.ended_at)), '[]')
    from clock_interval as c where c.application_id = a.id),
  'draft', case when a.status in ('DRAFT', 'RETURNED') then json_build_object('answers', a.answers,
    'acceptedTerms', (select coalesce(json_agg(t.terms_version_id), '[]') from terms_acceptance as t where t.application_id = a.id),
    'documents', (select coalesce(json_agg(json_build_object('id', d.id, 'key', d.requirement_key, 'name', d.file_name, 'sha256', d.sha256, 'status', d.status) order by d.id), '[]')
      from document as d where d.application_id = a.id and d.status <> 'REMOVED')) end) as facts
from viewer join application as a on a.id = $2
where a.organization_id = any(viewer.own) or (viewer.is_staff and a.submitted_at is not null)`;

/** Reads what the rules ask, as seen by whoever holds the session; null when there is no such application for them. */
export class Situations {
  readonly #pool: Pool;
  readonly #versions = new Map<string, Promise<ProgramVersion>>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async of(tokenHash: string, applicationId: string): Promise<Situation | null> {
    const values = [tokenHash, applicationId];
    const found = await this.#pool.query<{ facts: FactsJson }>({ name: 'limit_facts', text, values });
    const json = found.rows[0]?.facts;
    if (!json) return null;
    const { application, draft, intervals, staffRoles, memberships, person, ...facts } = json;
    const version = await this.#version(application.programVersionId);
    return {
      actor: { kind: 'PERSON', ...person, staffRoles: staffRoles ?? [], memberships },
      application,
      facts: {
        ...facts,
        ...application,
        decidedAt: momentOf(application.decidedAt),
        appealedAt: momentOf(application.appealedAt),
        workflow: version.workflow,
        submissionProblems: draft ? problemsOf(draft, version) : [],
        // Submitting and advancing propose no outcome, so the rules do not look at the screening lists, nor at who signed,
        // nor at whose hands it is in, nor at questions, amendments and what is over.
        outcome: null,
        signedBy: null,
        answerBefore: null,
        answeredIntent: false,
        wasSubmitted: application.status !== 'DRAFT',
        extensionWaits: false,
        hasAnsweredRequest: false,
        afterEnd: null,
        kind: 'NEW',
        grant: null,
        assignedTo: null,
        screening: 'CLEAR',
      },
      intervals: intervals.map(({ startedAt, endedAt, ...interval }) => ({
        ...interval,
        startedAt: new Date(startedAt),
        endedAt: momentOf(endedAt),
      })),
      documents: draft?.documents ?? [],
    };
  }

  #version(id: string): Promise<ProgramVersion> {
    const known = this.#versions.get(id) ?? this.#readVersion(id);
    this.#versions.set(id, known);
    return known;
  }

  async #readVersion(id: string): Promise<ProgramVersion> {
    const found = await this.#pool.query<ProgramVersion>(
      `select id, workflow, questionnaire, terms_version_id as "termsId",
        array(select d ->> 'key' from jsonb_array_elements(document_requirements) as d where d -> 'required' = 'true') as "requiredDocuments"
      from program_version where id = $1`,
      [id],
    );
    const [version] = found.rows;
    if (!version) throw new Error(`There is no program version ${id}.`);
    return version;
  }
}

function problemsOf(draft: NonNullable<FactsJson['draft']>, version: ProgramVersion): readonly Objection[] {
  const problems = checkAnswers(version, draft.answers);
  const provided = new Set(draft.documents.filter((document) => document.status === 'AVAILABLE').map(({ key }) => key));
  for (const key of version.requiredDocuments) {
    if (!provided.has(key)) problems.push({ code: 'REQUIRED', message: `The document ${key} is required.`, path: [] });
  }
  if (draft.documents.some((document) => document.status === 'AWAITING_UPLOAD'))
    problems.push({ code: 'INCOMPLETE', message: 'An upload is not complete.', path: ['documents'] });
  if (!draft.acceptedTerms.includes(version.termsId))
    problems.push({ code: 'REQUIRED', message: 'The terms are not accepted.', path: ['terms'] });
  return problems;
}

function momentOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
