import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf, PageArgs } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { type DeliveryStatus, deliveryStatuses, type EndpointStatus, endpointStatuses } from './webhook.entity.js';

const endpointStatusEnum = registeredEnum(
  'WebhookEndpointStatus',
  'Whether an endpoint is sent messages.',
  endpointStatuses,
);

const deliveryStatusEnum = registeredEnum(
  'WebhookDeliveryStatus',
  'What has become of a message on its way to an endpoint.',
  deliveryStatuses,
);

@ObjectType({ description: 'One try at delivering a message, and what came of it.' })
export class WebhookAttempt {
  @Field(() => Int, { description: 'Counts the attempts at this delivery, from 1.' })
  number!: number;

  @Field(() => DateTime, { description: 'When it began.' })
  at!: Date;

  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;

  @Field(() => Int, { nullable: true, description: 'The HTTP status of the answer; null when there was none.' })
  statusCode!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it failed; null when the message was received.' })
  failure!: string | null;

  @Field(() => String, { nullable: true, description: 'The beginning of the answer, at most 500 characters.' })
  responseExcerpt!: string | null;
}

@ObjectType({ implements: Node, description: 'One event on its way to one endpoint.' })
export class WebhookDelivery extends Node {
  @Field(() => ID, { description: 'The event; the same as the header `webhook-id`, at every attempt.' })
  eventId!: string;

  @Field(() => String, { description: 'The event’s type, such as `application.approved`.' })
  event!: string;

  @Field(() => deliveryStatusEnum, { description: 'What has become of it.' })
  status!: DeliveryStatus;

  @Field(() => Int, { description: 'How many attempts have been made.' })
  attemptCount!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it is tried next; null when it is not.' })
  nextAttemptAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was received; null while it is not.' })
  deliveredAt!: Date | null;

  @Field(() => DateTime, { description: 'When it was put on its way.' })
  createdAt!: Date;

  @Field(() => String, { description: 'The body as it is sent, the same characters at every attempt.' })
  body!: string;

  @Field(() => WebhookEndpoint, { description: 'Where it goes.' })
  endpoint!: WebhookEndpoint;

  @Field(() => [WebhookAttempt], { description: 'Every attempt, in order.' })
  attempts!: readonly WebhookAttempt[];
}

@ObjectType({
  implements: Node,
  description: 'Where an organization, or the operator, hears of events by HTTPS. Its secret is never shown again.',
})
export class WebhookEndpoint extends Node {
  @Field(() => String, { description: 'The address that messages are posted to.' })
  url!: string;

  @Field(() => String, { description: 'What the endpoint is for, in its owner’s words.' })
  description!: string;

  @Field(() => [String], { description: 'The event types it is sent; empty for all.' })
  eventTypes!: readonly string[];

  @Field(() => endpointStatusEnum, { description: 'Whether it is sent messages.' })
  status!: EndpointStatus;

  @Field(() => String, { nullable: true, description: 'Why it is disabled; null when it is not.' })
  statusReason!: string | null;

  @Field(() => DateTime, { description: 'When it was registered.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;
}

export const WebhookDeliveryConnection = connectionOf(WebhookDelivery, 'WebhookDelivery', 'webhook deliveries');

@ArgsType()
export class WebhookDeliveriesArgs extends PageArgs {
  @Field(() => deliveryStatusEnum, { nullable: true, description: 'Only deliveries with this status.' })
  status?: DeliveryStatus | null;
}

@InputType({ description: 'An endpoint to register.' })
export class CreateWebhookEndpointInput {
  @Field(() => ID, { nullable: true, description: 'The organization; null for an endpoint of the operator’s own.' })
  organizationId?: string | null;

  @Field(() => String, { description: 'A public https address, on port 443 or 8443.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'What the endpoint is for; at most 200 characters.' })
  description?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The event types to send; none for all. The query `eventCatalogue` lists them.',
  })
  eventTypes?: string[] | null;
}

@InputType({ description: 'An endpoint and what to change about it. What is not given stays as it is.' })
export class UpdateWebhookEndpointInput {
  @Field(() => ID, { description: 'The endpoint.' })
  endpointId!: string;

  @Field(() => String, { nullable: true, description: 'Another public https address.' })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'What the endpoint is for; at most 200 characters.' })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: 'The event types to send; an empty list for all.' })
  eventTypes?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False sends nothing more and cancels what is under way; true sends what happens from now on.',
  })
  enabled?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Refuse with CONFLICT when the endpoint is at another version.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'An endpoint.' })
export class WebhookEndpointCommandInput {
  @Field(() => ID, { description: 'The endpoint.' })
  endpointId!: string;

  @Field(() => Int, { nullable: true, description: 'Refuse with CONFLICT when the endpoint is at another version.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'An endpoint that gets a new secret.' })
export class RotateWebhookSecretInput extends WebhookEndpointCommandInput {}

@InputType({ description: 'An endpoint to remove.' })
export class RemoveWebhookEndpointInput extends WebhookEndpointCommandInput {}

@InputType({ description: 'An endpoint to send a trial message to.' })
export class PingWebhookEndpointInput extends WebhookEndpointCommandInput {}

@InputType({ description: 'A delivery to send again.' })
export class ReplayWebhookDeliveryInput {
  @Field(() => ID, { description: 'The delivery.' })
  deliveryId!: string;
}

/** A payload type whose one object is an endpoint. */
function endpointPayload(name: string) {
  @ObjectType(name, { description: 'What came of the command.' })
  class EndpointPayload extends Payload {
    @Field(() => WebhookEndpoint, {
      nullable: true,
      description: 'The endpoint as it is now; null when nothing was changed.',
    })
    webhookEndpoint?: WebhookEndpoint | null;
  }
  return EndpointPayload;
}

/** The same, with the secret that is shown once. */
function secretPayload(name: string) {
  @ObjectType(name, { description: 'What came of the command.' })
  class SecretPayload extends Payload {
    @Field(() => WebhookEndpoint, {
      nullable: true,
      description: 'The endpoint as it is now; null when nothing was changed.',
    })
    webhookEndpoint?: WebhookEndpoint | null;

    @Field(() => String, {
      nullable: true,
      description: 'The secret that signatures are made with. Keep it now; it is never shown again.',
    })
    secret?: string | null;
  }
  return SecretPayload;
}

export const CreateWebhookEndpointPayload = secretPayload('CreateWebhookEndpointPayload');
export const RotateWebhookSecretPayload = secretPayload('RotateWebhookSecretPayload');
export const UpdateWebhookEndpointPayload = endpointPayload('UpdateWebhookEndpointPayload');
export const RemoveWebhookEndpointPayload = endpointPayload('RemoveWebhookEndpointPayload');
export const PingWebhookEndpointPayload = endpointPayload('PingWebhookEndpointPayload');

@ObjectType({ description: 'What came of the command.' })
export class ReplayWebhookDeliveryPayload extends Payload {
  @Field(() => WebhookDelivery, {
    nullable: true,
    description: 'The delivery, under way again; null when nothing was changed.',
  })
  webhookDelivery?: WebhookDelivery | null;
}
