import { defaultFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import { DateTime } from '../api/scalars.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeId } from '../platform/ids.js';
import { confirmReleaseStatus, declineReleaseStatus, proposeReleaseStatus } from './product.commands.js';
import { productById, productReads } from './product.queries.js';
import {
  Product,
  ProductPayload,
  ProductPermission,
  ProposeReleaseStatusInput,
  ReleaseStatusInput,
} from './product.types.js';

@Resolver(() => Product)
export class ProductResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => Product, { nullable: true, description: 'The product with this code; null when there is none.' })
  product(
    @Arg('code', () => String, { description: 'What programs call it.' }) _code: string,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireIdentified(request.actor);
    return request.reading.field(productReads.product, info);
  }

  @Query(() => [Product], { description: 'The products that programs release, oldest first.' })
  products(@Ctx() request: Request, @Info() info: GraphQLResolveInfo) {
    requireIdentified(request.actor);
    return request.reading.field(productReads.products, info);
  }

  @FieldResolver(() => ProductPermission, {
    nullable: true,
    description: 'What is permitted of it at a moment, explained clause by clause. For staff; null for others.',
  })
  permission(
    @Root() product: Product,
    @Arg('at', () => DateTime, { nullable: true, description: 'The moment; now when not said.' }) at:
      | Date
      | null
      | undefined,
    @Arg('knownAt', () => DateTime, {
      nullable: true,
      description: 'Counts only what was in force here by this moment, to show what was known then.',
    })
    knownAt: Date | null | undefined,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(product, { at, knownAt }, request, info);
  }

  @Mutation(() => ProductPayload, {
    description:
      'Proposes what the operator states of a product’s release, where no directive binds it. For program managers.',
  })
  proposeReleaseStatus(
    @Arg('input', () => ProposeReleaseStatusInput, { description: 'The product, and what to state.' })
    input: ProposeReleaseStatusInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(proposeReleaseStatus, input, request, info);
  }

  @Mutation(() => ProductPayload, {
    description: 'Confirms what another program manager proposed to state. For program managers.',
  })
  confirmReleaseStatus(
    @Arg('input', () => ReleaseStatusInput, { description: 'The product.' }) input: ReleaseStatusInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(confirmReleaseStatus, input, request, info);
  }

  @Mutation(() => ProductPayload, { description: 'Drops the proposed statement. For program managers.' })
  declineReleaseStatus(
    @Arg('input', () => ReleaseStatusInput, { description: 'The product.' }) input: ReleaseStatusInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(declineReleaseStatus, input, request, info);
  }

  #give<Input extends { readonly productId: string }>(
    command: Command<Input, { readonly productId: string }>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(productById, info, 'product');
      const productId = decodeId('product', input.productId, ['productId']);
      await this.#doorway.execute(command, { ...input, productId }, request.command);
      return { product: await request.reading.object(productById, productId, info, 'product') };
    });
  }
}
