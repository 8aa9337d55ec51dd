import { Field, ID, Int, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { type RuleOutcome, ruleOutcomes } from '../lifecycle/routing.js';

const outcomes = registeredEnum('RoutingRuleOutcome', 'What became of a routing rule.', ruleOutcomes);

@ObjectType({ description: 'A condition of a routing rule, and what was found.' })
export class RoutingClause {
  @Field(() => String, { description: 'What must hold, in words.' })
  asked!: string;

  @Field(() => String, { description: 'What was found.' })
  found!: string;

  @Field(() => Boolean, { description: 'Whether it holds.' })
  holds!: boolean;
}

@ObjectType({ description: 'What became of a routing rule, and why.' })
export class RoutingRuleVerdict {
  @Field(() => String, { description: 'The rule, by its key.' })
  key!: string;

  @Field(() => String, { description: 'What people call the rule.' })
  name!: string;

  @Field(() => outcomes, { description: 'What became of it.' })
  outcome!: RuleOutcome;

  @Field(() => [RoutingClause], { description: 'Its conditions, one by one; none when it is about other stages.' })
  clauses!: readonly RoutingClause[];
}

@ObjectType({ description: 'Somebody whom a routing rule could give an application to.' })
export class RoutingCandidate {
  @Field(() => ID, { description: 'The member of staff.' })
  staffId!: string;

  @Field(() => String, { description: 'The person’s name.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether the person only steps in when the others cannot.' })
  isFallback!: boolean;

  @Field(() => Boolean, { description: 'Whether it is this person who would be given the application.' })
  isChosen!: boolean;

  @Field(() => String, { nullable: true, description: 'Why the person cannot take it now; null when they can.' })
  against!: string | null;

  @Field(() => Int, { description: 'How many other applications they have in hand.' })
  inHand!: number;

  @Field(() => DateTime, { nullable: true, description: 'When they were last given one; null when never.' })
  lastAssignedAt!: Date | null;
}

@ObjectType({ description: 'Where an application would go if it entered a stage now, and why. Nothing was changed.' })
export class RoutingPreview {
  @Field(() => String, { description: 'The queue it would go to.' })
  queue!: string;

  @Field(() => String, { nullable: true, description: 'The key of the rule that decides; null when none does.' })
  rule!: string | null;

  @Field(() => String, { description: 'All of it in a few sentences.' })
  explanation!: string;

  @Field(() => [RoutingRuleVerdict], { description: 'Every rule of the workflow, in order, and what became of it.' })
  rules!: readonly RoutingRuleVerdict[];

  @Field(() => [RoutingCandidate], { description: 'Whom the rule names; nobody when it gives it to nobody.' })
  candidates!: readonly RoutingCandidate[];

  @Field(() => [String], { description: 'Keys of the flags that would be raised, unless they are up already.' })
  flags!: readonly string[];
}
