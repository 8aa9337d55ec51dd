import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type FlagColour, flagColours } from '../lifecycle/flags.js';

const colours = registeredEnum('FlagColour', 'The colour of a flag.', flagColours);

@ObjectType({
  implements: Node,
  description: 'A flag that staff and routing rules can raise on organizations and applications. For staff only.',
})
export class FlagDefinition extends Node {
  @Field(() => String, { description: 'What rules call it.' })
  key!: string;

  @Field(() => String, { description: 'What people call it.' })
  label!: string;

  @Field(() => colours, { description: 'Its colour.' })
  colour!: FlagColour;

  @Field(() => String, { description: 'What it means, and what follows from it.' })
  description!: string;

  @Field(() => DateTime, { nullable: true, description: 'Since when it is raised no more; null while it is.' })
  retiredAt!: Date | null;

  @Field(() => DateTime, { description: 'When it was defined.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;
}

@ObjectType({
  implements: Node,
  description: 'A flag that was raised on an organization or an application. For staff only.',
})
export class Flag extends Node {
  @Field(() => FlagDefinition, { nullable: true, description: 'What it is.' })
  definition!: FlagDefinition | null;

  @Field(() => ID, { description: 'The organization that it is raised on, or whose application it is raised on.' })
  organizationId!: string;

  @Field(() => ID, { nullable: true, description: 'The application; null for one on the organization.' })
  applicationId!: string | null;

  @Field(() => String, { description: 'Why it was raised.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'The routing rule that raised it; null when somebody did.' })
  rule!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who raised it; null when a rule did.' })
  raisedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was raised.' })
  raisedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Until when it counts; null when until it is lowered.' })
  expiresAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was lowered; null while it was not.' })
  loweredAt!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who lowered it; null when nobody did, or it expired.' })
  loweredBy!: Person | null;

  @Field(() => String, { nullable: true, description: 'Why it was lowered.' })
  loweredReason!: string | null;
}

@InputType()
abstract class FlagMeaningInput {
  @Field(() => String, { description: 'What people call it, at most 60 characters.' })
  label!: string;

  @Field(() => colours, { description: 'Its colour.' })
  colour!: FlagColour;

  @Field(() => String, { description: 'What it means, and what follows from it.' })
  description!: string;
}

@InputType({ description: 'A flag to define.' })
export class CreateFlagDefinitionInput extends FlagMeaningInput {
  @Field(() => String, { description: 'What rules call it: lower-case words joined by hyphens. It stays.' })
  key!: string;
}

@InputType({ description: 'A flag, and what it shall be called and mean.' })
export class UpdateFlagDefinitionInput extends FlagMeaningInput {
  @Field(() => ID, { description: 'The flag.' })
  flagDefinitionId!: string;

  @Field(() => Boolean, { description: 'Whether it is to be raised no more. Where it is up, it stays.' })
  retired!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A flag to raise, and on what: either an organization or an application.' })
export class RaiseFlagInput {
  @Field(() => String, { description: 'The flag, by its key.' })
  flag!: string;

  @Field(() => ID, { nullable: true, description: 'The organization to raise it on.' })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The application to raise it on.' })
  applicationId?: string | null;

  @Field(() => String, { description: 'Why; partners do not see it.' })
  reason!: string;

  @Field(() => DateTime, { nullable: true, description: 'Until when it counts; until it is lowered when not said.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'A flag to lower.' })
export class LowerFlagInput {
  @Field(() => ID, { description: 'The flag.' })
  flagId!: string;

  @Field(() => String, { description: 'Why; partners do not see it.' })
  reason!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class FlagDefinitionPayload extends Payload {
  @Field(() => FlagDefinition, { nullable: true, description: 'The flag as it is now; null when nothing was changed.' })
  flagDefinition?: FlagDefinition | null;
}

@ObjectType({ description: 'What came of the command.' })
export class FlagPayload extends Payload {
  @Field(() => Flag, { nullable: true, description: 'The flag as it is now; null when nothing was changed.' })
  flag?: Flag | null;
}
