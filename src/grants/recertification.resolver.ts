import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { grantById } from './grant.queries.js';
import { GrantPayload } from './grant.types.js';
import {
  attestRecertification,
  confirmRecertification,
  declineRecertification,
  type RecertificationResult,
} from './recertification.commands.js';
import {
  AttestRecertificationInput,
  DeclineRecertificationInput,
  RecertificationCommandInput,
} from './recertification.types.js';

/** That grants are still needed. */
@Resolver()
export class RecertificationResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => GrantPayload, {
    description:
      'Attests that a grant is still used and its users were looked through. For owners of the organization.',
  })
  attestRecertification(
    @Arg('input', () => AttestRecertificationInput, { description: 'The recertification, and what you attest.' })
    input: AttestRecertificationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(attestRecertification, input, request, info);
  }

  @Mutation(() => GrantPayload, {
    description:
      'Confirms what the partner attested; a suspension for not having done so in time ends by it. For program managers who do not belong to the organization.',
  })
  confirmRecertification(
    @Arg('input', () => RecertificationCommandInput, { description: 'The recertification.' })
    input: RecertificationCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(confirmRecertification, input, request, info);
  }

  @Mutation(() => GrantPayload, {
    description: 'Sends what the partner attested back, with a reason. For program managers.',
  })
  declineRecertification(
    @Arg('input', () => DeclineRecertificationInput, { description: 'The recertification, and why.' })
    input: DeclineRecertificationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(declineRecertification, input, request, info);
  }

  #answer<Input extends RecertificationCommandInput>(
    command: Command<Input, RecertificationResult>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(grantById, info, 'grant');
      const recertificationId = decodeId('recertification', input.recertificationId, ['recertificationId']);
      const { grantId } = await this.#doorway.execute(command, { ...input, recertificationId }, request.command);
      return { grant: await request.reading.object(grantById, grantId, info, 'grant') };
    });
  }
}
