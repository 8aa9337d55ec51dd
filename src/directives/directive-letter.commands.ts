import { randomBytes } from 'node:crypto';
import { type AnnouncedFile, announcedFile, requireArrived } from '../documents/announced-file.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission, requirePerson } from '../doorway/requirements.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { Storage } from '../platform/storage/storage.js';
import { type DirectiveResult, loadForCommand } from './directive.commands.js';
import { type Directive, DirectiveLetter } from './directive.entity.js';
import { recordDirectiveEvent } from './directive-events.js';

export interface RequestLetterUploadInput extends AnnouncedFile {
  readonly directiveId: string;
  readonly expectedVersion?: number | null;
}

/** Announces the letter of a directive, so that its bytes can be uploaded. It counts once they have arrived. */
export function requestDirectiveLetterUpload(
  maxDocumentBytes: number,
): Command<RequestLetterUploadInput, { readonly letterId: string; readonly size: number }> {
  return {
    name: 'directive.requestLetterUpload',
    async run(work, input) {
      const directive = await loadForCommand(work, input, 'addLetter');
      const file = announcedFile(input, maxDocumentBytes);
      await requireStatedHash(work, directive, file.sha256, ['sha256']);
      const letter = work.em.create(DirectiveLetter, {
        id: work.ids.next(),
        directiveId: directive.id,
        ...file,
        storageKey: randomBytes(32).toString('hex'),
        givesHash: false,
        uploadedBy: requirePerson(work.actor).personId,
        createdAt: work.now,
        completedAt: null,
      });
      await recordDirectiveEvent(work, directive, 'directive.letter_announced', {
        letterId: encodeId('directiveletter', letter.id),
        letterSha256: file.sha256,
      });
      return { letterId: letter.id, size: file.size };
    },
  };
}

/** Makes a letter that of its directive once its bytes have arrived. Completing it again changes nothing. */
export function completeDirectiveLetterUpload(
  storage: Pick<Storage, 'sizeOf'>,
): Command<{ readonly letterId: string }, DirectiveResult> {
  return {
    name: 'directive.completeLetterUpload',
    duplicates: { directive_letter_id_key: 'This is the letter of the directive already.' },
    async run(work, { letterId }) {
      requirePermission('recordDirectives', work.actor, null);
      const letter = await work.em.findOne(DirectiveLetter, { id: letterId });
      if (!letter) throw Refusal.notFound('letter', ['letterId']);
      const { directiveId } = letter;
      if (letter.completedAt) return { directiveId };
      const directive = await loadForCommand(work, { directiveId }, 'addLetter');
      await work.em.refresh(letter);
      if (letter.completedAt) return { directiveId };
      const isStated = await requireStatedHash(work, directive, letter.sha256, ['letterId']);
      await requireArrived(storage, letter, ['letterId']);
      letter.completedAt = work.now;
      letter.givesHash = !isStated;
      directive.letterId = letter.id;
      directive.letterSha256 = letter.sha256;
      await recordDirectiveEvent(work, directive, 'directive.letter_added', {
        letterId: encodeId('directiveletter', letter.id),
        letterSha256: letter.sha256,
        fileName: letter.fileName,
        size: letter.size,
      });
      return { directiveId };
    },
  };
}

/**
 * @returns whether somebody stated the hash, or the directive has it from the letter that is to be replaced, or none
 * @throws Refusal CONTENT_MISMATCH when another hash was stated
 */
async function requireStatedHash(
  work: Work,
  { letterSha256, letterId }: Directive,
  sha256: string,
  path: readonly string[],
): Promise<boolean> {
  const there = letterId ? await work.em.findOneOrFail(DirectiveLetter, { id: letterId }) : null;
  if (!letterSha256 || there?.givesHash) return false;
  if (letterSha256 === sha256) return true;
  const sentence = `The record of the directive states ${letterSha256} as the SHA-256 of its letter, and this one has ${sha256}.`;
  throw Refusal.of('CONTENT_MISMATCH', sentence, path);
}
