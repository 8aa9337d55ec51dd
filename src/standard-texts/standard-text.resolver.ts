import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import type { StandardTextKind } from '../lifecycle/standard-texts.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { createStandardText, publishStandardTextVersion, setStandardTextInUse } from './standard-text.commands.js';
import { standardTextById, standardTextReads } from './standard-text.queries.js';
import {
  CreateStandardTextInput,
  PublishStandardTextVersionInput,
  SetStandardTextInUseInput,
  StandardTextConnection,
  StandardTextKindEnum,
  StandardTextPayload,
} from './standard-text.types.js';

@Resolver()
export class StandardTextResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => StandardTextConnection, {
    description: 'The standard conditions and reasons for refusal, newest first. For staff; empty for others.',
  })
  standardTexts(
    @Arg('kind', () => StandardTextKindEnum, { nullable: true, description: 'Only those for this.' })
    _kind: StandardTextKind | null | undefined,
    @Arg('programId', () => ID, {
      nullable: true,
      description: 'Only those that decisions on applications to this program can take: its own, and those for all.',
    })
    _programId: string | null | undefined,
    @Arg('withRetired', () => Boolean, { defaultValue: false, description: 'Those that were retired, too.' })
    _withRetired: boolean,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { actor, reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireIdentified(actor);
    return reading.field(standardTextReads.standardTexts, info);
  }

  @Mutation(() => StandardTextPayload, {
    description: 'Puts a condition or a reason for refusal into the library. For program managers.',
  })
  createStandardText(
    @Arg('input', () => CreateStandardTextInput, { description: 'The text.' }) input: CreateStandardTextInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const programId = decodeGivenId('program', input.programId, ['programId']);
      return this.#doorway.execute(createStandardText, { ...input, programId }, request.command);
    });
  }

  @Mutation(() => StandardTextPayload, {
    description:
      'Says it in other words from now on; decisions keep the words that they took over. For program managers.',
  })
  publishStandardTextVersion(
    @Arg('input', () => PublishStandardTextVersionInput, { description: 'The text, and what it says.' })
    input: PublishStandardTextVersionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const standardTextId = decodeId('standardtext', input.standardTextId, ['standardTextId']);
      return this.#doorway.execute(publishStandardTextVersion, { ...input, standardTextId }, request.command);
    });
  }

  @Mutation(() => StandardTextPayload, {
    description: 'Retires a text, so that no proposal takes it, or takes it into use again. For program managers.',
  })
  setStandardTextInUse(
    @Arg('input', () => SetStandardTextInUseInput, { description: 'The text, and whether it is used.' })
    input: SetStandardTextInUseInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const standardTextId = decodeId('standardtext', input.standardTextId, ['standardTextId']);
      return this.#doorway.execute(setStandardTextInUse, { ...input, standardTextId }, request.command);
    });
  }

  #answer(request: Request, info: GraphQLResolveInfo, change: () => Promise<{ readonly standardTextId: string }>) {
    return answer(async () => {
      request.reading.check(standardTextById, info, 'standardText');
      const { standardTextId } = await change();
      return { standardText: await request.reading.object(standardTextById, standardTextId, info, 'standardText') };
    });
  }
}
