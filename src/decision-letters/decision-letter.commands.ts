import { sql } from 'kysely';
import { addLetterDocument, type LetterFile } from '../documents/letter-document.commands.js';
import type { Command } from '../doorway/command.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { decisionLetterKey } from '../programs/program-version.queries.js';
import { DecisionLetter } from './decision-letter.entity.js';
import type { LetterKind } from './letter-template.entity.js';

export interface WrittenLetter {
  readonly decisionId: string;
  readonly kind: LetterKind;
  readonly templateId: string | null;
  readonly templateVersion: string;
  /** Its bytes, which are in the storage already. */
  readonly file: LetterFile;
}

/**
 * Makes a letter that was written the letter of its decision; the portal itself gives this command. A decision that has
 * one keeps it: the answer says under which key its bytes are.
 */
export const recordDecisionLetter: Command<WrittenLetter, { letterId: string; storageKey: string }> = {
  name: 'decisionLetter.record',
  async run(work, { decisionId, kind, templateId, templateVersion, file }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'Only the portal itself does this.');
    // Two jobs for one decision wait for each other here.
    const final = await sql`select from decision where id = ${decisionId} and application_id = ${file.applicationId}
      and status = 'COUNTERSIGNED' for no key update`.execute(work.sql);
    if (final.rows.length === 0) throw Refusal.notFound('decision', ['decisionId']);
    const there = await sql<{ letterId: string; storageKey: string }>`
      select l.id as "letterId", d.storage_key as "storageKey" from decision_letter l join document d on d.id = l.document_id
      where l.decision_id = ${decisionId}`.execute(work.sql);
    const [letter] = there.rows;
    if (letter) return { ...letter };

    const documentId = addLetterDocument(work, file);
    const made = work.em.create(DecisionLetter, {
      id: work.ids.next(),
      applicationId: file.applicationId,
      decisionId,
      documentId,
      kind,
      templateId,
      templateVersion,
      writtenAt: work.now,
    });
    work.record({
      event: 'document.letter_written',
      payload: {
        applicationId: encodeId('application', file.applicationId),
        documentId: encodeId('document', documentId),
        requirement: decisionLetterKey,
        decisionId: encodeId('decision', decisionId),
        sha256: file.sha256,
        template: templateVersion,
      },
      subject: { kind: 'document', id: documentId },
      organizationId: file.organizationId,
      applicationId: file.applicationId,
    });
    return { letterId: made.id, storageKey: file.storageKey };
  },
};
