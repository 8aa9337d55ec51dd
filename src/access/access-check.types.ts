import { Field, ID, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import {
  type AccessDecision,
  type AccessReasonCode,
  accessDecisions,
  accessReasons,
  allAccessReasonCodes,
} from '../lifecycle/access.js';

const decisions = registeredEnum('AccessDecision', 'Whether a product may be used.', accessDecisions);

const codes = registeredEnum(
  'AccessReasonCode',
  'Why a product may not be used.',
  Object.fromEntries(allAccessReasonCodes.map((code) => [code, accessReasons[code].means])) as {
    readonly [Code in AccessReasonCode]: string;
  },
);

@ObjectType({ description: 'One reason why a product may not be used.' })
export class AccessReason {
  @Field(() => codes, { description: 'Which one.' })
  code!: AccessReasonCode;

  @Field(() => String, { description: 'The same for people.' })
  message!: string;

  @Field(() => String, { description: 'What would mend it.' })
  mendedBy!: string;

  @Field(() => String, { nullable: true, description: 'The authority whose order it is. For staff; null for others.' })
  authority!: string | null;

  @Field(() => ID, { nullable: true, description: 'The directive that orders it. For staff; null for others.' })
  directiveId!: string | null;
}

@ObjectType({
  description:
    'Something that the operator states and signs: a JSON Web Token, which others check with the keys at `/.well-known/jwks.json`.',
})
export class SignedStatement {
  @Field(() => String, { description: 'The token.' })
  token!: string;

  @Field(() => String, { description: 'Which of the keys it is signed with: the `kid` of its head.' })
  keyId!: string;

  @Field(() => DateTime, { description: 'Until when it can be relied on.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'Whether an organization may use a product now, and every reason why it may not.' })
export class AccessCheck {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => String, { description: 'The code of the product.' })
  productCode!: string;

  @Field(() => ID, { nullable: true, description: 'The named user; null when nobody in particular was asked about.' })
  userId!: string | null;

  @Field(() => decisions, { description: 'May it be used?' })
  decision!: AccessDecision;

  @Field(() => [AccessReason], { description: 'Every reason why not; none when it may be used.' })
  reasons!: readonly AccessReason[];

  @Field(() => ID, {
    nullable: true,
    description: 'The grant that lets in, or that comes nearest to it; null when there is none.',
  })
  grantId!: string | null;

  @Field(() => String, { nullable: true, description: 'The reference of that grant, as people quote it.' })
  grantReference!: string | null;

  @Field(() => DateTime, { description: 'The moment that this is about.' })
  checkedAt!: Date;
}
