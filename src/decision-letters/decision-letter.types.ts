import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Document } from '../documents/document.types.js';
import { Person } from '../identity/identity.types.js';
import { Program } from '../programs/program.types.js';
import { type LetterKind, letterKinds } from './letter-template.entity.js';

export const LetterKindEnum = registeredEnum('LetterKind', 'What a letter tells of.', letterKinds);

@ObjectType({ implements: Node, description: 'The letter that tells of a final decision, as PDF.' })
export class DecisionLetter extends Node {
  @Field(() => ID, { description: 'The decision it tells of.' })
  decisionId!: string;

  @Field(() => LetterKindEnum, { description: 'What it tells of.' })
  kind!: LetterKind;

  @Field(() => String, { description: 'The version of the template it was written from, as the letter names it.' })
  templateVersion!: string;

  @Field(() => Document, { description: 'Its bytes, with their hash, to be downloaded.' })
  document!: Document;

  @Field(() => DateTime, { description: 'When it was written; it bears the date of the decision.' })
  writtenAt!: Date;
}

@ObjectType({ description: 'What a letter of one kind says.' })
export class LetterText {
  @Field(() => String, { description: 'The outcome in a few words.' })
  outcome!: string;

  @Field(() => String, { description: 'The subject.' })
  subject!: string;

  @Field(() => [String], { description: 'The paragraphs, with placeholders such as `{{organization}}`.' })
  paragraphs!: readonly string[];
}

@ObjectType({ description: 'What the facts at the head of a letter, and what stands at its foot, are called.' })
export class LetterLabels {
  @Field(() => String, { description: 'The reference of the application.' })
  reference!: string;

  @Field(() => String, { description: 'The reference of the application that was amended.' })
  amends!: string;

  @Field(() => String, { description: 'The organization.' })
  organization!: string;

  @Field(() => String, { description: 'The program.' })
  program!: string;

  @Field(() => String, { description: 'The product.' })
  product!: string;

  @Field(() => String, { description: 'The date of the decision.' })
  date!: string;

  @Field(() => String, { description: 'The outcome.' })
  outcome!: string;

  @Field(() => String, { description: 'The reference of the grant.' })
  grant!: string;

  @Field(() => String, { description: 'Who to ask.' })
  contact!: string;

  @Field(() => String, { description: 'The version of the template.' })
  template!: string;

  @Field(() => String, { description: 'The number of a page.' })
  page!: string;

  @Field(() => String, { description: 'What is said where characters had to be replaced by □.' })
  unshown!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What is said after the first paragraph of an approval in principle, while access has to wait for the release; may hold the placeholders of an approval. In English when not given.',
  })
  inPrinciple!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What stands for `{{grantEnds}}` in such a letter, because its time does not run yet. In English when not given.',
  })
  laterEnd!: string | null;
}

@ObjectType({ description: 'The text of decision letters.' })
export class LetterTemplateContent {
  @Field(() => String, { description: 'The language, as a tag such as `en` or `pt-BR`.' })
  language!: string;

  @Field(() => String, { description: 'Who writes.' })
  letterhead!: string;

  @Field(() => String, { description: 'Who to ask, and how.' })
  contact!: string;

  @Field(() => LetterLabels, { description: 'What the facts are called.' })
  labels!: LetterLabels;

  @Field(() => LetterText, { description: 'Of an approval without conditions.' })
  approval!: LetterText;

  @Field(() => LetterText, { description: 'Of an approval with conditions.' })
  approvalWithConditions!: LetterText;

  @Field(() => LetterText, { description: 'Of a refusal that can be appealed.' })
  refusal!: LetterText;

  @Field(() => LetterText, { description: 'Of a refusal on appeal, which is final.' })
  finalRefusal!: LetterText;
}

@ObjectType({
  implements: Node,
  description: 'A version of the text of decision letters. It never changes; another version is published. Staff only.',
})
export class LetterTemplate extends Node {
  @Field(() => Program, {
    nullable: true,
    description: 'Whose letters; null for those of all that have none of their own.',
  })
  program!: Program | null;

  @Field(() => Int, { description: 'Counts the versions for the program, or for all programs, from 1.' })
  number!: number;

  @Field(() => LetterTemplateContent, { description: 'The text.' })
  content!: LetterTemplateContent;

  @Field(() => Person, { nullable: true, description: 'Who published it.' })
  publishedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was published.' })
  publishedAt!: Date;
}

export const LetterTemplateConnection = connectionOf(
  LetterTemplate,
  'LetterTemplate',
  'versions of the text of letters',
);

@ObjectType({ description: 'A letter as it would be, about an application that there is not.' })
export class LetterPreview {
  @Field(() => String, { description: 'The version of the template; `preview` when one was given.' })
  templateVersion!: string;

  @Field(() => Int, { description: 'How large the file is, in bytes.' })
  size!: number;

  @Field(() => String, { description: 'The PDF, in Base64.' })
  pdf!: string;
}

@ObjectType({ description: 'What publishing the text of letters answers.' })
export class LetterTemplatePayload extends Payload {
  @Field(() => LetterTemplate, {
    nullable: true,
    description: 'The version; null when it was refused, or only tried.',
  })
  letterTemplate?: LetterTemplate | null;
}
