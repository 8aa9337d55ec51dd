import { sql } from 'kysely';
import { appealDeadline } from '../lifecycle/application-guards.js';
import type { Workflow } from '../lifecycle/workflow.js';
import type { RawSql } from '../platform/database/database.js';
import { encodeId } from '../platform/ids.js';
import { defaultTemplate, defaultTemplateVersion } from './default-template.js';
import type { DecisionFacts } from './letter-content.js';
import type { LetterKind, LetterTemplateContent } from './letter-template.entity.js';

/** A version of the text of letters, and how letters name it. */
export interface TemplateInForce {
  readonly id: string | null;
  readonly version: string;
  readonly content: LetterTemplateContent;
}

/** What the letter of a final decision is written from. */
export interface LetterSource {
  readonly applicationId: string;
  readonly organizationId: string;
  readonly template: TemplateInForce;
  readonly facts: DecisionFacts;
}

interface SourceRow {
  readonly applicationId: string;
  readonly organizationId: string;
  readonly programId: string;
  readonly outcome: 'APPROVE' | 'APPROVE_WITH_CONDITIONS' | 'REFUSE';
  readonly onAppeal: boolean;
  readonly conditions: readonly string[];
  readonly reasons: readonly string[];
  readonly decidedAt: string;
  readonly reference: string;
  readonly amends: string | null;
  readonly organization: string;
  readonly program: string;
  readonly product: string;
  readonly workflow: Workflow;
  readonly grant: { readonly reference: string; readonly endsAt: string } | null;
  readonly isInPrinciple: boolean;
}

/** Everything that the letter of a decision says; null when the decision is not final, or has its letter. */
export async function letterSource(database: RawSql, decisionId: string): Promise<LetterSource | null> {
  const found = await sql<SourceRow>`
    select a.id as "applicationId", a.organization_id as "organizationId", a.program_id as "programId", d.outcome,
      d.on_appeal as "onAppeal", d.conditions, d.reasons, coalesce(d.became_final_at, d.countersigned_at) as "decidedAt", a.reference,
      (select amended.reference from application amended where amended.id = a.amends_id and a.kind = 'AMENDMENT') as amends,
      o.legal_name as organization, p.name as program, (select r.name from product r where r.code = p.product_code) as product, pv.workflow,
      case when d.outcome <> 'REFUSE' then (select json_build_object('reference', g.reference, 'endsAt', g.ends_at)
        from access_grant g where g.application_id = coalesce(a.amends_id, a.id) order by g.id desc limit 1) end as "grant",
      exists (select from timeline_event e where e.application_id = a.id and e.event = 'application.approved'
        and e.payload::json ->> 'decisionId' = ${encodeId('decision', decisionId)}
        and e.payload::json ->> 'grantStatus' = 'APPROVED_IN_PRINCIPLE') as "isInPrinciple"
    from decision d join application a on a.id = d.application_id join organization o on o.id = a.organization_id
      join program p on p.id = a.program_id join program_version pv on pv.id = a.program_version_id
    where d.id = ${decisionId} and d.status = 'COUNTERSIGNED'
      and not exists (select from decision_letter l where l.decision_id = d.id)`.execute(database);
  const [row] = found.rows;
  if (!row) return null;
  const decidedAt = new Date(row.decidedAt);
  const template = await templateInForce(database, row.programId, decidedAt);
  const { conditions, reasons, reference, amends, organization, program, product, workflow, grant } = row;
  const kind = kindOf(row);
  return {
    applicationId: row.applicationId,
    organizationId: row.organizationId,
    template,
    facts: {
      ...{ kind, reference, amends, organization, program, product, decidedAt, conditions, reasons },
      appealBefore: kind === 'REFUSAL' ? appealDeadline({ decidedAt, workflow }) : null,
      grant: grant?.reference ?? null,
      isInPrinciple: row.isInPrinciple,
      grantEndsAt: grant ? new Date(grant.endsAt) : null,
      templateVersion: template.version,
    },
  };
}

/** An appeal can be made once, so a refusal of one is final. */
function kindOf({ outcome, onAppeal }: Pick<SourceRow, 'outcome' | 'onAppeal'>): LetterKind {
  if (outcome === 'REFUSE') return onAppeal ? 'FINAL_REFUSAL' : 'REFUSAL';
  return outcome === 'APPROVE' ? 'APPROVAL' : 'APPROVAL_WITH_CONDITIONS';
}

/**
 * The version that was in force at a moment: the program’s own, else that for all programs, else the portal’s. A letter
 * is written from the one at the moment of its decision, so it says the same whenever it is written.
 */
export async function templateInForce(database: RawSql, programId: string, at: Date): Promise<TemplateInForce> {
  const found = await sql<{ id: string; number: number; code: string | null; content: LetterTemplateContent }>`
    select t.id, t.number, p.code, t.content from letter_template t left join program p on p.id = t.program_id
    where (t.program_id = ${programId} or t.program_id is null) and t.published_at <= ${at}
    order by t.program_id is null, t.number desc limit 1`.execute(database);
  const [row] = found.rows;
  if (!row) return { id: null, version: defaultTemplateVersion, content: defaultTemplate };
  return { id: row.id, version: `${row.code ?? 'all-programs'}/${row.number}`, content: row.content };
}

/** What a program's letters could tell of, for trying a template out; null when there is no such program. */
export async function sampleFacts(
  database: RawSql,
  { programId, kind, now }: { readonly programId: string; readonly kind: LetterKind; readonly now: Date },
): Promise<Omit<DecisionFacts, 'templateVersion'> | null> {
  const found = await sql<{ program: string; product: string }>`
    select p.name as program, r.name as product from program as p join product as r on r.code = p.product_code
    where p.id = ${programId}`.execute(database);
  const [row] = found.rows;
  if (!row) return null;
  const isRefusal = kind === 'REFUSAL' || kind === 'FINAL_REFUSAL';
  const inDays = (days: number) => new Date(now.getTime() + days * 24 * 60 * 60 * 1000);
  return {
    ...row,
    kind,
    reference: 'A-0000-000000',
    amends: null,
    organization: 'Example Utilities',
    decidedAt: now,
    conditions: kind === 'APPROVAL_WITH_CONDITIONS' ? ['The first condition.', 'The second condition.'] : [],
    reasons: isRefusal ? ['The first reason.', 'The second reason.'] : [],
    appealBefore: kind === 'REFUSAL' ? inDays(28) : null,
    grant: isRefusal ? null : 'G-0000-000000',
    grantEndsAt: isRefusal ? null : inDays(365),
    isInPrinciple: false,
  };
}

/** Decisions since a moment that have no letter yet, oldest first. */
export async function decisionsWithoutLetter(database: RawSql, since: Date, most: number): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select d.id from decision d
    where d.status = 'COUNTERSIGNED' and coalesce(d.became_final_at, d.countersigned_at) >= ${since}
      and not exists (select from decision_letter l where l.decision_id = d.id)
    order by coalesce(d.became_final_at, d.countersigned_at) limit ${most}`.execute(database);
  return found.rows.map(({ id }) => id);
}
