import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../api/scalars.js';
import type { ReleaseStatus } from '../lifecycle/release.js';
import { ReleaseStatusEnum } from '../products/product.types.js';

@ObjectType({ description: 'How far a product is released, and would be.' })
export class ForeseenRelease {
  @Field(() => String, { description: 'The code of the product.' })
  code!: string;

  @Field(() => ReleaseStatusEnum, { description: 'How far it is released without the directive.' })
  before!: ReleaseStatus;

  @Field(() => ReleaseStatusEnum, { description: 'How far it would be released with it.' })
  after!: ReleaseStatus;
}

@ObjectType({
  description:
    'Whom a directive hits if it is put in force. Computed as it is computed afterwards, for now, or for when it takes effect.',
})
export class DirectivePreview {
  @Field(() => DateTime, { description: 'The moment it is computed for.' })
  at!: Date;

  @Field(() => [ForeseenRelease], { description: 'The products that the directive is about.' })
  products!: readonly ForeseenRelease[];

  suspended!: readonly string[];
  permittedAgain!: readonly string[];
  letIn!: readonly string[];
  conditionsAdded!: readonly string[];
  organizationsIn!: readonly string[];
  organizationsOut!: readonly string[];
}
