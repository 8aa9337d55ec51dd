import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { answer, userError } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId, encodeId } from '../platform/ids.js';
import { moveApplications } from './application-moving.js';
import { MoveApplicationsInput, MoveApplicationsPayload } from './application-moving.types.js';

@Resolver()
export class ApplicationMovingResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => MoveApplicationsPayload, {
    description:
      'Goes on with applications under another version of their program, each for itself: what cannot be moved stays as it was, and its errors say why. For program managers.',
  })
  moveApplicationsToProgramVersion(
    @Arg('input', () => MoveApplicationsInput, { description: 'Which applications, and where to.' })
    input: MoveApplicationsInput,
    @Ctx() request: Request,
  ) {
    return answer(async () => {
      const applicationIds = input.applicationIds.map((id, position) =>
        decodeId('application', id, ['applicationIds', String(position)]),
      );
      const programId = decodeId('program', input.programId, ['programId']);
      const change = {
        applicationIds,
        programId,
        number: input.number,
        stages: input.stages ?? [],
        reason: input.reason,
      };
      const moves = await moveApplications(this.#doorway, change, request.command);
      return {
        moves: moves.map(({ applicationId, outcome, problems }) => ({
          applicationId: encodeId('application', applicationId),
          outcome,
          errors: problems.map(userError),
        })),
      };
    });
  }
}
