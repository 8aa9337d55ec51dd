import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import type { Request } from '../api/request.js';
import { Application } from '../applications/application.types.js';
import { answerWithApplication } from '../applications/application-commanding.js';
import { ApplicationPayload } from '../applications/application-inputs.types.js';
import type { Doorway } from '../doorway/doorway.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { leaveUnanswered, markMessagesRead, sendMessage } from './message.commands.js';
import {
  LeaveMessagesUnansweredInput,
  MarkMessagesReadInput,
  MessageConnection,
  SendMessageInput,
} from './message.types.js';

@Resolver(() => Application)
export class MessageResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @FieldResolver(() => MessageConnection, { description: 'The messages about it, newest first.' })
  messages(
    @Root() application: Application,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(application, { ...page }, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Sends a message about an application that was ever submitted, to staff or to its partner. For owners and applicants, and for staff who handle applications.',
  })
  sendMessage(
    @Arg('input', () => SendMessageInput, { description: 'The message.' }) input: SendMessageInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const given = { ...input, isAnswer: true };
    return answerWithApplication(this.#doorway, sendMessage, given, request, info, { documentIds: 'document' });
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Notes that your side read what the other wrote. For whoever may send messages.',
  })
  markMessagesRead(
    @Arg('input', () => MarkMessagesReadInput, { description: 'How far.' }) input: MarkMessagesReadInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, markMessagesRead, input, request, info, { throughId: 'message' });
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Says that what the partner wrote needs no answer. For staff who handle applications.',
  })
  leaveMessagesUnanswered(
    @Arg('input', () => LeaveMessagesUnansweredInput, { description: 'Of which application.' })
    input: LeaveMessagesUnansweredInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, leaveUnanswered, input, request, info);
  }
}
