import { sql } from 'kysely';
import type { Workflow } from '../lifecycle/workflow.js';
import type { RawSql } from '../platform/database/database.js';
import type { DecisionLine, DocumentLine } from './archive-lines.js';
import { moment, person } from './evidence-sql.queries.js';
import { uuidOf } from './typed-id.js';

type DecisionRow = Omit<DecisionLine, 'quorum' | 'documents'> & {
  readonly workflow: Workflow;
  readonly revisionDocuments: readonly { readonly documentId: string }[] | null;
  readonly documentLines: readonly DocumentLine[];
};

/** An approval with the documents that it rests on. */
export interface DecisionWithDocuments {
  readonly decision: DecisionLine;
  readonly documents: readonly DocumentLine[];
}

/**
 * The approvals that grants rest on: those of their applications, and of amendments. The documents are those of the
 * revision that was decided on, the answers that there were by then, and the letter.
 */
export async function approvalsOf(
  database: RawSql,
  grantIds: readonly string[],
): Promise<readonly DecisionWithDocuments[]> {
  const found = await sql<DecisionRow>`
    select d.id, g.id as "grantId", g.reference as "grantReference", a.id as "applicationId",
      a.reference as "applicationReference", a.kind, d.outcome, d.in_principle as "inPrinciple", d.conditions, ${person('d.proposed_by')} as "proposedBy",
      ${moment('d.proposed_at')} as "proposedAt", d.countersignatures_needed as "countersignaturesNeeded",
      ${countersignatures} as countersignatures, coalesce(${moment('d.became_final_at')}, ${moment('d.countersigned_at')}) as "finalAt",
      ${moment('d.superseded_at')} as "supersededAt", (select json_build_object('number', r.number, 'submittedAt', ${moment('r.submitted_at')})
        from application_revision as r where r.id = revision.id) as revision,
      revision.documents as "revisionDocuments", ${recommendations} as recommendations, ${terms} as terms, ${documentLines} as "documentLines",
      (select l.document_id from decision_letter as l where l.decision_id = d.id) as "letterDocumentId", v.workflow
    from access_grant as g join application as a on g.application_id = coalesce(a.amends_id, a.id)
    join decision as d on d.application_id = a.id and d.status = 'COUNTERSIGNED' and d.outcome <> 'REFUSE'
      and (a.kind = 'AMENDMENT' or d.id = g.decision_id)
    join program_version as v on v.id = a.program_version_id
    left join lateral (select r.id, r.number, r.documents from application_revision as r
      where r.application_id = a.id and r.submitted_at <= d.proposed_at order by r.number desc limit 1) as revision on true
    where g.id = any(${[...grantIds]}::uuid[]) order by g.id, d.id`.execute(database);
  return found.rows.map(({ workflow, documentLines: all, revisionDocuments, ...decision }) => {
    const submitted = new Set(revisionDocuments?.map(({ documentId }) => uuidOf(documentId)));
    const documents = all.filter(({ id, basis }) => basis !== 'REVISION' || submitted.has(id));
    const basisOfDecision = documents.filter(({ basis }) => basis !== 'LETTER').map(({ id }) => id);
    const quorum = quorumOf(workflow, decision.recommendations);
    return { decision: { ...decision, quorum, documents: basisOfDecision }, documents };
  });
}

const countersignatures = sql`(select coalesce(json_agg(json_build_object('by', ${person('s.by')}, 'at', ${moment('s.at')}) order by s.at), '[]'::json)
  from (values (d.first_countersigned_by, d.first_countersigned_at), (d.countersigned_by, d.countersigned_at)) as s (by, at)
  where s.by is not null)`;

/** Those that stood when the decision was proposed; what was changed afterwards does not count. */
const recommendations = sql`(select coalesce(json_agg(json_build_object('id', c.id, 'stage', c.stage_key, 'role', c.role,
    'by', ${person('c.reviewer_id')}, 'kind', c.kind, 'at', ${moment('c.recommended_at')}) order by c.recommended_at, c.id), '[]'::json)
  from recommendation as c where c.application_id = a.id and c.revision = revision.number
    and c.recommended_at <= d.proposed_at and (c.superseded_at is null or c.superseded_at > d.proposed_at))`;

const terms = sql`(select coalesce(json_agg(json_build_object('id', t.terms_version_id, 'label', tv.label,
    'sha256', t.body_sha256, 'acceptedBy', ${person('t.accepted_by')}, 'acceptedAt', ${moment('t.accepted_at')})
    order by t.accepted_at), '[]'::json)
  from terms_acceptance as t join terms_version as tv on tv.id = t.terms_version_id
  where t.application_id = a.id and t.accepted_at <= d.proposed_at)`;

const documentLines = sql`(select coalesce(json_agg(json_build_object('id', f.id, 'applicationId', f.application_id,
    'basis', f.basis, 'requirement', f.requirement_key, 'fileName', f.file_name, 'mediaType', f.media_type, 'size', f.size,
    'sha256', f.sha256) order by f.id), '[]'::json)
  from (select doc.*, case
      when exists (select from decision_letter as l where l.document_id = doc.id and l.decision_id = d.id) then 'LETTER'
      when doc.information_request_id is not null and doc.completed_at <= d.proposed_at
        and (doc.removed_at is null or doc.removed_at > d.proposed_at) then 'ANSWER' else 'REVISION' end as basis
    from document as doc where doc.application_id = a.id) as f)`;

function quorumOf({ stages }: Workflow, given: DecisionLine['recommendations']): DecisionLine['quorum'] {
  return stages.flatMap(({ key, requiredRecommendations }) =>
    requiredRecommendations.map(({ role, count }) => {
      const people = given.filter((one) => one.stage === key && one.role === role).map(({ by }) => by.id);
      return { stage: key, role, needed: count, given: new Set(people).size };
    }),
  );
}
