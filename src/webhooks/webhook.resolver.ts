import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { EventType, eventTypes } from './event-catalogue.types.js';
import { webhookDeliveryById, webhookEndpointById, webhookEndpointsOfOwner } from './webhook.queries.js';
import {
  CreateWebhookEndpointInput,
  CreateWebhookEndpointPayload,
  PingWebhookEndpointInput,
  PingWebhookEndpointPayload,
  RemoveWebhookEndpointInput,
  RemoveWebhookEndpointPayload,
  ReplayWebhookDeliveryInput,
  ReplayWebhookDeliveryPayload,
  RotateWebhookSecretInput,
  RotateWebhookSecretPayload,
  UpdateWebhookEndpointInput,
  UpdateWebhookEndpointPayload,
  WebhookDeliveriesArgs,
  WebhookDeliveryConnection,
  WebhookEndpoint,
  type WebhookEndpointCommandInput,
} from './webhook.types.js';
import type { Webhooks } from './webhooks.js';

@Resolver(() => WebhookEndpoint)
export class WebhookResolver {
  readonly #webhooks: Webhooks;

  constructor(webhooks: Webhooks) {
    this.#webhooks = webhooks;
  }

  @Query(() => [EventType], { description: 'Every kind of event that webhook endpoints can be sent.' })
  eventCatalogue(): EventType[] {
    return eventTypes();
  }

  @Query(() => [WebhookEndpoint], {
    description:
      'The webhook endpoints of an organization, or the operator’s own. For owners of the organization, and for administrators and auditors; empty for others.',
  })
  webhookEndpoints(
    @Arg('organizationId', () => ID, {
      nullable: true,
      description: 'The organization; without it, the operator’s own endpoints.',
    })
    _organizationId: string | null | undefined,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireIdentified(request.actor);
    return request.reading.field(webhookEndpointsOfOwner, info);
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'What it was sent, the newest events first, as far back as the operator keeps it.',
  })
  deliveries(
    @Root() endpoint: WebhookEndpoint,
    @Args(() => WebhookDeliveriesArgs) args: WebhookDeliveriesArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(endpoint, { ...args }, request, info);
  }

  @Mutation(() => CreateWebhookEndpointPayload, {
    description: 'Registers an endpoint and answers its secret, once. For owners; the operator’s, for administrators.',
  })
  createWebhookEndpoint(
    @Arg('input', () => CreateWebhookEndpointInput, { description: 'The endpoint.' })
    { organizationId, url, description, eventTypes: types }: CreateWebhookEndpointInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(webhookEndpointById, info, 'webhookEndpoint');
      const owner = organizationIdOf(organizationId);
      const endpoint = { organizationId: owner, url, description: description ?? '', eventTypes: types ?? [] };
      const { endpointId, secret } = await this.#webhooks.create(endpoint, request.command);
      return { ...(await this.#endpoint(request, info, endpointId)), secret };
    });
  }

  @Mutation(() => UpdateWebhookEndpointPayload, {
    description: 'Changes, enables or disables an endpoint. For owners; the operator’s, for administrators.',
  })
  updateWebhookEndpoint(
    @Arg('input', () => UpdateWebhookEndpointInput, { description: 'What to change.' })
    input: UpdateWebhookEndpointInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(webhookEndpointById, info, 'webhookEndpoint');
      const { url = null, description = null, eventTypes: types = null, enabled = null } = input;
      const change = { ...which(input), url, description, eventTypes: types, enabled };
      const { endpointId } = await this.#webhooks.update(change, request.command);
      return this.#endpoint(request, info, endpointId);
    });
  }

  @Mutation(() => RotateWebhookSecretPayload, {
    description:
      'Gives an endpoint a new secret and answers it, once. For 24 hours messages are signed with the one before, too.',
  })
  rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput, { description: 'The endpoint.' }) input: RotateWebhookSecretInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(webhookEndpointById, info, 'webhookEndpoint');
      const { endpointId, secret } = await this.#webhooks.rotateSecret(which(input), request.command);
      return { ...(await this.#endpoint(request, info, endpointId)), secret };
    });
  }

  @Mutation(() => RemoveWebhookEndpointPayload, {
    description: 'Removes an endpoint for good and cancels what is on its way to it.',
  })
  removeWebhookEndpoint(
    @Arg('input', () => RemoveWebhookEndpointInput, { description: 'The endpoint.' }) input: RemoveWebhookEndpointInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(webhookEndpointById, info, 'webhookEndpoint');
      const { endpointId } = await this.#webhooks.remove(which(input), request.command);
      return this.#endpoint(request, info, endpointId);
    });
  }

  @Mutation(() => PingWebhookEndpointPayload, {
    description: 'Sends an endpoint a trial message, `webhook_endpoint.pinged`, whatever event types it asks for.',
  })
  pingWebhookEndpoint(
    @Arg('input', () => PingWebhookEndpointInput, { description: 'The endpoint.' }) input: PingWebhookEndpointInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(webhookEndpointById, info, 'webhookEndpoint');
      const { endpointId } = await this.#webhooks.ping(which(input), request.command);
      return this.#endpoint(request, info, endpointId);
    });
  }

  @Mutation(() => ReplayWebhookDeliveryPayload, {
    description: 'Sends a delivery again, now: the same message with the same id, whatever became of it before.',
  })
  replayWebhookDelivery(
    @Arg('input', () => ReplayWebhookDeliveryInput, { description: 'The delivery.' }) input: ReplayWebhookDeliveryInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(webhookDeliveryById, info, 'webhookDelivery');
      const { deliveryId } = await this.#webhooks.replay(
        decodeId('delivery', input.deliveryId, ['deliveryId']),
        request.command,
      );
      return {
        webhookDelivery: await request.reading.object(webhookDeliveryById, deliveryId, info, 'webhookDelivery'),
      };
    });
  }

  async #endpoint(request: Request, info: GraphQLResolveInfo, endpointId: string) {
    return { webhookEndpoint: await request.reading.object(webhookEndpointById, endpointId, info, 'webhookEndpoint') };
  }
}

function organizationIdOf(text: string | null | undefined): string | null {
  return text != null ? decodeId('organization', text, ['organizationId']) : null;
}

function which({ endpointId, expectedVersion }: WebhookEndpointCommandInput) {
  return { endpointId: decodeId('endpoint', endpointId, ['endpointId']), expectedVersion: expectedVersion ?? null };
}
