import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import type { AddressGuard } from './address-guard.js';
import { requireMayManage } from './endpoint-access.js';
import {
  createWebhookEndpoint,
  type EndpointInput,
  pingWebhookEndpoint,
  removeWebhookEndpoint,
  replayWebhookDelivery,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from './webhook.commands.js';

export interface NewEndpoint {
  readonly organizationId: string | null;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
}

export interface EndpointChange extends EndpointInput {
  readonly url: string | null;
  readonly description: string | null;
  readonly eventTypes: readonly string[] | null;
  readonly enabled: boolean | null;
}

/** What can be done about webhooks. Addresses are looked up before the command, never inside its transaction. */
export class Webhooks {
  readonly #doorway: Pick<Doorway, 'execute'>;
  readonly #guard: AddressGuard;
  readonly #sealingKey: Buffer;

  constructor(parts: {
    readonly doorway: Pick<Doorway, 'execute'>;
    readonly guard: AddressGuard;
    readonly sealingKey: Buffer;
  }) {
    this.#doorway = parts.doorway;
    this.#guard = parts.guard;
    this.#sealingKey = parts.sealingKey;
  }

  /** @returns the secret too, which is shown this once */
  async create(input: NewEndpoint, context: CommandContext) {
    requireMayManage(context.actor, input.organizationId);
    const url = await this.#guard.check(input.url, ['url']);
    return this.#doorway.execute(createWebhookEndpoint(this.#sealingKey), { ...input, url }, context);
  }

  async update(input: EndpointChange, context: CommandContext) {
    requireIdentified(context.actor);
    const url = input.url === null ? null : await this.#guard.check(input.url, ['url']);
    return this.#doorway.execute(updateWebhookEndpoint, { ...input, url }, context);
  }

  /** @returns the new secret too, which is shown this once */
  rotateSecret(input: EndpointInput, context: CommandContext) {
    return this.#doorway.execute(rotateWebhookSecret(this.#sealingKey), input, context);
  }

  remove(input: EndpointInput, context: CommandContext) {
    return this.#doorway.execute(removeWebhookEndpoint, input, context);
  }

  ping(input: EndpointInput, context: CommandContext) {
    return this.#doorway.execute(pingWebhookEndpoint, input, context);
  }

  replay(deliveryId: string, context: CommandContext) {
    return this.#doorway.execute(replayWebhookDelivery, { deliveryId }, context);
  }
}
