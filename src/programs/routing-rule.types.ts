import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { StaffRoleEnum } from '../api/role-enums.js';
import { type FlagPlace, flagPlaces } from '../lifecycle/flags.js';
import type { StaffRole } from '../lifecycle/roles.js';
import { type RiskRating, RiskRatingEnum } from '../organizations/organization-risk.types.js';
import { type OrganizationSector, SectorEnum } from '../organizations/sector.types.js';

export const FlagPlaceEnum = registeredEnum('FlagPlace', 'What a flag is raised on.', flagPlaces);

@ObjectType({
  description: 'Something about the answer to a question: one of the three. Of a list of answers, one is enough.',
})
export class AnswerCondition {
  @Field(() => [String], { description: 'Where the answer is: names and list positions, outermost first.' })
  path!: readonly string[];

  @Field(() => String, { nullable: true, description: 'It is this.' })
  equals?: string | null;

  @Field(() => [String], { nullable: true, description: 'It is one of these.' })
  in?: readonly string[] | null;

  @Field(() => Float, { nullable: true, description: 'It is a number greater than this.' })
  greaterThan?: number | null;
}

@ObjectType({ description: 'What must hold of an application: exactly one of these.' })
export class RoutingCondition {
  @Field(() => [SectorEnum], { nullable: true, description: 'The organization is in one of these sectors.' })
  sectorIn?: readonly OrganizationSector[] | null;

  @Field(() => [String], { nullable: true, description: 'The organization is in one of these countries.' })
  countryIn?: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'The program is for one of these products, by their codes.' })
  productIn?: readonly string[] | null;

  @Field(() => [RiskRatingEnum], { nullable: true, description: 'Staff rate the organization as one of these.' })
  riskIn?: readonly RiskRating[] | null;

  @Field(() => AnswerCondition, { nullable: true, description: 'Something about an answer.' })
  answer?: AnswerCondition | null;

  @Field(() => [String], {
    nullable: true,
    description: 'One of these flags, by their keys, is up on the application or its organization.',
  })
  flaggedWith?: readonly string[] | null;
}

@ObjectType({ description: 'A flag that a rule raises.' })
export class FlagToRaise {
  @Field(() => String, { description: 'The flag, by its key.' })
  flag!: string;

  @Field(() => FlagPlaceEnum, { description: 'What it is raised on.' })
  on!: FlagPlace;

  @Field(() => Int, { nullable: true, description: 'Days after which it expires; null when it does not.' })
  expiresAfterDays?: number | null;
}

@ObjectType({ description: 'Where an application goes that enters intake or a stage.' })
export class RoutingRule {
  @Field(() => String, { description: 'Names the rule within the workflow.' })
  key!: string;

  @Field(() => String, { description: 'What people call the rule.' })
  name!: string;

  @Field(() => [String], { description: 'Keys of the stages that it is about, `intake` among them; all when none.' })
  at!: readonly string[];

  @Field(() => [RoutingCondition], { description: 'What must hold, all of it.' })
  when!: readonly RoutingCondition[];

  @Field(() => String, { nullable: true, description: 'The queue it goes to; the stage’s own when null.' })
  queue?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Members of staff of whom the least busy is given the application.',
  })
  reviewerIds?: readonly string[] | null;

  @Field(() => StaffRoleEnum, { nullable: true, description: 'Besides those, whoever holds this role.' })
  role?: StaffRole | null;

  @Field(() => [ID], { nullable: true, description: 'Members of staff who step in when none of the others can.' })
  fallbackIds?: readonly string[] | null;

  @Field(() => [FlagToRaise], { nullable: true, description: 'Flags that it raises.' })
  raiseFlags?: readonly FlagToRaise[] | null;
}
