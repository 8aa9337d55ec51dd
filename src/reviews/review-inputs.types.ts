import { Field, ID, InputType, Int } from 'type-graphql';
import { StaffRoleEnum } from '../api/role-enums.js';
import { ApplicationCommandInput } from '../applications/application-inputs.types.js';
import type { StaffRole } from '../lifecycle/roles.js';
import { CheckOutcomeEnum } from './check.types.js';
import { DecisionOutcomeEnum } from './decision.types.js';
import type { CheckOutcome, DecisionOutcome, RecommendationKind } from './review.entity.js';
import { RecommendationKindEnum } from './review.types.js';

@InputType({ description: 'A score for a criterion of the present stage.' })
export class CriterionScoreInput {
  @Field(() => String, { description: 'The key of the criterion.' })
  criterion!: string;

  @Field(() => Int, { description: 'From 0 to the scale of the criterion.' })
  score!: number;
}

@InputType({ description: 'A recommendation.' })
export class GiveRecommendationInput extends ApplicationCommandInput {
  @Field(() => RecommendationKindEnum, { description: 'What you recommend.' })
  kind!: RecommendationKind;

  @Field(() => String, { description: 'Why. Partners never see it.' })
  comment!: string;

  @Field(() => [String], { nullable: true, description: 'The conditions, with APPROVE_WITH_CONDITIONS only.' })
  conditions?: string[] | null;

  @Field(() => StaffRoleEnum, {
    nullable: true,
    description:
      'The role in which you recommend, when the stage asks for several that you hold; one that is lacking when not given.',
  })
  role?: StaffRole | null;

  @Field(() => [CriterionScoreInput], {
    nullable: true,
    description:
      'A score for each criterion of the stage, if it has a scorecard. With NO_OPINION the scorecard can be left out.',
  })
  scores?: CriterionScoreInput[] | null;
}

@InputType({ description: 'What came of a check.' })
export class MarkCheckInput extends ApplicationCommandInput {
  @Field(() => String, { description: 'The key of a check of the present stage.' })
  check!: string;

  @Field(() => CheckOutcomeEnum, { description: 'What came of it.' })
  outcome!: CheckOutcome;

  @Field(() => String, { description: 'What was looked into, and how. Partners never see it.' })
  note!: string;
}

@InputType({ description: 'A recusal.' })
export class DeclareRecusalInput extends ApplicationCommandInput {
  @Field(() => String, { description: 'Why you cannot judge this organization. Partners never see it.' })
  reason!: string;
}

@InputType({ description: 'A decision to propose.' })
export class ProposeDecisionInput extends ApplicationCommandInput {
  @Field(() => DecisionOutcomeEnum, { description: 'How to decide.' })
  outcome!: DecisionOutcome;

  @Field(() => [String], {
    nullable: true,
    description: 'Why, for the partner, in your words; with REFUSE at least one, be it here or from the library.',
  })
  reasons?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Why, by codes of the library (`standardTexts`), with REFUSE only. The partner reads these first.',
  })
  reasonCodes?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The conditions, in your words, with APPROVE_WITH_CONDITIONS only.',
  })
  conditions?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Conditions by codes of the library (`standardTexts`). The partner reads these first.',
  })
  conditionCodes?: string[] | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Approve in principle: while the product’s release does not permit it, it can be countersigned all the same, and the grant waits until the release does. With an approval of a new application only.',
  })
  inPrinciple!: boolean;

  @Field(() => String, { nullable: true, description: 'A note for staff. Partners never see it.' })
  internalNote?: string | null;
}

@InputType({ description: 'A proposed decision to countersign.' })
export class CountersignDecisionInput extends ApplicationCommandInput {
  @Field(() => ID, { description: 'The decision that you have read and agree with.' })
  decisionId!: string;
}

@InputType({ description: 'A proposed decision to send back.' })
export class DeclineToCountersignInput extends CountersignDecisionInput {
  @Field(() => String, { description: 'Why. Partners never see it.' })
  reason!: string;
}

@InputType({ description: 'An intent to refuse that one does not want to wait for.' })
export class AcceptIntentToRefuseInput extends ApplicationCommandInput {
  @Field(() => ID, { description: 'The intent that is open.' })
  intentId!: string;
}

@InputType({ description: 'An answer to an intent to refuse.' })
export class AnswerIntentToRefuseInput extends AcceptIntentToRefuseInput {
  @Field(() => String, {
    description: 'What you say to the reasons, at most 8000 characters. Upload documents before you answer.',
  })
  response!: string;
}

@InputType({ description: 'An intent to refuse to take back.' })
export class RescindIntentToRefuseInput extends AcceptIntentToRefuseInput {
  @Field(() => String, { description: 'Why; the partner sees it.' })
  reason!: string;
}

@InputType({ description: 'An appeal.' })
export class AppealDecisionInput extends ApplicationCommandInput {
  @Field(() => String, { description: 'Why the refusal should be changed.' })
  grounds!: string;
}
