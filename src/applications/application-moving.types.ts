import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { describedEnum } from '../api/described-enum.js';
import { Payload, UserError } from '../api/payload.js';
import { type MoveOutcome, moveOutcomes } from './application-moving.js';

const outcomes = describedEnum('ApplicationMoveOutcome', 'What came of moving an application.', moveOutcomes);
registerEnumType(outcomes.values, outcomes.config);

@InputType({ description: 'Which stage takes the place of another one.' })
export class StageReplacementInput {
  @Field(() => String, { description: 'The key of the stage that an application is at.' })
  from!: string;

  @Field(() => String, { description: 'The key of the stage of the new version at which it goes on.' })
  to!: string;
}

@InputType({ description: 'Applications that are to go on under another version of their program.' })
export class MoveApplicationsInput {
  @Field(() => [ID], { description: 'The applications, at most 1,000.' })
  applicationIds!: string[];

  @Field(() => ID, { description: 'The program.' })
  programId!: string;

  @Field(() => Int, { description: 'The number of the version to go on under.' })
  number!: number;

  @Field(() => [StageReplacementInput], {
    nullable: true,
    description: 'Where to go on from stages that the new version does not have. Others are gone on with.',
  })
  stages?: StageReplacementInput[] | null;

  @Field(() => String, { description: 'Why; the partners see it.' })
  reason!: string;
}

@ObjectType({ description: 'What came of moving an application.' })
export class ApplicationMove {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;

  @Field(() => outcomes.values, { description: 'What came of it.' })
  outcome!: MoveOutcome;

  @Field(() => [UserError], { description: 'Why it was refused; empty otherwise.' })
  errors!: readonly UserError[];
}

@ObjectType({ description: 'What came of the command, for each application.' })
export class MoveApplicationsPayload extends Payload {
  @Field(() => [ApplicationMove], {
    nullable: true,
    description: 'What came of each application; null when nothing was changed.',
  })
  moves?: readonly ApplicationMove[] | null;
}
