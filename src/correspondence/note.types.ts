import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { DateTime } from '../api/scalars.js';
import { Person, StaffMember } from '../identity/identity.types.js';
import { longestMessage, mostMentions } from '../lifecycle/correspondence.js';

@ObjectType({ description: 'What a note says, or said before it was corrected. For staff only.' })
export class NoteVersion {
  @Field(() => Int, { description: 'Counts the versions, from 1.' })
  number!: number;

  @Field(() => String, { description: 'What it says.' })
  text!: string;

  @Field(() => [StaffMember], { description: 'Whom it mentions.' })
  mentions!: readonly StaffMember[];

  @Field(() => DateTime, { description: 'When it was written.' })
  writtenAt!: Date;
}

@ObjectType({
  implements: Node,
  description:
    'A note on an application that staff write for each other. Partners never learn of it, nor do staff who belong to the organization or are recused from it.',
})
export class Note extends Node {
  @Field(() => ID, { description: 'The application it is on.' })
  applicationId!: string;

  @Field(() => Person, { nullable: true, description: 'Who wrote it.' })
  author!: Person | null;

  @Field(() => String, { description: 'What it says, as corrected last.' })
  text!: string;

  @Field(() => [StaffMember], { description: 'Whom it mentions. They were written to.' })
  mentions!: readonly StaffMember[];

  @Field(() => DateTime, { description: 'When it was first written.' })
  writtenAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was last corrected; null when never.' })
  correctedAt!: Date | null;

  @Field(() => [NoteVersion], { description: 'All that it ever said, first first; the last one stands.' })
  versions!: readonly NoteVersion[];

  @Field(() => Int, {
    description: 'Counts its versions; pass it as `expectedVersion` to be refused when it is stale.',
  })
  version!: number;
}

export const NoteConnection = connectionOf(Note, 'Note', 'notes');

@InputType()
abstract class NoteTextInput {
  @Field(() => String, { description: `What it says, at most ${longestMessage.toLocaleString('en')} characters.` })
  text!: string;

  @Field(() => [ID], {
    nullable: true,
    description: `The members of staff whom it mentions, at most ${mostMentions}: none who belongs to the organization or is recused from it. They are written to.`,
  })
  mentionIds?: string[] | null;
}

@InputType({ description: 'A note for staff.' })
export class AddNoteInput extends NoteTextInput {
  @Field(() => ID, { description: 'The application it is on.' })
  applicationId!: string;
}

@InputType({ description: 'A note of your own, and what it shall say from now on.' })
export class CorrectNoteInput extends NoteTextInput {
  @Field(() => ID, { description: 'The note.' })
  noteId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@ObjectType({ description: 'What came of the command.' })
export class NotePayload extends Payload {
  @Field(() => Note, { nullable: true, description: 'The note as it is now; null when nothing was changed.' })
  note?: Note | null;
}
