import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type CheckOutcome, checkOutcomes } from './review.entity.js';

export const CheckOutcomeEnum = registeredEnum('CheckOutcome', 'What came of a check.', checkOutcomes);

@ObjectType({ implements: Node, description: 'What came of a check that a stage asks for. Staff only.' })
export class CheckResult extends Node {
  @Field(() => Int, { description: 'The revision it is about.' })
  revision!: number;

  @Field(() => String, { description: 'The key of the stage that asks for the check.' })
  stageKey!: string;

  @Field(() => String, { description: 'The key of the check.' })
  check!: string;

  @Field(() => CheckOutcomeEnum, { description: 'What came of it.' })
  outcome!: CheckOutcome;

  @Field(() => String, { description: 'What was looked into, and how.' })
  note!: string;

  @Field(() => Person, { nullable: true, description: 'Who marked it.' })
  markedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was marked.' })
  markedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was marked anew; null while this stands.' })
  supersededAt!: Date | null;
}
