import { sql } from 'kysely';
import { copyDocuments } from '../documents/document-copies.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson } from '../doorway/requirements.js';
import type { ApplicationKind } from '../lifecycle/amendment.js';
import { finalApplicationStatuses } from '../lifecycle/application.js';
import { encodeId } from '../platform/ids.js';
import { programToApplyTo, publishedVersion } from '../programs/program-version.queries.js';
import { loadForCommand, recordApplicationEvent } from './application.commands.js';
import type { Answers, Application } from './application.entity.js';
import { type ApplicationResult, createDraft } from './drafting.commands.js';

export interface StartAmendmentInput {
  readonly applicationId: string;
  readonly expectedVersion?: number | null;
}

/**
 * Starts an amendment of what was approved: an application of its own, under the program's present version, that begins
 * with what was answered last. There is one at a time; whoever asks again is given that one.
 */
export const startAmendment: Command<StartAmendmentInput, ApplicationResult> = {
  name: 'application.startAmendment',
  async run(work, input) {
    const amended = await loadFollowed(work, input, 'startAmendment');
    const open = await openFollowing(work, amended.id, 'AMENDMENT');
    if (open) return { applicationId: open };
    const { draft } = await startFollowing(work, amended, 'AMENDMENT');
    recordApplicationEvent(work, amended, 'application.amendment_started', {
      amendmentId: encodeId('application', draft.id),
    });
    return { applicationId: draft.id };
  },
};

/**
 * Starts a renewal of the grant that followed from an approval, in the same way. It begins with the documents of what was
 * approved last, too, so that a partner for whom nothing has changed accepts the terms and submits.
 */
export const startRenewal: Command<StartAmendmentInput, ApplicationResult> = {
  name: 'application.startRenewal',
  async run(work, input) {
    const renewed = await loadFollowed(work, input, 'startRenewal');
    const open = await openFollowing(work, renewed.id, 'RENEWAL');
    if (open) return { applicationId: open };
    const { draft, last, requirements } = await startFollowing(work, renewed, 'RENEWAL');
    if (last) await copyDocuments(work, last.id, draft.id, requirements);
    recordApplicationEvent(work, renewed, 'application.renewal_started', {
      renewalId: encodeId('application', draft.id),
    });
    return { applicationId: draft.id };
  },
};

/** What is amended or renewed is always that from which the grant follows, whatever of it was named. */
async function loadFollowed(
  work: Work,
  { applicationId, expectedVersion }: StartAmendmentInput,
  command: 'startAmendment' | 'startRenewal',
): Promise<Application> {
  const given = await loadForCommand(work, applicationId, command, { expectedVersion });
  const { amendsId } = given.application;
  return (amendsId ? await loadForCommand(work, amendsId, command) : given).application;
}

async function openFollowing(work: Work, applicationId: string, kind: ApplicationKind): Promise<string | null> {
  const found = await sql<{
    id: string;
  }>`select id from application where amends_id = ${applicationId} and kind = ${kind}
    and status <> all(${[...finalApplicationStatuses]}::text[])`.execute(work.sql);
  return found.rows[0]?.id ?? null;
}

async function startFollowing(work: Work, followed: Application, kind: ApplicationKind) {
  const program = await programToApplyTo(work.em, followed.programId);
  if (!program) throw new Error(`There is no program ${followed.programId} any more.`);
  const { version } = await publishedVersion(work.em, program.versionId);
  const last = await approvedLast(work, followed.id);
  const draft = await createDraft(work, {
    organizationId: followed.organizationId,
    programId: followed.programId,
    programVersionId: program.versionId,
    createdBy: requirePerson(work.actor).personId,
    kind,
    amendsId: followed.id,
    answers: askedStill(last?.answers ?? {}, version.questionnaire),
  });
  return { draft, last, requirements: version.documentRequirements.map(({ key }) => key) };
}

async function approvedLast(
  work: Work,
  applicationId: string,
): Promise<{ readonly id: string; readonly answers: Answers } | null> {
  const found = await sql<{ id: string; answers: Answers }>`select id, answers from application
    where (id = ${applicationId} or amends_id = ${applicationId}) and status in ('APPROVED', 'APPROVED_WITH_CONDITIONS')
    order by decided_at desc, id desc limit 1`.execute(work.sql);
  return found.rows[0] ?? null;
}

/** Answers without those to questions that are not asked any more. */
function askedStill(answers: Answers, { properties: asked }: Readonly<Record<string, unknown>>): Answers {
  if (typeof asked !== 'object' || asked === null) return answers;
  return Object.fromEntries(Object.entries(answers).filter(([question]) => Object.hasOwn(asked, question)));
}
