import { GraphQLJSON } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime, JsonObject } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';

const documentChanges = registeredEnum('DocumentChangeKind', 'What became of a document between two revisions.', {
  ADDED: 'It is new in the later revision.',
  REMOVED: 'It is not in the later revision any more.',
});

@ObjectType({ description: 'A document as it stood in a revision.' })
export class RevisionDocument {
  @Field(() => ID, { description: 'The document.' })
  documentId!: string;

  @Field(() => String, { description: 'The key of what it was provided for.' })
  requirementKey!: string;

  @Field(() => String, { description: 'The name of the file.' })
  fileName!: string;

  @Field(() => String, { description: 'SHA-256 of its bytes, in hexadecimal.' })
  sha256!: string;
}

@ObjectType({ description: 'An answer that differs from the revision before.' })
export class AnswerChange {
  @Field(() => [String], { description: 'Where in the answers: names and list positions, outermost first.' })
  path!: readonly string[];

  @Field(() => GraphQLJSON, { nullable: true, description: 'What it was; null when it was not answered.' })
  before?: unknown;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What it is; null when it is not answered any more.' })
  after?: unknown;
}

@ObjectType({ description: 'A document that is not in both of two revisions.' })
export class DocumentChange {
  @Field(() => documentChanges, { description: 'What became of it.' })
  kind!: 'ADDED' | 'REMOVED';

  @Field(() => ID, { description: 'The document.' })
  documentId!: string;

  @Field(() => String, { description: 'The key of what it was provided for.' })
  requirementKey!: string;

  @Field(() => String, { description: 'The name of the file.' })
  fileName!: string;
}

@ObjectType({ description: 'What changed from one revision to the next.' })
export class RevisionChanges {
  @Field(() => [AnswerChange], { description: 'The answers that differ, each as deep as it differs.' })
  answers!: readonly AnswerChange[];

  @Field(() => [DocumentChange], { description: 'The documents that came or went.' })
  documents!: readonly DocumentChange[];
}

@ObjectType({ implements: Node, description: 'What was submitted, as it was submitted.' })
export class ApplicationRevision extends Node {
  @Field(() => Int, { description: 'Counts the submissions, from 1.' })
  number!: number;

  @Field(() => JsonObject, { description: 'The answers to the questionnaire.' })
  answers!: object;

  @Field(() => [RevisionDocument], { description: 'The documents that went with it.' })
  documents!: readonly RevisionDocument[];

  @Field(() => Person, { nullable: true, description: 'Who submitted it.' })
  submittedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was submitted.' })
  submittedAt!: Date;

  @Field(() => RevisionChanges, {
    nullable: true,
    description: 'What changed since the revision before; null for the first.',
  })
  changes!: RevisionChanges | null;
}
