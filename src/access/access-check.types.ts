import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { describedEnum } from '../api/described-enum.js';
import { DateTime } from '../api/scalars.js';
import {
  type AccessDecision,
  type AccessReasonCode,
  accessDecisions,
  accessReasons,
  allAccessReasonCodes,
} from '../lifecycle/access.js';

const decisions = describedEnum('AccessDecision', 'Whether a product may be used.', accessDecisions);
registerEnumType(decisions.values, decisions.config);

const codes = describedEnum(
  'AccessReasonCode',
  'Why a product may not be used.',
  Object.fromEntries(allAccessReasonCodes.map((code) => [code, accessReasons[code].means])) as {
    readonly [Code in AccessReasonCode]: string;
  },
);
registerEnumType(codes.values, codes.config);

@ObjectType({ description: 'One reason why a product may not be used.' })
export class AccessReason {
  @Field(() => codes.values, { description: 'Which one.' })
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

  @Field(() => decisions.values, { description: 'May it be used?' })
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
