import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { answerWithApplication } from './application-commanding.js';
import { ApplicationPayload } from './application-inputs.types.js';
import { MoveApplicationToProgramVersionInput, MoveApplicationToQueueInput } from './application-moving.types.js';
import { moveToQueue } from './queue.commands.js';
import { moveToProgramVersion } from './version-change.commands.js';

/** Moves applications elsewhere: to another version of their program, or to another queue. */
@Resolver()
export class ApplicationMovingResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Goes on with an application under another version of its program; under that one already, nothing changes. For program managers.',
  })
  moveApplicationToProgramVersion(
    @Arg('input', () => MoveApplicationToProgramVersionInput, { description: 'Which application, and where to.' })
    input: MoveApplicationToProgramVersionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const given = { ...input, stages: input.stages ?? [] };
    return answerWithApplication(this.#doorway, moveToProgramVersion, given, request, info, { programId: 'program' });
  }

  @Mutation(() => ApplicationPayload, {
    description:
      'Puts an application into another queue of its workflow, until it enters its next stage. For staff who handle applications.',
  })
  moveApplicationToQueue(
    @Arg('input', () => MoveApplicationToQueueInput, { description: 'Which application, and which queue.' })
    input: MoveApplicationToQueueInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answerWithApplication(this.#doorway, moveToQueue, input, request, info);
  }
}
