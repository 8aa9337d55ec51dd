import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf, PageArgs } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Application } from '../applications/application.types.js';
import { VersionChangeInput } from '../applications/application-moving.types.js';
import { Person } from '../identity/identity.types.js';
import {
  type BulkKind,
  type BulkOutcome,
  type BulkStatus,
  bulkKinds,
  bulkOutcomes,
  bulkStatuses,
  mostInBulk,
} from '../lifecycle/bulk.js';
import { longestMessage } from '../lifecycle/correspondence.js';
import { InformationQuestionInput } from '../questions/information-request-inputs.types.js';
import { DecisionOutcomeEnum } from '../reviews/decision.types.js';

const kinds = registeredEnum('BulkKind', 'What is done on many applications at once.', bulkKinds);
const statuses = registeredEnum('BulkStatus', 'Where a bulk operation stands.', bulkStatuses);
const outcomes = registeredEnum('BulkOutcome', 'What came of one application of a bulk operation.', bulkOutcomes);

@ObjectType({ description: 'Why a command was refused on one application.' })
export class BulkProblem {
  @Field(() => String, {
    description: 'What kind of problem it is: a code as in the `errors` of mutations, or one such as FORBIDDEN.',
  })
  code!: string;

  @Field(() => String, { description: 'What was wrong and what would be right, for people.' })
  message!: string;

  @Field(() => [String], { description: 'Where in the input; empty when it is about the application.' })
  path!: readonly string[];
}

@ObjectType({ description: 'One application of a bulk operation, and what came of it.' })
export class BulkItem {
  @Field(() => ID, { description: 'The application that was named.' })
  applicationId!: string;

  @Field(() => Application, { nullable: true, description: 'The application; null when you may not see it.' })
  application!: Application | null;

  @Field(() => outcomes, { description: 'What came of it.' })
  outcome!: BulkOutcome;

  @Field(() => [BulkProblem], { description: 'Why it was refused; empty otherwise.' })
  problems!: readonly BulkProblem[];

  @Field(() => DateTime, { nullable: true, description: 'When it was tried; null while it was not.' })
  triedAt!: Date | null;
}

export const BulkItemConnection = connectionOf(BulkItem, 'BulkItem', 'applications of a bulk operation');

@ObjectType({
  implements: Node,
  description:
    'A command that staff gave on many applications at once. Each has a transaction and a result of its own. Seen by whoever gave it, administrators and auditors.',
})
export class BulkOperation extends Node {
  @Field(() => kinds, { description: 'What is done.' })
  kind!: BulkKind;

  @Field(() => statuses, { description: 'Where it stands.' })
  status!: BulkStatus;

  @Field(() => Person, { nullable: true, description: 'Who gave it; it is done in their name.' })
  requestedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was given.' })
  requestedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was finished or cancelled; null while it runs.' })
  endedAt!: Date | null;

  @Field(() => Int, { description: 'How many applications it is about.' })
  applications!: number;

  @Field(() => Int, { description: 'How many of them are not tried yet.' })
  waiting!: number;

  @Field(() => Int, { description: 'On how many of them it is done.' })
  done!: number;

  @Field(() => Int, { description: 'On how many of them it was refused.' })
  refused!: number;

  @Field(() => Boolean, { description: 'Could you cancel it now?' })
  canCancel!: boolean;
}

export const BulkOperationConnection = connectionOf(BulkOperation, 'BulkOperation', 'bulk operations');

@ArgsType()
export class BulkItemArgs extends PageArgs {
  @Field(() => [outcomes], { nullable: true, description: 'Those only of which this came.' })
  outcomes?: BulkOutcome[] | null;
}

@InputType()
export abstract class BulkCommandInput {
  @Field(() => [ID], { description: `The applications, at most ${mostInBulk.toLocaleString('en')}. Each counts once.` })
  applicationIds!: string[];
}

@InputType({ description: 'Submitted applications to take in.' })
export class StartReviewsInput extends BulkCommandInput {}

@InputType({ description: 'Applications to move on, each to its next stage.' })
export class AdvanceStagesInput extends BulkCommandInput {}

@InputType({ description: 'Applications that are to wait in another queue.' })
export class MoveApplicationsToQueueInput extends BulkCommandInput {
  @Field(() => String, { description: 'The queue, by its name: one of the workflow of each.' })
  queue!: string;
}

@InputType({ description: 'Applications that are to go on under another version of their program.' })
export class MoveApplicationsToProgramVersionInput extends VersionChangeInput {
  @Field(() => [ID], { description: `The applications, at most ${mostInBulk.toLocaleString('en')}. Each counts once.` })
  applicationIds!: string[];
}

@InputType({ description: 'Applications whose proposed decisions are to be made final.' })
export class CountersignDecisionsInput extends BulkCommandInput {}

@InputType({ description: 'Applications to assign.' })
export class AssignApplicationsInput extends BulkCommandInput {
  @Field(() => ID, { nullable: true, description: 'The member of staff; null for nobody.' })
  staffId?: string | null;
}

@InputType({ description: 'Questions to the partners of many applications.' })
export class RequestInformationOnApplicationsInput extends BulkCommandInput {
  @Field(() => [InformationQuestionInput], { description: 'The questions, 1 to 20.' })
  questions!: InformationQuestionInput[];

  @Field(() => DateTime, { nullable: true, description: 'When the answers are due; when not given, as for one.' })
  dueAt?: Date | null;
}

@InputType({ description: 'A message to the partners of many applications.' })
export class SendMessagesInput extends BulkCommandInput {
  @Field(() => String, { description: `What it says, at most ${longestMessage.toLocaleString('en')} characters.` })
  text!: string;
}

@InputType({ description: 'A flag to raise on many applications.' })
export class RaiseFlagOnApplicationsInput extends BulkCommandInput {
  @Field(() => String, { description: 'The flag, by its key.' })
  flag!: string;

  @Field(() => String, { description: 'Why; partners do not see it.' })
  reason!: string;

  @Field(() => DateTime, { nullable: true, description: 'Until when it counts; until it is lowered when not said.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'A flag to lower on many applications.' })
export class LowerFlagOnApplicationsInput extends BulkCommandInput {
  @Field(() => String, { description: 'The flag, by its key.' })
  flag!: string;

  @Field(() => String, { description: 'Why; partners do not see it.' })
  reason!: string;
}

@InputType({ description: 'The same decision on many applications.' })
export class ProposeDecisionsInput extends BulkCommandInput {
  @Field(() => DecisionOutcomeEnum, { description: 'How to decide.' })
  outcome!: 'APPROVE' | 'APPROVE_WITH_CONDITIONS' | 'REFUSE';

  @Field(() => [String], {
    nullable: true,
    description: 'Why, for the partners, in your words; with REFUSE at least one, be it here or from the library.',
  })
  reasons?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Why, by codes of the library, with REFUSE only.' })
  reasonCodes?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The conditions, in your words, with APPROVE_WITH_CONDITIONS only.',
  })
  conditions?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Conditions by codes of the library.' })
  conditionCodes?: string[] | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Approve in principle, as `proposeDecision` does: for approvals of new applications only.',
  })
  inPrinciple!: boolean;

  @Field(() => String, { nullable: true, description: 'A note for staff. Partners never see it.' })
  internalNote?: string | null;
}

@InputType({ description: 'A bulk operation to end.' })
export class CancelBulkOperationInput {
  @Field(() => ID, { description: 'The operation.' })
  operationId!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class BulkOperationPayload extends Payload {
  @Field(() => BulkOperation, { nullable: true, description: 'The operation; null when there is none.' })
  operation?: BulkOperation | null;
}
