import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import {
  CreateApiKeyInput,
  CreateApiKeyPayload,
  RevokeApiKeyInput,
  RevokeApiKeyPayload,
} from './administration.types.js';
import { createApiKey, revokeApiKey } from './api-key.commands.js';
import { apiKeyById, apiKeysOfOwner, maySeeKeys } from './identity.queries.js';
import { ApiKey } from './identity.types.js';

@Resolver()
export class ApiKeyResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => [ApiKey], {
    nullable: true,
    description:
      'API keys, newest first, revoked ones included. For the organization’s owners, administrators and auditors; null for others.',
  })
  apiKeys(
    @Arg('organizationId', () => ID, {
      nullable: true,
      description: 'Whose keys; left out for the keys of the operator.',
    })
    organizationId: string | null | undefined,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireIdentified(request.actor);
    const owner = decodeGivenId('organization', organizationId, ['organizationId']);
    return maySeeKeys(request.actor, owner) ? request.reading.field(apiKeysOfOwner, info) : null;
  }

  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes an API key. For the organization’s owners; for the operator’s keys, administrators.',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key to make.' }) input: CreateApiKeyInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(apiKeyById, info, 'apiKey');
      const organizationId = decodeGivenId('organization', input.organizationId, ['organizationId']);
      const { name, scopes, expiresAt = null } = input;
      const command = { organizationId, name, scopes, expiresAt };
      const { apiKeyId, key } = await this.#doorway.execute(createApiKey, command, request.command);
      return { apiKey: await read(request, info, apiKeyId), key };
    });
  }

  @Mutation(() => RevokeApiKeyPayload, {
    description: 'Revokes an API key; from the next request on it opens nothing. For whoever may make such keys.',
  })
  revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'The key to revoke.' }) input: RevokeApiKeyInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(apiKeyById, info, 'apiKey');
      const apiKeyId = decodeId('apikey', input.apiKeyId, ['apiKeyId']);
      await this.#doorway.execute(revokeApiKey, { apiKeyId }, request.command);
      return { apiKey: await read(request, info, apiKeyId) };
    });
  }
}

function read(request: Request, info: GraphQLResolveInfo, apiKeyId: string) {
  return request.reading.object(apiKeyById, apiKeyId, info, 'apiKey');
}
