import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type RiskRating, riskRatings } from '../lifecycle/risk.js';

export const RiskRatingEnum = registeredEnum('RiskRating', 'How staff rate an organization.', riskRatings);
export type { RiskRating };

@ObjectType({ description: 'How risky staff think that an organization is. Staff only.' })
export class OrganizationRisk {
  @Field(() => RiskRatingEnum, { description: 'The rating.' })
  rating!: RiskRating;

  @Field(() => String, { nullable: true, description: 'Why; null when nobody has rated it.' })
  reason!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who rated it last.' })
  ratedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was rated last.' })
  ratedAt!: Date | null;
}

@InputType({ description: 'An organization, and how risky it is.' })
export class SetOrganizationRiskInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => RiskRatingEnum, { description: 'The rating; UNRATED takes it back.' })
  rating!: RiskRating;

  @Field(() => String, { description: 'Why; partners do not see it.' })
  reason!: string;
}
