import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Request } from '../api/request.js';
import { answerWithApplication } from '../applications/application-commanding.js';
import { ApplicationPayload } from '../applications/application-inputs.types.js';
import type { Doorway } from '../doorway/doorway.js';
import { markCheck } from './check.commands.js';
import { appealDecision, countersign, declineToCountersign, proposeDecision } from './decision.commands.js';
import { recommend, recuse } from './review.commands.js';
import {
  AppealDecisionInput,
  CountersignDecisionInput,
  DeclareRecusalInput,
  DeclineToCountersignInput,
  GiveRecommendationInput,
  MarkCheckInput,
  ProposeDecisionInput,
} from './review-inputs.types.js';

@Resolver()
export class ReviewResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Gives or changes your recommendation at the present stage. For reviewers.',
  })
  giveRecommendation(
    @Arg('input', () => GiveRecommendationInput, { description: 'The recommendation.' }) input: GiveRecommendationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const given = {
      ...input,
      conditions: input.conditions ?? [],
      role: input.role ?? null,
      scores: input.scores ?? [],
    };
    return answerWithApplication(this.#doorway, recommend, given, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Marks a check of the present stage as passed or failed. For the roles that the check names.',
  })
  markCheck(
    @Arg('input', () => MarkCheckInput, { description: 'The check, and what came of it.' }) input: MarkCheckInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, markCheck, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Declares that you cannot judge this organization. For staff who review.',
  })
  declareRecusal(
    @Arg('input', () => DeclareRecusalInput, { description: 'The recusal.' }) input: DeclareRecusalInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, recuse, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Proposes how to decide; another decider must countersign. For deciders.',
  })
  proposeDecision(
    @Arg('input', () => ProposeDecisionInput, { description: 'The decision.' }) input: ProposeDecisionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const proposed = { ...input, reasons: input.reasons ?? [], conditions: input.conditions ?? [] };
    return answerWithApplication(this.#doorway, proposeDecision, proposed, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Makes the proposed decision final. For deciders, but not whoever proposed it.',
  })
  countersignDecision(
    @Arg('input', () => CountersignDecisionInput, { description: 'The decision.' }) input: CountersignDecisionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, countersign, input, request, info, { decisionId: 'decision' });
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Sends the proposed decision back. For deciders, but not whoever proposed it.',
  })
  declineToCountersign(
    @Arg('input', () => DeclineToCountersignInput, { description: 'The decision, and why.' })
    input: DeclineToCountersignInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, declineToCountersign, input, request, info, { decisionId: 'decision' });
  }

  @Mutation(() => ApplicationPayload, { description: 'Appeals against a refusal, once and in time. For owners.' })
  appealDecision(
    @Arg('input', () => AppealDecisionInput, { description: 'The appeal.' }) input: AppealDecisionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, appealDecision, input, request, info);
  }
}
