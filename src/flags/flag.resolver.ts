import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { lowerFlag, raiseFlag } from './flag.commands.js';
import { flagById, flagDefinitionById, flagReads } from './flag.queries.js';
import {
  CreateFlagDefinitionInput,
  FlagDefinition,
  FlagDefinitionPayload,
  FlagPayload,
  LowerFlagInput,
  RaiseFlagInput,
  UpdateFlagDefinitionInput,
} from './flag.types.js';
import { createFlagDefinition, updateFlagDefinition } from './flag-definition.commands.js';

@Resolver()
export class FlagResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => [FlagDefinition], {
    nullable: true,
    description: 'The flags that can be raised, and those that could, oldest first. For staff; null for others.',
  })
  flagDefinitions(@Ctx() request: Request, @Info() info: GraphQLResolveInfo) {
    requireIdentified(request.actor);
    return request.reading.field(flagReads.flagDefinitions, info);
  }

  @Mutation(() => FlagDefinitionPayload, {
    description: 'Defines a flag that staff and routing rules can raise. For program managers and administrators.',
  })
  createFlagDefinition(
    @Arg('input', () => CreateFlagDefinitionInput, { description: 'The flag.' }) input: CreateFlagDefinitionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(flagDefinitionById, info, 'flagDefinition');
      const { flagDefinitionId } = await this.#doorway.execute(createFlagDefinition, input, request.command);
      return { flagDefinition: await readDefinition(request, info, flagDefinitionId) };
    });
  }

  @Mutation(() => FlagDefinitionPayload, {
    description:
      'Changes what a flag is called and means, wherever it is up, or retires it. For program managers and administrators.',
  })
  updateFlagDefinition(
    @Arg('input', () => UpdateFlagDefinitionInput, { description: 'The flag as it shall be.' })
    input: UpdateFlagDefinitionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(flagDefinitionById, info, 'flagDefinition');
      const flagDefinitionId = decodeId('flagdefinition', input.flagDefinitionId, ['flagDefinitionId']);
      await this.#doorway.execute(updateFlagDefinition, { ...input, flagDefinitionId }, request.command);
      return { flagDefinition: await readDefinition(request, info, flagDefinitionId) };
    });
  }

  @Mutation(() => FlagPayload, {
    description:
      'Raises a flag on an organization or a submitted application. For intake, reviewers, deciders and program managers.',
  })
  raiseFlag(
    @Arg('input', () => RaiseFlagInput, { description: 'Which flag, on what, and why.' }) input: RaiseFlagInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(flagById, info, 'flag');
      const place = {
        organizationId: decodeGivenId('organization', input.organizationId, ['organizationId']),
        applicationId: decodeGivenId('application', input.applicationId, ['applicationId']),
      };
      const { flag, reason, expiresAt = null } = input;
      const { flagId } = await this.#doorway.execute(raiseFlag, { flag, reason, expiresAt, ...place }, request.command);
      return { flag: await request.reading.object(flagById, flagId, info, 'flag') };
    });
  }

  @Mutation(() => FlagPayload, {
    description: 'Lowers a flag. For intake, reviewers, deciders and program managers.',
  })
  lowerFlag(
    @Arg('input', () => LowerFlagInput, { description: 'Which flag, and why.' }) input: LowerFlagInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(flagById, info, 'flag');
      const flagId = decodeId('flag', input.flagId, ['flagId']);
      await this.#doorway.execute(lowerFlag, { flagId, reason: input.reason }, request.command);
      return { flag: await request.reading.object(flagById, flagId, info, 'flag') };
    });
  }
}

function readDefinition(request: Request, info: GraphQLResolveInfo, id: string) {
  return request.reading.object(flagDefinitionById, id, info, 'flagDefinition');
}
