import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { attestWithApplication } from '../attestations/attestation.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requirePermission, requirePerson } from '../doorway/requirements.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { programToApplyTo, publishedVersion } from '../programs/program-version.queries.js';
import { loadForCommand, recordApplicationEvent } from './application.commands.js';
import {
  type Answers,
  Application,
  ApplicationRevision,
  type RevisionDocument,
  TermsAcceptance,
} from './application.entity.js';
import { enterIntake } from './application-clock.commands.js';

/** Answers of one application, as JSON text. */
const largestAnswers = 256 * 1024;

export type ApplicationResult = { readonly applicationId: string };

/** Starts a draft. An organization has one open application for a program at a time. */
export const startApplication: Command<
  { readonly organizationId: string; readonly programId: string },
  ApplicationResult
> = {
  name: 'application.start',
  duplicates: {
    application_open_unique: 'Your organization has an open application for this program already; go on with that one.',
  },
  async run(work, { organizationId, programId }) {
    requireIdentified(work.actor);
    if (!organizationsOf(work.actor).includes(organizationId) && !seesEveryOrganization(work.actor))
      throw Refusal.notFound('organization', ['organizationId']);
    requirePermission('startApplication', work.actor, organizationId);
    const person = requirePerson(work.actor);
    const program = await programToApplyTo(work.em, programId);
    if (!program) throw Refusal.notFound('program', ['programId']);
    if (!program.isOpen) {
      throw Refusal.of('NOT_ALLOWED_NOW', `The program “${program.name}” takes no new applications at present.`, [
        'programId',
      ]);
    }
    const application = await createDraft(work, {
      organizationId,
      programId,
      programVersionId: program.versionId,
      createdBy: person.personId,
      kind: 'NEW',
      amendsId: null,
      answers: {},
    });
    return { applicationId: application.id };
  },
};

type Draft = Pick<
  Application,
  'organizationId' | 'programId' | 'programVersionId' | 'createdBy' | 'kind' | 'amendsId' | 'answers'
>;

/** Makes a draft with a reference of its own, within the command that starts it. */
export async function createDraft(work: Work, draft: Draft): Promise<Application> {
  const application = work.em.create(Application, {
    id: work.ids.next(),
    reference: await nextReference(work),
    ...draft,
    status: 'DRAFT',
    statusBefore: null,
    stageKey: null,
    queue: null,
    assigneeId: null,
    revision: 0,
    submittedAt: null,
    stageEnteredAt: null,
    dueAt: null,
    decidedAt: null,
    appealedAt: null,
    closedReason: null,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
  recordApplicationEvent(work, application, 'application.started', {});
  return application;
}

export interface SaveDraftInput {
  readonly applicationId: string;
  /** Answers by question; those named replace what was saved, null takes one away, the others stay. */
  readonly answers: Answers;
  readonly expectedVersion?: number | null;
}

/** Saves answers as they are typed, complete or not. Saving what is there already changes nothing. */
export const saveDraft: Command<SaveDraftInput, ApplicationResult> = {
  name: 'application.saveDraft',
  async run(work, { applicationId, answers, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'saveDraft', { expectedVersion });
    const merged: Record<string, unknown> = { ...application.answers };
    const changed: string[] = [];
    for (const [question, answer] of Object.entries(answers)) {
      const before = Object.hasOwn(merged, question) ? merged[question] : null;
      if (isDeepStrictEqual(before, answer)) continue;
      changed.push(question);
      if (answer === null) delete merged[question];
      else merged[question] = answer;
    }
    const size = Buffer.byteLength(JSON.stringify(merged));
    if (size > largestAnswers) {
      const message = `The answers of an application may take ${largestAnswers} bytes, and these take ${size}. Upload long texts as documents.`;
      throw Refusal.of('LIMIT_REACHED', message, ['answers']);
    }
    if (changed.length === 0) return { applicationId };
    application.answers = merged;
    recordApplicationEvent(work, application, 'application.draft_saved', { changed });
    return { applicationId };
  },
};

export interface AcceptTermsInput {
  readonly applicationId: string;
  readonly termsId: string;
}

/** Accepts the terms of the application's program version for the organization. Accepting twice changes nothing. */
export const acceptTerms: Command<AcceptTermsInput, ApplicationResult> = {
  name: 'application.acceptTerms',
  async run(work, { applicationId, termsId }) {
    const { application } = await loadForCommand(work, applicationId, 'acceptTerms');
    const person = requirePerson(work.actor);
    const { terms } = await publishedVersion(work.em, application.programVersionId);
    if (terms.id !== termsId) {
      const message = `These are not the terms of this application. It takes “${terms.label}”, ${encodeId('terms', terms.id)}.`;
      throw Refusal.of('INVALID', message, ['termsId']);
    }
    if (await work.em.findOne(TermsAcceptance, { applicationId, termsVersionId: termsId })) return { applicationId };
    work.em.create(TermsAcceptance, {
      id: work.ids.next(),
      applicationId,
      organizationId: application.organizationId,
      termsVersionId: termsId,
      bodySha256: terms.bodySha256,
      acceptedBy: person.personId,
      ipAddress: work.ipAddress,
      acceptedAt: work.now,
    });
    recordApplicationEvent(work, application, 'application.terms_accepted', {
      termsId: encodeId('terms', termsId),
      sha256: terms.bodySha256,
    });
    return { applicationId };
  },
};

/** Submits the application as a new revision; refused with everything that is missing, all at once. */
export const submitApplication: Command<
  { readonly applicationId: string; readonly expectedVersion?: number | null },
  ApplicationResult
> = {
  name: 'application.submit',
  async run(work, { applicationId, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'submit', { expectedVersion });
    const person = requirePerson(work.actor);
    application.status = 'SUBMITTED';
    application.revision += 1;
    application.submittedAt = work.now;
    application.closedReason = null;
    work.em.create(ApplicationRevision, {
      id: work.ids.next(),
      applicationId,
      number: application.revision,
      answers: application.answers,
      documents: await documentsOf(work, applicationId),
      submittedBy: person.personId,
      submittedAt: work.now,
    });
    recordApplicationEvent(work, application, 'application.submitted', { revision: application.revision });
    await attestWithApplication(work, applicationId);
    await enterIntake(work, application, facts.workflow);
    return { applicationId };
  },
};

/** People quote references; they are short, and count up through the years. */
async function nextReference(work: Work): Promise<string> {
  const next = await sql<{ number: string }>`select nextval('application_reference_sequence') as number`.execute(
    work.sql,
  );
  return `A-${work.now.getUTCFullYear()}-${String(next.rows[0]?.number).padStart(6, '0')}`;
}

async function documentsOf(work: Work, applicationId: string): Promise<RevisionDocument[]> {
  const found = await sql<{ id: string; requirement_key: string; file_name: string; sha256: string }>`
    select id, requirement_key, file_name, sha256 from document
    where application_id = ${applicationId} and status = 'AVAILABLE' and uploaded_by is not null and not is_from_staff order by id`.execute(
    work.sql,
  );
  return found.rows.map((row) => ({
    documentId: encodeId('document', row.id),
    requirementKey: row.requirement_key,
    fileName: row.file_name,
    sha256: row.sha256,
  }));
}
