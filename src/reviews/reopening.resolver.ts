import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Request } from '../api/request.js';
import { answerWithApplication } from '../applications/application-commanding.js';
import { ApplicationPayload } from '../applications/application-inputs.types.js';
import type { Doorway } from '../doorway/doorway.js';
import { confirmReopening, declineReopening, proposeReopening } from './reopening.commands.js';
import { ConfirmReopeningInput, DeclineReopeningInput, ProposeReopeningInput } from './reopening-inputs.types.js';

@Resolver()
export class ReopeningResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Proposes to reopen an application that was closed in error; another administrator must confirm. Partners hear nothing of it yet. For administrators.',
  })
  proposeReopening(
    @Arg('input', () => ProposeReopeningInput, { description: 'The application, and why.' })
    input: ProposeReopeningInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, proposeReopening, input, request, info);
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Reopens an application where its work stopped, and tells the partner. For administrators, but not whoever proposed it.',
  })
  confirmReopening(
    @Arg('input', () => ConfirmReopeningInput, { description: 'The proposal.' }) input: ConfirmReopeningInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, confirmReopening, input, request, info, { reopeningId: 'reopening' });
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Leaves an application closed that was to be reopened. For administrators, but not whoever proposed it.',
  })
  declineReopening(
    @Arg('input', () => DeclineReopeningInput, { description: 'The proposal, and why not.' })
    input: DeclineReopeningInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, declineReopening, input, request, info, { reopeningId: 'reopening' });
  }
}
