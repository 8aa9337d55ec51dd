import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type StandardTextKind, standardTextKinds } from '../lifecycle/standard-texts.js';
import { Program } from '../programs/program.types.js';

export const StandardTextKindEnum = registeredEnum(
  'StandardTextKind',
  'What a text of the library is for.',
  standardTextKinds,
);

@ObjectType({
  implements: Node,
  description: 'What a text of the library says, or said. It never changes. Staff only.',
})
export class StandardTextVersion extends Node {
  @Field(() => Int, { description: 'Counts the versions, from 1.' })
  number!: number;

  @Field(() => String, { description: 'What it is about, in a few words.' })
  title!: string;

  @Field(() => String, { description: 'What partners read.' })
  text!: string;

  @Field(() => Person, { nullable: true, description: 'Who published it; null for the portal itself.' })
  publishedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was published.' })
  publishedAt!: Date;
}

@ObjectType({
  implements: Node,
  description: 'A condition, or a reason for refusal, that decisions take from the library by its code. Staff only.',
})
export class StandardText extends Node {
  @Field(() => StandardTextKindEnum, { description: 'What it is for.' })
  kind!: StandardTextKind;

  @Field(() => String, { description: 'The code by which decisions take it, and by which reports count it.' })
  code!: string;

  @Field(() => Program, { nullable: true, description: 'The program that it is for; null for every program.' })
  program!: Program | null;

  @Field(() => StandardTextVersion, { nullable: true, description: 'What it says now.' })
  current!: StandardTextVersion | null;

  @Field(() => [StandardTextVersion], { description: 'What it says and said, newest first.' })
  versions!: readonly StandardTextVersion[];

  @Field(() => DateTime, { nullable: true, description: 'Since when no proposal takes it; null while it is in use.' })
  retiredAt!: Date | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;
}

export const StandardTextConnection = connectionOf(StandardText, 'StandardText', 'texts of the library');

@InputType()
abstract class StandardWordsInput {
  @Field(() => String, { description: 'What it is about, in a few words: at most 200 characters.' })
  title!: string;

  @Field(() => String, { description: 'What partners read: at most 1000 characters.' })
  text!: string;
}

@InputType({ description: 'A text for the library.' })
export class CreateStandardTextInput extends StandardWordsInput {
  @Field(() => StandardTextKindEnum, { description: 'What it is for.' })
  kind!: StandardTextKind;

  @Field(() => String, { description: 'Lower-case words joined by hyphens, unique throughout the portal.' })
  code!: string;

  @Field(() => ID, { nullable: true, description: 'The program that it is for; for every program when not given.' })
  programId?: string | null;
}

@InputType({ description: 'Other words for a text of the library.' })
export class PublishStandardTextVersionInput extends StandardWordsInput {
  @Field(() => ID, { description: 'The text.' })
  standardTextId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The text’s version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A text of the library to retire, or to take into use again.' })
export class SetStandardTextInUseInput {
  @Field(() => ID, { description: 'The text.' })
  standardTextId!: string;

  @Field(() => Boolean, { description: 'Whether proposals may take it from now on.' })
  inUse!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'The text’s version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@ObjectType({ description: 'What came of the command.' })
export class StandardTextPayload extends Payload {
  @Field(() => StandardText, { nullable: true, description: 'The text; null when there are errors.' })
  standardText?: StandardText | null;
}
