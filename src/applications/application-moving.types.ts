import { Field, ID, InputType, Int } from 'type-graphql';
import { ApplicationCommandInput } from './application-inputs.types.js';

@InputType({ description: 'Which stage takes the place of another one.' })
export class StageReplacementInput {
  @Field(() => String, { description: 'The key of the stage that an application is at.' })
  from!: string;

  @Field(() => String, { description: 'The key of the stage of the new version at which it goes on.' })
  to!: string;
}

@InputType()
export abstract class VersionChangeInput {
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

@InputType({ description: 'An application that is to go on under another version of its program.' })
export class MoveApplicationToProgramVersionInput extends VersionChangeInput {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'An application that is to wait in another queue.' })
export class MoveApplicationToQueueInput extends ApplicationCommandInput {
  @Field(() => String, { description: 'The queue, by its name: one of its workflow.' })
  queue!: string;
}
