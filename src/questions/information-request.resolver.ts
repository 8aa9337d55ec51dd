import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Request } from '../api/request.js';
import { answerWithApplication } from '../applications/application-commanding.js';
import { ApplicationPayload } from '../applications/application-inputs.types.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { type AnswersInput, respondToInformationRequest, saveInformationAnswers } from './answering.commands.js';
import { reopenInformationRequest, requestInformation, withdrawInformationRequest } from './asking.commands.js';
import { extendDueDate, refuseDueDateExtension, requestDueDateExtension } from './due-date.commands.js';
import {
  ExtendDueDateInput,
  RefuseDueDateExtensionInput,
  ReopenInformationRequestInput,
  RequestDueDateExtensionInput,
  RequestInformationInput,
  RespondToInformationRequestInput,
  SaveInformationAnswersInput,
  WithdrawInformationRequestInput,
  WriteInformationMessageInput,
} from './information-request-inputs.types.js';
import type { RequestInput } from './open-request.commands.js';
import { writeInformationMessage } from './thread.commands.js';

@Resolver()
export class InformationRequestResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Asks the partner questions; the clock pauses. For staff who review.',
  })
  requestInformation(
    @Arg('input', () => RequestInformationInput, { description: 'The questions.' }) input: RequestInformationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, requestInformation, input, request, info, { documentIds: 'document' });
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Saves answers to questions of staff, some or all. Colleagues see them; staff do once you respond. For owners and applicants.',
  })
  saveInformationAnswers(
    @Arg('input', () => SaveInformationAnswersInput, { description: 'The answers.' })
    input: SaveInformationAnswersInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(saveInformationAnswers, () => withDocuments(input), request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Responds to the questions of staff: gives the answers, all at once, and the review goes on. For owners and applicants.',
  })
  respondToInformationRequest(
    @Arg('input', () => RespondToInformationRequestInput, { description: 'The response.' })
    input: RespondToInformationRequestInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(respondToInformationRequest, () => withDocuments(input), request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Writes to the other side about the open questions. It answers none, closes nothing and moves no clock. For owners, applicants and staff who review.',
  })
  writeInformationMessage(
    @Arg('input', () => WriteInformationMessageInput, { description: 'The message.' })
    input: WriteInformationMessageInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(writeInformationMessage, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Asks for more time to answer; nothing lapses until staff decide. For owners and applicants.',
  })
  requestDueDateExtension(
    @Arg('input', () => RequestDueDateExtensionInput, { description: 'Until when, and why.' })
    input: RequestDueDateExtensionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(requestDueDateExtension, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Gives the partner more time to answer, asked for or not. For staff who review.',
  })
  extendDueDate(
    @Arg('input', () => ExtendDueDateInput, { description: 'Until when.' }) input: ExtendDueDateInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(extendDueDate, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Refuses more time to answer; the due date stays. For staff who review.',
  })
  refuseDueDateExtension(
    @Arg('input', () => RefuseDueDateExtensionInput, { description: 'Why.' }) input: RefuseDueDateExtensionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(refuseDueDateExtension, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Withdraws the open questions; the review goes on without an answer. For staff who review.',
  })
  withdrawInformationRequest(
    @Arg('input', () => WithdrawInformationRequestInput, { description: 'Why.' })
    input: WithdrawInformationRequestInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(withdrawInformationRequest, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Asks again what was answered before; the clock pauses, and the answers stand until others are given. For staff who review.',
  })
  reopenInformationRequest(
    @Arg('input', () => ReopenInformationRequestInput, { description: 'What is still wanted.' })
    input: ReopenInformationRequestInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(reopenInformationRequest, input, request, info);
  }

  #give<Input extends RequestInput>(
    command: Command<Input, { applicationId: string }>,
    input: Input | (() => Input),
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return answerWithApplication<Input, { applicationId: string }>(this.#doorway, command, input, request, info, {
      informationRequestId: 'inforequest',
    });
  }
}

/** @throws Refusal INVALID_ID when what is said to be a document is none */
function withDocuments(input: RespondToInformationRequestInput | SaveInformationAnswersInput): AnswersInput {
  const answers = input.answers.map(({ question, text, documentIds }, position) => ({
    question,
    text,
    documentIds: documentIds.map((id, place) =>
      decodeId('document', id, ['answers', String(position), 'documentIds', String(place)]),
    ),
  }));
  return { ...input, answers };
}
