import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Request } from '../api/request.js';
import { answerWithApplication } from '../applications/application-commanding.js';
import { ApplicationPayload } from '../applications/application-inputs.types.js';
import type { Doorway } from '../doorway/doorway.js';
import { markCheck } from './check.commands.js';
import { appealDecision, countersign, declineToCountersign, proposeDecision } from './decision.commands.js';
import { acceptIntentToRefuse, answerIntentToRefuse, rescindIntentToRefuse } from './intent.commands.js';
import { recommend, recuse } from './review.commands.js';
import {
  AcceptIntentToRefuseInput,
  AnswerIntentToRefuseInput,
  AppealDecisionInput,
  CountersignDecisionInput,
  DeclareRecusalInput,
  DeclineToCountersignInput,
  GiveRecommendationInput,
  MarkCheckInput,
  ProposeDecisionInput,
  RescindIntentToRefuseInput,
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
    description: 'Proposes how to decide; another decider must countersign, or two, as the program says. For deciders.',
  })
  proposeDecision(
    @Arg('input', () => ProposeDecisionInput, { description: 'The decision.' }) input: ProposeDecisionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const proposed = {
      ...input,
      reasons: input.reasons ?? [],
      conditions: input.conditions ?? [],
      reasonCodes: input.reasonCodes ?? [],
      conditionCodes: input.conditionCodes ?? [],
    };
    return answerWithApplication(this.#doorway, proposeDecision, proposed, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Countersigns the proposed decision. The last countersignature that it needs makes it final, or announces the refusal. For deciders, but not whoever proposed it or countersigned it before.',
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

  @Mutation(() => ApplicationPayload, {
    description: 'Answers the intent to refuse, once; the application is decided anew. For owners and applicants.',
  })
  answerIntentToRefuse(
    @Arg('input', () => AnswerIntentToRefuseInput, { description: 'The answer.' }) input: AnswerIntentToRefuseInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, answerIntentToRefuse, input, request, info, { intentId: 'intent' });
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Waives the time to answer the intent to refuse, so that the refusal is final now. For owners.',
  })
  acceptIntentToRefuse(
    @Arg('input', () => AcceptIntentToRefuseInput, { description: 'The intent.' }) input: AcceptIntentToRefuseInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, acceptIntentToRefuse, input, request, info, { intentId: 'intent' });
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Takes the intent to refuse back; the application is in review again. For program managers.',
  })
  rescindIntentToRefuse(
    @Arg('input', () => RescindIntentToRefuseInput, { description: 'The intent, and why.' })
    input: RescindIntentToRefuseInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, rescindIntentToRefuse, input, request, info, { intentId: 'intent' });
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
