import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type IntentEnding, intentEndings } from '../lifecycle/decisions.js';
import { type DecisionOutcome, type DecisionStatus, decisionOutcomes, decisionStatuses } from './review.entity.js';

export const DecisionOutcomeEnum = registeredEnum(
  'DecisionOutcome',
  'How an application is decided.',
  decisionOutcomes,
);

const DecisionStatusEnum = registeredEnum('DecisionStatus', 'Where a decision stands.', decisionStatuses);

const endings = registeredEnum('IntentEnding', 'What came of an intent to refuse.', intentEndings);

@ObjectType({
  description: 'A reason or a condition of a decision. What is from the library has a code, a title and a version.',
})
export class DecisionStatement {
  @Field(() => String, { description: 'What it says.' })
  text!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its code in the library; null when it was written for this decision.',
  })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'What it is about, in a few words; null without a code.' })
  title!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Which version of the library’s text this is; null without a code.',
  })
  version!: number | null;
}

@ObjectType({
  implements: Node,
  description:
    'A decision: proposed by one person and made final by another, or by two others. Partners see it once it is final.',
})
export class Decision extends Node {
  @Field(() => DecisionOutcomeEnum, { description: 'How the application is decided.' })
  outcome!: DecisionOutcome;

  @Field(() => DecisionStatusEnum, { description: 'Where the decision stands.' })
  status!: DecisionStatus;

  @Field(() => Boolean, {
    description:
      'Whether it approves in principle: access follows when the product’s release permits it, at once when it does already.',
  })
  inPrinciple!: boolean;

  @Field(() => [String], { description: 'Why, for the partner.' })
  reasons!: readonly string[];

  @Field(() => [DecisionStatement], { description: 'The same, with what is known of those from the library.' })
  statedReasons!: readonly DecisionStatement[];

  @Field(() => [String], { description: 'The conditions of the approval, with APPROVE_WITH_CONDITIONS.' })
  conditions!: readonly string[];

  @Field(() => [DecisionStatement], { description: 'The same, with what is known of those from the library.' })
  statedConditions!: readonly DecisionStatement[];

  @Field(() => Boolean, { description: 'Whether it decides an appeal.' })
  isOnAppeal!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was set aside, because the application was reopened; null while it stands.',
  })
  supersededAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What staff noted. Staff only; null for partners.' })
  internalNote!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was not countersigned. Staff only; null for partners.' })
  declinedReason!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who proposed it. Staff only; null for partners.' })
  proposedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was proposed.' })
  proposedAt!: Date;

  @Field(() => Int, {
    nullable: true,
    description: 'How many must countersign it, 1 or 2. Staff only; null for partners.',
  })
  countersignaturesNeeded!: number | null;

  @Field(() => Person, {
    nullable: true,
    description: 'Of two who countersign, the first. Staff only; null for partners.',
  })
  firstCountersignedBy!: Person | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the first of two countersigned it. Staff only; null for partners.',
  })
  firstCountersignedAt!: Date | null;

  @Field(() => Person, {
    nullable: true,
    description: 'Who gave the last countersignature, or declined it. Staff only; null for partners.',
  })
  countersignedBy!: Person | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it got its last countersignature or was declined; null while it waits.',
  })
  countersignedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it became final, which for a refusal can be later than its last countersignature.',
  })
  finalAt!: Date | null;
}

@ObjectType({
  implements: Node,
  description: 'That an application is to be refused, as announced to its partner, who may answer once before it is.',
})
export class IntentToRefuse extends Node {
  @Field(() => [DecisionStatement], { description: 'Why.' })
  reasons!: readonly DecisionStatement[];

  @Field(() => DateTime, { description: 'When it was announced.' })
  announcedAt!: Date;

  @Field(() => DateTime, { description: 'Until when the partner may answer.' })
  answerBefore!: Date;

  @Field(() => endings, { nullable: true, description: 'What came of it; null while it is open.' })
  ending!: IntentEnding | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it is open.' })
  endedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The partner’s answer; null when there is none.' })
  response!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who answered it.' })
  respondedBy!: Person | null;

  @Field(() => String, { nullable: true, description: 'Why it was taken back; null when it was not.' })
  rescindedReason!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who took it back. Staff only; null for partners.' })
  rescindedBy!: Person | null;

  @Field(() => Decision, {
    nullable: true,
    description: 'The decision that was announced; for partners null until it is final.',
  })
  decision!: Decision | null;
}
