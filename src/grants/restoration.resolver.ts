import { defaultFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeId } from '../platform/ids.js';
import { GrantConnection } from './grant.types.js';
import { confirmRestoration, planRestoration, stopRestoration } from './restoration.commands.js';
import { restorationById, restorationReads } from './restoration.queries.js';
import {
  PlanRestorationInput,
  Restoration,
  RestorationCommandInput,
  RestorationPayload,
  StopRestorationInput,
} from './restoration.types.js';

@Resolver(() => Restoration)
export class RestorationResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => [Restoration], {
    nullable: true,
    description: 'The restorations of a product, the oldest first. For staff; null for others.',
  })
  restorations(
    @Arg('productCode', () => String, { description: 'What programs call the product.' }) _productCode: string,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireIdentified(request.actor);
    return request.reading.field(restorationReads.restorations, info);
  }

  @FieldResolver(() => GrantConnection, { description: 'The grants that it has restored.' })
  grants(
    @Root() restoration: Restoration,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(restoration, { ...page }, request, info);
  }

  @Mutation(() => RestorationPayload, {
    description:
      'Plans how the grants that a product’s release had shut are let in again, which another person confirms. For program managers.',
  })
  planRestoration(
    @Arg('input', () => PlanRestorationInput, { description: 'The restoration.' }) input: PlanRestorationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(request, info, () =>
      this.#doorway.execute(
        planRestoration,
        {
          productId: decodeId('product', input.productId, ['productId']),
          ordering: input.ordering ?? 'OLDEST_FIRST',
          priority: (input.priorityIds ?? []).map((id, place) =>
            decodeId('organization', id, ['priorityIds', String(place)]),
          ),
          reason: input.reason,
          batches: input.batches.map(({ opensAt, capacityOrganizations, capacitySeats }) => ({
            opensAt,
            organizations: capacityOrganizations ?? null,
            seats: capacitySeats ?? null,
          })),
        },
        request.command,
      ),
    );
  }

  @Mutation(() => RestorationPayload, {
    description: 'Confirms a restoration that another person planned; it begins then. For program managers.',
  })
  confirmRestoration(
    @Arg('input', () => RestorationCommandInput, { description: 'The restoration.' }) input: RestorationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#command(confirmRestoration, input, request, info);
  }

  @Mutation(() => RestorationPayload, {
    description:
      'Stops a restoration, or withdraws one that is only planned. What it restored stands. For program managers.',
  })
  stopRestoration(
    @Arg('input', () => StopRestorationInput, { description: 'The restoration, and why.' }) input: StopRestorationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#command(stopRestoration, input, request, info);
  }

  #command<Input extends RestorationCommandInput>(
    command: Command<Input, { readonly restorationId: string }>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return this.#give(request, info, () => {
      const restorationId = decodeId('restoration', input.restorationId, ['restorationId']);
      return this.#doorway.execute(command, { ...input, restorationId }, request.command);
    });
  }

  #give(request: Request, info: GraphQLResolveInfo, give: () => Promise<{ readonly restorationId: string }>) {
    return answer(async () => {
      request.reading.check(restorationById, info, 'restoration');
      const { restorationId } = await give();
      return { restoration: await request.reading.object(restorationById, restorationId, info, 'restoration') };
    });
  }
}
