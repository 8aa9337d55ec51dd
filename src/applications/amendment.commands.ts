import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson } from '../doorway/requirements.js';
import { encodeId } from '../platform/ids.js';
import { programToApplyTo, publishedVersion } from '../programs/program-version.queries.js';
import { loadForCommand, recordApplicationEvent } from './application.commands.js';
import type { Answers } from './application.entity.js';
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
  async run(work, { applicationId, expectedVersion }) {
    const given = await loadForCommand(work, applicationId, 'startAmendment', { expectedVersion });
    const person = requirePerson(work.actor);
    // What is amended is always that from which the grant follows, whichever of its amendments was named.
    const { amendsId } = given.application;
    const { application: amended } = amendsId ? await loadForCommand(work, amendsId, 'startAmendment') : given;
    const open = await openAmendment(work, amended.id);
    if (open) return { applicationId: open };

    const program = await programToApplyTo(work.em, amended.programId);
    if (!program) throw new Error(`There is no program ${amended.programId} any more.`);
    const draft = await createDraft(work, {
      organizationId: amended.organizationId,
      programId: amended.programId,
      programVersionId: program.versionId,
      createdBy: person.personId,
      kind: 'AMENDMENT',
      amendsId: amended.id,
      answers: await answersToStartWith(work, amended.id, program.versionId),
    });
    recordApplicationEvent(work, amended, 'application.amendment_started', {
      amendmentId: encodeId('application', draft.id),
    });
    return { applicationId: draft.id };
  },
};

async function openAmendment(work: Work, applicationId: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select id from application where amends_id = ${applicationId}
    and status not in ('APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'WITHDRAWN', 'CLOSED')`.execute(work.sql);
  return found.rows[0]?.id ?? null;
}

/** The answers approved last, without those to questions that are not asked any more. */
async function answersToStartWith(work: Work, applicationId: string, programVersionId: string): Promise<Answers> {
  const found = await sql<{ answers: Answers }>`select answers from application
    where (id = ${applicationId} or amends_id = ${applicationId}) and status in ('APPROVED', 'APPROVED_WITH_CONDITIONS')
    order by decided_at desc, id desc limit 1`.execute(work.sql);
  const answers = found.rows[0]?.answers ?? {};
  const { version } = await publishedVersion(work.em, programVersionId);
  const { properties: asked } = version.questionnaire;
  if (typeof asked !== 'object' || asked === null) return answers;
  return Object.fromEntries(Object.entries(answers).filter(([question]) => Object.hasOwn(asked, question)));
}
