import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { StaffRoleEnum } from '../api/role-enums.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type RecusalKind, recusalKinds } from '../lifecycle/recusal.js';
import type { StaffRole } from '../lifecycle/roles.js';
import { type RecommendationKind, recommendationKinds } from './review.entity.js';

export const RecommendationKindEnum = registeredEnum(
  'RecommendationKind',
  'What a reviewer recommends.',
  recommendationKinds,
);

const recusals = registeredEnum('RecusalKind', 'Why a member of staff must not judge an organization.', recusalKinds);

@ObjectType({ description: 'The score that a recommendation gives to a criterion, as the scorecard was then.' })
export class CriterionScore {
  @Field(() => String, { description: 'The key of the criterion.' })
  criterion!: string;

  @Field(() => String, { description: 'What is judged.' })
  title!: string;

  @Field(() => Int, { description: 'How much it counts.' })
  weight!: number;

  @Field(() => Int, { description: 'The best score; the worst is 0.' })
  scale!: number;

  @Field(() => Int, { description: 'The score.' })
  score!: number;
}

@ObjectType({
  implements: Node,
  description:
    'What one reviewer recommends at one stage. Staff only; at a blind stage, other reviewers only once their own is in or the stage is over.',
})
export class Recommendation extends Node {
  @Field(() => Int, { description: 'The revision it is about.' })
  revision!: number;

  @Field(() => String, { description: 'The key of the stage at which it was given.' })
  stageKey!: string;

  @Field(() => Person, { nullable: true, description: 'Who recommends.' })
  reviewer!: Person | null;

  @Field(() => StaffRoleEnum, { description: 'The role in which it was given, and counts.' })
  role!: StaffRole;

  @Field(() => RecommendationKindEnum, { description: 'What is recommended.' })
  kind!: RecommendationKind;

  @Field(() => String, { description: 'Why.' })
  comment!: string;

  @Field(() => [String], { description: 'The conditions recommended, with APPROVE_WITH_CONDITIONS.' })
  conditions!: readonly string[];

  @Field(() => [CriterionScore], {
    description: 'What it gives to each criterion of the stage; empty without a scorecard.',
  })
  scores!: readonly CriterionScore[];

  @Field(() => Float, {
    nullable: true,
    description: 'What the scores come to by weight, out of 100; null without any.',
  })
  score!: number | null;

  @Field(() => DateTime, { description: 'When it was given.' })
  recommendedAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the reviewer changed it to another one; null while it stands.',
  })
  supersededAt!: Date | null;
}

@ObjectType({ implements: Node, description: 'A member of staff who must not judge an organization. Staff only.' })
export class Recusal extends Node {
  @Field(() => Person, { nullable: true, description: 'Who is recused.' })
  person!: Person | null;

  @Field(() => recusals, { description: 'Whether they declared it, or it came of itself.' })
  kind!: RecusalKind;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => DateTime, { description: 'When it was declared, or began.' })
  declaredAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its cause ended; null while it stands, and always for what was declared.',
  })
  endedAt!: Date | null;
}
