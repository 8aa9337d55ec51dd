import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import { Application } from '../applications/application.types.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { addNote, correctNote } from './note.commands.js';
import { noteById } from './note.queries.js';
import { AddNoteInput, CorrectNoteInput, NoteConnection, NotePayload } from './note.types.js';

@Resolver(() => Application)
export class NoteResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @FieldResolver(() => NoteConnection, {
    description: 'What staff noted on it for each other, newest first. Staff only; empty for partners.',
  })
  notes(
    @Root() application: Application,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(application, { ...page }, request, info);
  }

  @Mutation(() => NotePayload, {
    description: 'Writes a note for staff on a submitted application. For staff who handle applications.',
  })
  addNote(
    @Arg('input', () => AddNoteInput, { description: 'The note.' }) input: AddNoteInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(noteById, info, 'note');
      const applicationId = decodeId('application', input.applicationId, ['applicationId']);
      const given = { applicationId, text: input.text, mentionIds: mentionsIn(input) };
      const { noteId } = await this.#doorway.execute(addNote, given, request.command);
      return { note: await request.reading.object(noteById, noteId, info, 'note') };
    });
  }

  @Mutation(() => NotePayload, {
    description: 'Corrects a note; what it said before is kept. For whoever wrote it.',
  })
  correctNote(
    @Arg('input', () => CorrectNoteInput, { description: 'Which note, and what it shall say.' })
    input: CorrectNoteInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(noteById, info, 'note');
      const { text, expectedVersion } = input;
      const given = {
        noteId: decodeId('note', input.noteId, ['noteId']),
        text,
        mentionIds: mentionsIn(input),
        expectedVersion,
      };
      const { noteId } = await this.#doorway.execute(correctNote, given, request.command);
      return { note: await request.reading.object(noteById, noteId, info, 'note') };
    });
  }
}

function mentionsIn({ mentionIds }: Pick<AddNoteInput, 'mentionIds'>): readonly string[] {
  return (mentionIds ?? []).map((id, position) => decodeId('staff', id, ['mentionIds', String(position)]));
}
