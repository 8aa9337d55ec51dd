import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Document } from '../documents/document.types.js';
import { Person } from '../identity/identity.types.js';
import {
  type ExtensionOutcome,
  extensionOutcomes,
  type InformationRequestStatus,
  informationRequestStatuses,
  type ThreadSide,
  threadSides,
} from '../lifecycle/information-request.js';

const statuses = registeredEnum(
  'InformationRequestStatus',
  'Where an information request stands.',
  informationRequestStatuses,
);

const outcomes = registeredEnum('ExtensionOutcome', 'What came of a wish for more time.', extensionOutcomes);

const sides = registeredEnum('ThreadSide', 'Who writes in a thread.', threadSides);

@ObjectType({ description: 'An answer to a question. Only those that a response gave are seen by staff.' })
export class InformationAnswer {
  @Field(() => String, { description: 'The answer; empty when documents say it all.' })
  text!: string;

  @Field(() => [Document], { description: 'The documents that go with it.' })
  documents!: readonly Document[];

  @Field(() => Person, { nullable: true, description: 'Who wrote it last.' })
  savedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was written last.' })
  savedAt!: Date;

  @Field(() => Person, { nullable: true, description: 'Who gave it to staff; null while nobody did.' })
  givenBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was given to staff; null while it was not.' })
  givenAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When another one took its place; null while it stands.' })
  supersededAt!: Date | null;
}

@ObjectType({ description: 'One question of an information request.' })
export class InformationQuestion {
  @Field(() => Int, { description: 'Counts the questions of the request, from 1.' })
  number!: number;

  @Field(() => String, { description: 'What is asked.' })
  text!: string;

  @Field(() => Boolean, { description: 'Whether there is no response without an answer to it.' })
  isRequired!: boolean;

  @Field(() => [String], { description: 'The documents that it asks for, in words.' })
  documents!: readonly string[];

  @Field(() => InformationAnswer, { nullable: true, description: 'The answer that was given; null while none was.' })
  answer!: InformationAnswer | null;

  @Field(() => InformationAnswer, {
    nullable: true,
    description: 'The answer that is saved and not given yet. For members of the organization; null for staff.',
  })
  savedAnswer!: InformationAnswer | null;

  @Field(() => [InformationAnswer], {
    description: 'The answers that were given before and that others took the place of, first first.',
  })
  earlierAnswers!: readonly InformationAnswer[];
}

@ObjectType({ description: 'Something written in the thread of an information request. It is no answer.' })
export class InformationMessage {
  @Field(() => Int, { description: 'Counts the messages of the thread, from 1.' })
  number!: number;

  @Field(() => sides, { description: 'Who writes: the partner, or staff.' })
  side!: ThreadSide;

  @Field(() => String, { description: 'What is written.' })
  text!: string;

  @Field(() => Person, {
    nullable: true,
    description: 'Who wrote it. Partners are not told who of staff did: null for them.',
  })
  writtenBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was written.' })
  writtenAt!: Date;
}

@ObjectType({ description: 'A wish of the partner for more time to answer.' })
export class DueDateExtension {
  @Field(() => DateTime, { description: 'Until when the partner wants to answer.' })
  wantedDueAt!: Date;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => Person, { nullable: true, description: 'Who asked for it.' })
  askedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  askedAt!: Date;

  @Field(() => outcomes, { description: 'What came of it.' })
  outcome!: ExtensionOutcome;

  @Field(() => String, { nullable: true, description: 'Why it was refused; null otherwise.' })
  outcomeReason!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who decided on it. Staff only; null for partners.' })
  decidedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was decided or overtaken; null while it waits.' })
  decidedAt!: Date | null;
}

@ObjectType({
  implements: Node,
  description:
    'Questions of staff to the partner. While a request is open, the clock is paused; only a response, or staff, close it.',
})
export class InformationRequest extends Node {
  @Field(() => Int, { description: 'Counts the requests of the application, from 1.' })
  number!: number;

  @Field(() => statuses, { description: 'Where it stands.' })
  status!: InformationRequestStatus;

  @Field(() => Boolean, { description: 'Whether it waits for a response.' })
  isOpen!: boolean;

  @Field(() => [Document], { description: 'What staff give the partner along with it, such as a form to fill in.' })
  documents!: readonly Document[];

  @Field(() => [InformationQuestion], { description: 'What is asked, with the answers.' })
  questions!: readonly InformationQuestion[];

  @Field(() => [InformationMessage], {
    description: 'What staff and the partner wrote to each other about it, first first.',
  })
  messages!: readonly InformationMessage[];

  @Field(() => [DueDateExtension], { description: 'Wishes for more time, first first.' })
  extensions!: readonly DueDateExtension[];

  @Field(() => Person, { nullable: true, description: 'Who asked. Staff only; null for partners.' })
  askedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was asked.' })
  askedAt!: Date;

  @Field(() => DateTime, { description: 'When the answers are due.' })
  dueAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When the application lapses without a response, unless more time is asked for; null when it does not.',
  })
  lapsesAt!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who responded last.' })
  respondedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When the partner last responded; null before.' })
  respondedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was closed; null while it is open.' })
  closedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was withdrawn, or the application lapsed.' })
  closedReason!: string | null;
}
