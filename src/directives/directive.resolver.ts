import { defaultFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { emergencyHaltOf, letterOf, termsOf } from './as-told.js';
import {
  type DirectiveResult,
  orderEmergencyHalt,
  putDirectiveInForce,
  ratifyHalt,
  recordDirective,
  registerAuthority,
  withdrawDirective,
} from './directive.commands.js';
import { authorityById, directiveById, directiveReads } from './directive.queries.js';
import {
  Authority,
  AuthorityPayload,
  Directive,
  DirectiveConnection,
  DirectiveEntryConnection,
  DirectivePayload,
} from './directive.types.js';
import {
  DirectiveCommandInput,
  DirectiveFilterInput,
  MatchDirectiveEntryInput,
  OrderEmergencyHaltInput,
  RecordDirectiveInput,
  RegisterAuthorityInput,
  WithdrawDirectiveInput,
} from './directive-inputs.types.js';
import { matchDirectiveEntry } from './entry.commands.js';

@Resolver(() => Directive)
export class DirectiveResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => [Authority], {
    nullable: true,
    description: 'The authorities whose directives are recorded. For staff; null for others.',
  })
  authorities(@Ctx() request: Request, @Info() info: GraphQLResolveInfo) {
    requireIdentified(request.actor);
    return request.reading.field(directiveReads.authorities, info);
  }

  @Query(() => Directive, { nullable: true, description: 'A directive; null when there is none that you may see.' })
  directive(
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(directiveReads.directive, info);
  }

  @Query(() => DirectiveConnection, { description: 'Directives, newest first. For staff; empty for everybody else.' })
  directives(
    @Arg('filter', () => DirectiveFilterInput, { nullable: true, description: 'Which of them.' })
    _filter: DirectiveFilterInput | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(directiveReads.directives, info);
  }

  @FieldResolver(() => DirectiveEntryConnection, { description: 'The names it prints, in its order.' })
  entries(
    @Root() directive: Directive,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(directive, { ...page }, request, info);
  }

  @Mutation(() => AuthorityPayload, {
    description:
      'Registers an authority, so that what it orders can be recorded. For program managers and administrators.',
  })
  registerAuthority(
    @Arg('input', () => RegisterAuthorityInput, { description: 'The authority.' }) input: RegisterAuthorityInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(authorityById, info, 'authority');
      const { authorityId } = await this.#doorway.execute(registerAuthority, input, request.command);
      return { authority: await request.reading.object(authorityById, authorityId, info, 'authority') };
    });
  }

  @Mutation(() => DirectivePayload, {
    description:
      'Records what an authority ordered; it binds nothing before another person puts it in force. For program managers and administrators.',
  })
  recordDirective(
    @Arg('input', () => RecordDirectiveInput, { description: 'The directive.' }) input: RecordDirectiveInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { terms, entries, changesId, expiresAt = null, ...letter } = input;
    return this.#give(request, info, () =>
      this.#doorway.execute(
        recordDirective,
        {
          ...letterOf(letter),
          kind: input.kind,
          changesId: decodeGivenId('directive', changesId, ['changesId']),
          expiresAt,
          terms: terms ? termsOf(terms) : null,
          entries: entries ?? [],
        },
        request.command,
      ),
    );
  }

  @Mutation(() => DirectivePayload, {
    description:
      'Halts products at once, on one person’s word; another ratifies it within 24 hours. For program managers and administrators.',
  })
  orderEmergencyHalt(
    @Arg('input', () => OrderEmergencyHaltInput, { description: 'The halt.' }) input: OrderEmergencyHaltInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(request, info, () =>
      this.#doorway.execute(orderEmergencyHalt, emergencyHaltOf(input), request.command),
    );
  }

  @Mutation(() => DirectivePayload, {
    description: 'Puts in force what another person recorded. For program managers and administrators.',
  })
  putDirectiveInForce(
    @Arg('input', () => DirectiveCommandInput, { description: 'The directive.' }) input: DirectiveCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#command(putDirectiveInForce, input, request, info);
  }

  @Mutation(() => DirectivePayload, {
    description:
      'Withdraws a record that was made in error, before it is in force. For program managers and administrators.',
  })
  withdrawDirective(
    @Arg('input', () => WithdrawDirectiveInput, { description: 'The directive, and why.' })
    input: WithdrawDirectiveInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#command(withdrawDirective, input, request, info);
  }

  @Mutation(() => DirectivePayload, {
    description: 'Ratifies an emergency halt that another person ordered. For program managers and administrators.',
  })
  ratifyHalt(
    @Arg('input', () => DirectiveCommandInput, { description: 'The directive.' }) input: DirectiveCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#command(ratifyHalt, input, request, info);
  }

  @Mutation(() => DirectivePayload, {
    description:
      'Says whose name a printed name is, with evidence, or that it is doubted. For program managers and administrators.',
  })
  matchDirectiveEntry(
    @Arg('input', () => MatchDirectiveEntryInput, { description: 'The printed name, and whose it is.' })
    input: MatchDirectiveEntryInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const said = {
      ...input,
      entryId: decodeId('directiveentry', input.entryId, ['entryId']),
      organizationId: decodeGivenId('organization', input.organizationId, ['organizationId']),
    };
    return this.#give(request, info, () => this.#doorway.execute(matchDirectiveEntry, said, request.command));
  }

  #command<Input extends DirectiveCommandInput>(
    command: Command<Input, DirectiveResult>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return this.#give(request, info, () => {
      const directiveId = decodeId('directive', input.directiveId, ['directiveId']);
      return this.#doorway.execute(command, { ...input, directiveId }, request.command);
    });
  }

  #give(request: Request, info: GraphQLResolveInfo, give: () => Promise<DirectiveResult>) {
    return answer(async () => {
      request.reading.check(directiveById, info, 'directive');
      const { directiveId } = await give();
      return { directive: await request.reading.object(directiveById, directiveId, info, 'directive') };
    });
  }
}
