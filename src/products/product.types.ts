import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { DirectiveKindEnum } from '../directives/directive-enums.types.js';
import { Person } from '../identity/identity.types.js';
import type { DirectiveKind } from '../lifecycle/directive.js';
import { type ClauseEffect, clauseEffects, type ReleaseStatus, releaseStatuses } from '../lifecycle/release.js';
import { Wave } from '../waves/wave.types.js';

export const ReleaseStatusEnum = registeredEnum('ReleaseStatus', 'How far a product is released.', releaseStatuses);
const effects = registeredEnum(
  'ClauseEffect',
  'What one directive has to say about a product at a moment.',
  clauseEffects,
);

@ObjectType({ description: 'What one directive has to say about a product at a moment.' })
export class PermissionClause {
  @Field(() => ID, { description: 'The directive.' })
  directiveId!: string;

  @Field(() => String, { description: 'The authority’s own reference of it.' })
  reference!: string;

  @Field(() => String, { description: 'Whose it is.' })
  authority!: string;

  @Field(() => DirectiveKindEnum, { description: 'What kind of directive it is.' })
  kind!: DirectiveKind;

  @Field(() => effects, { description: 'What follows from it.' })
  effect!: ClauseEffect;

  @Field(() => ID, {
    nullable: true,
    description: 'The amendment whose terms hold in the place of its own; null when none does.',
  })
  amendedById!: string | null;
}

@ObjectType({
  description:
    'What is permitted of a product at a moment, and by whose order. Authorities may differ: the narrowest holds.',
})
export class ProductPermission {
  @Field(() => ReleaseStatusEnum, { description: 'How far it is released then.' })
  status!: ReleaseStatus;

  @Field(() => ReleaseStatusEnum, {
    description: 'What the operator states now, which holds where no directive is narrower.',
  })
  stated!: ReleaseStatus;

  @Field(() => DateTime, { description: 'The moment that was asked about.' })
  at!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'What was in force here by this moment only is counted; null when all that is in force now is.',
  })
  knownAt!: Date | null;

  @Field(() => [PermissionClause], { description: 'What each directive about it says, in the order they take effect.' })
  clauses!: readonly PermissionClause[];
}

@ObjectType({ implements: Node, description: 'A restricted product that programs release.' })
export class Product extends Node {
  @Field(() => String, { description: 'What programs call it.' })
  code!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => ReleaseStatusEnum, { description: 'How far it is released now.' })
  releaseStatus!: ReleaseStatus;

  @Field(() => ReleaseStatusEnum, {
    nullable: true,
    description: 'What the operator states, which holds where no directive is narrower. For staff.',
  })
  statedStatus!: ReleaseStatus | null;

  @Field(() => ReleaseStatusEnum, {
    nullable: true,
    description: 'What somebody proposed to state instead, which waits for a second person. For staff.',
  })
  proposedStatus!: ReleaseStatus | null;

  @Field(() => String, { nullable: true, description: 'Why that was proposed. For staff.' })
  proposedReason!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who proposed it. For staff.' })
  proposedBy!: Person | null;

  @Field(() => [Wave], {
    description: 'The waves of its rollout, the first first. Partners see those that are confirmed.',
  })
  waves!: readonly Wave[];
  @Field(() => Int, { nullable: true, description: 'In how many minutes access is to be closed. For staff.' })
  closeWithinMinutes!: number | null;

  @Field(() => Int, { nullable: true, description: 'In how many minutes access is to be opened. For staff.' })
  openWithinMinutes!: number | null;

  @Field(() => DateTime, { description: 'When it was first named.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;
}

@InputType({ description: 'The product whose proposed statement is meant.' })
export class ReleaseStatusInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'What the operator shall state of a product’s release.' })
export class ProposeReleaseStatusInput extends ReleaseStatusInput {
  @Field(() => ReleaseStatusEnum, { description: 'How far it shall be released.' })
  status!: ReleaseStatus;

  @Field(() => String, { description: 'Why; for staff.' })
  reason!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class ProductPayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product as it is now; null when nothing was changed.' })
  product?: Product | null;
}
