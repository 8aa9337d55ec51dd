import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { grantById } from './grant.queries.js';
import { Grant } from './grant.types.js';
import { addNamedUser, attestNamedUserStatus, type NamedUserResult, removeNamedUser } from './named-user.commands.js';
import { namedUserById } from './named-user.queries.js';
import { NamedUserConnection } from './named-user.types.js';
import {
  AddNamedUserInput,
  AttestNamedUserStatusInput,
  NamedUserCommandInput,
  NamedUserPayload,
} from './named-user-inputs.types.js';

/** Who may use a grant. */
@Resolver(() => Grant)
export class NamedUserResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @FieldResolver(() => NamedUserConnection, { description: 'Who may use it, as the partner named them, first first.' })
  namedUsers(
    @Root() grant: Grant,
    @Arg('removed', () => Boolean, {
      nullable: true,
      description: 'Those who were removed, instead of those named now.',
    })
    removed: boolean | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(grant, { ...page, removed }, request, info);
  }

  @Mutation(() => NamedUserPayload, {
    description: 'Names somebody who may use a grant, within its seats. For owners and applicants.',
  })
  addNamedUser(
    @Arg('input', () => AddNamedUserInput, { description: 'The grant, and who.' }) input: AddNamedUserInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const read = () => ({ ...input, grantId: decodeId('grant', input.grantId, ['grantId']) });
    return this.#answer(addNamedUser, read, request, info);
  }

  @Mutation(() => NamedUserPayload, {
    description: 'Removes a named user; the seat is free at once. For owners and applicants.',
  })
  removeNamedUser(
    @Arg('input', () => NamedUserCommandInput, { description: 'The user.' }) input: NamedUserCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(removeNamedUser, () => withUser(input), request, info);
  }

  @Mutation(() => NamedUserPayload, {
    description: 'Attests how export rules stand to a named user. For owners and applicants.',
  })
  attestNamedUserStatus(
    @Arg('input', () => AttestNamedUserStatusInput, { description: 'The user, and the status.' })
    input: AttestNamedUserStatusInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(attestNamedUserStatus, () => withUser(input), request, info);
  }

  #answer<Input>(
    command: Command<Input, NamedUserResult>,
    read: () => Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      const { reading } = request;
      reading.check(grantById, info, 'grant');
      reading.check(namedUserById, info, 'namedUser');
      const { grantId, namedUserId } = await this.#doorway.execute(command, read(), request.command);
      return {
        grant: await reading.object(grantById, grantId, info, 'grant'),
        namedUser: await reading.object(namedUserById, namedUserId, info, 'namedUser'),
      };
    });
  }
}

function withUser<Input extends NamedUserCommandInput>(input: Input): Input {
  return { ...input, namedUserId: decodeId('nameduser', input.namedUserId, ['namedUserId']) };
}
