import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import {
  type AdjudicationResult,
  confirmAdjudication,
  declineAdjudication,
  proposeAdjudication,
} from './adjudication.commands.js';
import type { Screener } from './screener.js';
import { screeningHitById, screeningReads, screeningRunById } from './screening.queries.js';
import { ScreeningHit, ScreeningHitConnection } from './screening.types.js';
import {
  ConfirmAdjudicationInput,
  DeclineAdjudicationInput,
  ProposeAdjudicationInput,
  ScreeningHitFilterInput,
  ScreeningHitPayload,
  ScreeningRunPayload,
  ScreenOrganizationInput,
} from './screening-inputs.types.js';
import { screeningLists } from './screening-list.queries.js';
import { ScreeningList } from './screening-list.types.js';
import { OrganizationScreening, ScreeningRunConnection } from './screening-run.types.js';

@Resolver(() => OrganizationScreening)
export class ScreeningResolver {
  readonly #doorway: Doorway;
  readonly #screener: Screener;

  constructor(doorway: Doorway, screener: Screener) {
    this.#doorway = doorway;
    this.#screener = screener;
  }

  @Query(() => [ScreeningList], { description: 'The screening lists. Staff only; empty for everybody else.' })
  screeningLists(@Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.field(screeningLists, info);
  }

  @Query(() => ScreeningHit, {
    nullable: true,
    description: 'A screening hit; null when there is none that you may see. Staff only.',
  })
  screeningHit(
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(screeningReads.screeningHit, info);
  }

  @Query(() => ScreeningHitConnection, {
    description: 'Screening hits, newest first. Staff only; empty for everybody else.',
  })
  screeningHits(
    @Arg('filter', () => ScreeningHitFilterInput, { nullable: true, description: 'Which of them.' })
    _filter: ScreeningHitFilterInput | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(screeningReads.screeningHits, info);
  }

  @FieldResolver(() => ScreeningRunConnection, { description: 'Its screenings, latest first.' })
  runs(
    @Root() screening: OrganizationScreening,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(screening, { ...page }, request, info);
  }

  @Mutation(() => ScreeningRunPayload, {
    description:
      'Screens an organization and its members against every list in force, now. For intake, reviewers and program managers.',
  })
  screenOrganization(
    @Arg('input', () => ScreenOrganizationInput, { description: 'The organization.' }) input: ScreenOrganizationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(screeningRunById, info, 'run');
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      const { runId } = await this.#screener.screen(organizationId, 'MANUAL', request.command);
      return { run: await request.reading.object(screeningRunById, runId, info, 'run') };
    });
  }

  @Mutation(() => ScreeningHitPayload, {
    description: 'Proposes how to judge a hit; another person must confirm. For intake and reviewers.',
  })
  proposeAdjudication(
    @Arg('input', () => ProposeAdjudicationInput, { description: 'The hit, and what it is.' })
    input: ProposeAdjudicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(proposeAdjudication, input, request, info);
  }

  @Mutation(() => ScreeningHitPayload, {
    description: 'Makes a proposed judgement the hit’s. For intake and reviewers, but not whoever proposed it.',
  })
  confirmAdjudication(
    @Arg('input', () => ConfirmAdjudicationInput, { description: 'The judgement.' }) input: ConfirmAdjudicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(confirmAdjudication, input, request, info);
  }

  @Mutation(() => ScreeningHitPayload, {
    description: 'Sends a proposed judgement back. For intake and reviewers, but not whoever proposed it.',
  })
  declineAdjudication(
    @Arg('input', () => DeclineAdjudicationInput, { description: 'The judgement, and why.' })
    input: DeclineAdjudicationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(declineAdjudication, input, request, info);
  }

  #answer<Input extends { readonly hitId: string; readonly adjudicationId?: string }>(
    command: Command<Input, AdjudicationResult>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(screeningHitById, info, 'hit');
      const hitId = decodeId('screeninghit', input.hitId, ['hitId']);
      const { adjudicationId } = input;
      const other = adjudicationId && { adjudicationId: decodeId('adjudication', adjudicationId, ['adjudicationId']) };
      await this.#doorway.execute(command, { ...input, hitId, ...other }, request.command);
      return { hit: await request.reading.object(screeningHitById, hitId, info, 'hit') };
    });
  }
}
