import { Field, Float, Int, ObjectType } from 'type-graphql';
import { StaffRoleEnum } from '../api/role-enums.js';
import type { StaffRole } from '../lifecycle/roles.js';

@ObjectType({ description: 'How many people must recommend in a role at a stage, and how many have.' })
export class QuorumInRole {
  @Field(() => StaffRoleEnum, { description: 'The role.' })
  role!: StaffRole;

  @Field(() => Int, { description: 'How many people must recommend in it.' })
  required!: number;

  @Field(() => Int, { description: 'How many have.' })
  given!: number;
}

@ObjectType({ description: 'How many recommend what at a stage.' })
export class AdviceTally {
  @Field(() => Int, { description: 'To grant access as applied for.' })
  approve!: number;

  @Field(() => Int, { description: 'To grant access under conditions.' })
  approveWithConditions!: number;

  @Field(() => Int, { description: 'Not to grant access.' })
  refuse!: number;

  @Field(() => Int, { description: 'Neither: they examined it and have nothing to say either way.' })
  noOpinion!: number;
}

@ObjectType({
  description:
    'What is recommended at a stage, for the present revision, by people who are not recused. What is hidden from you is null.',
})
export class StageAdvice {
  @Field(() => String, { description: 'The key of the stage.' })
  stageKey!: string;

  @Field(() => String, { description: 'What people call the stage.' })
  stageName!: string;

  @Field(() => Boolean, { description: 'Whether recommendations can still be given and changed there.' })
  isOpen!: boolean;

  @Field(() => Boolean, {
    description: 'Whether it is kept from you until your own recommendation is in, because the stage is blind.',
  })
  isHidden!: boolean;

  @Field(() => Int, { description: 'How many recommendations stand.' })
  given!: number;

  @Field(() => [QuorumInRole], { description: 'How many are needed in each role, and are in.' })
  quorum!: readonly QuorumInRole[];

  @Field(() => Boolean, { description: 'Whether enough are in, in every role.' })
  isQuorumMet!: boolean;

  @Field(() => AdviceTally, { nullable: true, description: 'How many recommend what.' })
  tally!: AdviceTally | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether some recommend to grant access, with conditions or without, and others to refuse it.',
  })
  isConflicting!: boolean | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The mean of their scores, out of 100; null, too, when nothing is scored.',
  })
  meanScore!: number | null;
}
