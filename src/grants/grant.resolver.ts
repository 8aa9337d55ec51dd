import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import {
  acknowledgeDeprovisioning,
  acknowledgeProvisioning,
  type GrantResult,
  reinstateGrant,
  revokeGrant,
  surrenderGrant,
  suspendGrant,
} from './grant.commands.js';
import { grantById, grantReads } from './grant.queries.js';
import {
  Grant,
  GrantCommandInput,
  GrantConnection,
  GrantFilterInput,
  GrantPayload,
  ReasonedGrantCommandInput,
  ReinstateGrantInput,
  SurrenderGrantInput,
} from './grant.types.js';

@Resolver()
export class GrantResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => Grant, { nullable: true, description: 'A grant; null when there is none that you may see.' })
  grant(
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(grantReads.grant, info);
  }

  @Query(() => GrantConnection, {
    description:
      'The grants you may see, newest first: your organizations’, or all for staff and provisioning systems.',
  })
  grants(
    @Arg('filter', () => GrantFilterInput, { nullable: true, description: 'Which of them.' })
    _filter: GrantFilterInput | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(grantReads.grants, info);
  }

  @Mutation(() => GrantPayload, {
    description:
      'Says that access was opened in the product; the grant can be used from now on. For provisioning systems.',
  })
  acknowledgeProvisioning(
    @Arg('input', () => GrantCommandInput, { description: 'The grant.' }) input: GrantCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(acknowledgeProvisioning, input, request, info);
  }

  @Mutation(() => GrantPayload, {
    description: 'Says that access was closed in the product. For provisioning systems.',
  })
  acknowledgeDeprovisioning(
    @Arg('input', () => GrantCommandInput, { description: 'The grant.' }) input: GrantCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(acknowledgeDeprovisioning, input, request, info);
  }

  @Mutation(() => GrantPayload, {
    description: 'Stops a grant at once. For program managers and administrators.',
  })
  suspendGrant(
    @Arg('input', () => ReasonedGrantCommandInput, { description: 'The grant, and why.' })
    input: ReasonedGrantCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(suspendGrant, input, request, info);
  }

  @Mutation(() => GrantPayload, {
    description:
      'Lets a suspended grant be used again. For program managers and administrators, but not whoever suspended it.',
  })
  reinstateGrant(
    @Arg('input', () => ReinstateGrantInput, { description: 'The grant, and why.' }) input: ReinstateGrantInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(reinstateGrant, input, request, info);
  }

  @Mutation(() => GrantPayload, { description: 'Ends a grant for good. For program managers.' })
  revokeGrant(
    @Arg('input', () => ReasonedGrantCommandInput, { description: 'The grant, and why.' })
    input: ReasonedGrantCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(revokeGrant, input, request, info);
  }

  @Mutation(() => GrantPayload, { description: 'Gives a grant back. For owners of the organization.' })
  surrenderGrant(
    @Arg('input', () => SurrenderGrantInput, { description: 'The grant.' }) input: SurrenderGrantInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(surrenderGrant, input, request, info);
  }

  #answer<Input extends { readonly grantId: string }>(
    command: Command<Input, GrantResult>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(grantById, info, 'grant');
      const grantId = decodeId('grant', input.grantId, ['grantId']);
      await this.#doorway.execute(command, { ...input, grantId }, request.command);
      return { grant: await request.reading.object(grantById, grantId, info, 'grant') };
    });
  }
}
