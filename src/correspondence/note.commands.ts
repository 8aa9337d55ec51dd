import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import { loadForCommand, recordBeside } from '../applications/application.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requirePerson, requireText, requireVersion } from '../doorway/requirements.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import { longestMessage, mostCorrections, mostMentions } from '../lifecycle/correspondence.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { Note, NoteVersion } from './note.entity.js';

interface NoteText {
  readonly text: string;
  /** The members of staff whom it mentions. */
  readonly mentionIds?: readonly string[] | null;
}

export interface AddNoteInput extends NoteText {
  readonly applicationId: string;
}

export interface CorrectNoteInput extends NoteText {
  readonly noteId: string;
  readonly expectedVersion?: number | null;
}

/**
 * Writes a note for staff. Nothing of the application changes by it, not even when it last changed: partners see that.
 */
export const addNote: Command<AddNoteInput, { applicationId: string; noteId: string }> = {
  name: 'application.addNote',
  async run(work, { applicationId, text, mentionIds }) {
    const { application, organizationId } = await loadForCommand(work, applicationId, 'writeNote');
    const person = requirePerson(work.actor);
    const mentioned = await requireMentionable(work, organizationId, mentionIds ?? []);
    const note = work.em.create(Note, {
      id: work.ids.next(),
      applicationId,
      organizationId,
      authorId: person.personId,
      writtenAt: work.now,
      correctedAt: null,
      version: 1,
    });
    write(work, note, 1, requireText(text, ['text'], longestMessage), mentioned);
    recordBeside(work, application, 'application.note_added', {
      noteId: encodeId('note', note.id),
      mentioned: mentioned.map((id) => encodeId('staff', id)),
    });
    return { applicationId, noteId: note.id };
  },
};

/** Corrects a note of one's own. What it said before stays on record. */
export const correctNote: Command<CorrectNoteInput, { applicationId: string; noteId: string }> = {
  name: 'application.correctNote',
  async run(work, { noteId, text, mentionIds, expectedVersion }) {
    const { applicationId } = await requireNote(work, noteId);
    const { application, organizationId } = await loadForCommand(work, applicationId, 'writeNote', {
      path: ['noteId'],
    });
    const person = requirePerson(work.actor);
    // Whoever waited for the application reads the note as it is now.
    const note = await work.em.findOneOrFail(Note, { id: noteId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (note.authorId !== person.personId)
      throw Refusal.of('FORBIDDEN', 'A note is corrected by whoever wrote it; add one of your own.');
    requireVersion(note.version, expectedVersion);
    if (note.version > mostCorrections)
      throw Refusal.of('LIMIT_REACHED', `A note can be corrected ${mostCorrections} times; add another one.`);
    const before = await work.em.findOneOrFail(NoteVersion, { noteId, number: note.version });
    const corrected = requireText(text, ['text'], longestMessage);
    const mentioned = await requireMentionable(work, organizationId, mentionIds ?? []);
    if (before.text === corrected && before.mentioned.join() === mentioned.join()) return { applicationId, noteId };
    note.correctedAt = work.now;
    write(work, note, note.version + 1, corrected, mentioned);
    recordBeside(work, application, 'application.note_corrected', {
      noteId: encodeId('note', noteId),
      mentioned: mentioned.filter((id) => !before.mentioned.includes(id)).map((id) => encodeId('staff', id)),
    });
    return { applicationId, noteId };
  },
};

function write(work: Work, { id, applicationId }: Note, number: number, text: string, mentioned: string[]): void {
  work.em.create(NoteVersion, {
    id: work.ids.next(),
    noteId: id,
    applicationId,
    number,
    text,
    mentioned,
    writtenAt: work.now,
  });
}

/** @throws Refusal NOT_FOUND for whoever may not read notes there, whether or not there is one */
async function requireNote(work: Work, noteId: string): Promise<{ readonly applicationId: string }> {
  requireIdentified(work.actor);
  const found = await sql<{ applicationId: string; organizationId: string }>`
    select application_id as "applicationId", organization_id as "organizationId" from note where id = ${noteId}`.execute(
    work.sql,
  );
  const [note] = found.rows;
  const isSeen =
    note && seesEveryOrganization(work.actor) && !organizationsOf(work.actor).includes(note.organizationId);
  if (!isSeen) throw Refusal.notFound('note', ['noteId']);
  return note;
}

/**
 * Whom a note mentions, each once: colleagues who may read it.
 * @throws Refusal with everybody who may not
 */
async function requireMentionable(work: Work, organizationId: string, ids: readonly string[]): Promise<string[]> {
  const chosen = [...new Set(ids)];
  if (chosen.length === 0) return [];
  if (chosen.length > mostMentions) {
    const message = `At most ${mostMentions} people fit here, and these are ${chosen.length}.`;
    throw Refusal.of('LIMIT_REACHED', message, ['mentionIds']);
  }
  const found = await sql<{ id: string; name: string; isInvolved: boolean }>`
    select s.id, u.name, (exists (select from recusal as r where r.organization_id = ${organizationId}
        and r.user_id = s.user_id and r.ended_at is null)
      or exists (select from membership as m where m.organization_id = ${organizationId} and m.user_id = s.user_id)) as "isInvolved"
    from staff_member as s join auth_user as u on u.id = s.user_id
    where s.active and s.id in (${sql.join(chosen)})`.execute(work.sql);
  const problems = ids.flatMap((id, position) => {
    const path = ['mentionIds', String(position)];
    const colleague = found.rows.find((row) => row.id === id);
    if (!colleague) return Refusal.notFound('active member of staff', path).problems;
    if (!colleague.isInvolved) return [];
    const message = `${colleague.name} belongs to the organization or is recused from it, and reads no notes on it.`;
    return Refusal.of('FOUR_EYES', message, path).problems;
  });
  if (problems.length > 0) throw new Refusal(problems);
  return chosen;
}
