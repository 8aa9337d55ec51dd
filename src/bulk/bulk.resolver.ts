import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import type { BulkKind } from '../lifecycle/bulk.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { cancelBulk, startBulk } from './bulk.commands.js';
import type { BulkInput } from './bulk.entity.js';
import { bulkOperationById, bulkReads } from './bulk.queries.js';
import {
  AdvanceStagesInput,
  AssignApplicationsInput,
  type BulkCommandInput,
  BulkItemArgs,
  BulkItemConnection,
  BulkOperation,
  BulkOperationConnection,
  BulkOperationPayload,
  CancelBulkOperationInput,
  CountersignDecisionsInput,
  LowerFlagOnApplicationsInput,
  MoveApplicationsToProgramVersionInput,
  MoveApplicationsToQueueInput,
  ProposeDecisionsInput,
  RaiseFlagOnApplicationsInput,
  RequestInformationOnApplicationsInput,
  SendMessagesInput,
  StartReviewsInput,
} from './bulk.types.js';

@Resolver(() => BulkOperation)
export class BulkResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => BulkOperation, {
    nullable: true,
    description:
      'A command given on many applications, as far as it has come; null when there is none that you may see.',
  })
  bulkOperation(
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(bulkReads.bulkOperation, info);
  }

  @Query(() => BulkOperationConnection, {
    description: 'The commands that you gave on many applications, newest first; for administrators and auditors all.',
  })
  bulkOperations(@Args(() => PageArgs) _page: PageArgs, @Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.field(bulkReads.bulkOperations, info);
  }

  @FieldResolver(() => BulkItemConnection, { description: 'Its applications, in the order in which they were named.' })
  items(
    @Root() operation: BulkOperation,
    @Args(() => BulkItemArgs) page: BulkItemArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(operation, { ...page }, request, info);
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'Assigns many applications to a member of staff, or to nobody. For staff who handle applications.',
  })
  assignApplications(
    @Arg('input', () => AssignApplicationsInput, { description: 'Which, and to whom.' }) input: AssignApplicationsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#start('ASSIGN', input, request, info, () => ({
      staffId: decodeGivenId('staff', input.staffId, ['staffId']),
    }));
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'Takes many submitted applications in and puts each at its first stage. For intake.',
  })
  startReviews(
    @Arg('input', () => StartReviewsInput, { description: 'Which.' }) input: StartReviewsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#start('START_REVIEW', input, request, info);
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'Moves many applications on, each to its next stage. For whoever moves applications on there.',
  })
  advanceStages(
    @Arg('input', () => AdvanceStagesInput, { description: 'Which.' }) input: AdvanceStagesInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#start('ADVANCE_STAGE', input, request, info);
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Puts many applications into the same queue, each until it enters its next stage. For staff who handle applications.',
  })
  moveApplicationsToQueue(
    @Arg('input', () => MoveApplicationsToQueueInput, { description: 'Which, and which queue.' })
    input: MoveApplicationsToQueueInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#start('MOVE_TO_QUEUE', input, request, info, () => ({ queue: input.queue }));
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Goes on with many applications under another version of their program. What cannot be moved stays as it was and says why. For program managers.',
  })
  moveApplicationsToProgramVersion(
    @Arg('input', () => MoveApplicationsToProgramVersionInput, { description: 'Which, and where to.' })
    input: MoveApplicationsToProgramVersionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { number, stages, reason } = input;
    return this.#start('MOVE_TO_VERSION', input, request, info, () => ({
      programId: decodeId('program', input.programId, ['programId']),
      number,
      stages: stages ?? [],
      reason,
    }));
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'Asks the partners of many applications the same questions. For intake, reviewers and deciders.',
  })
  requestInformationOnApplications(
    @Arg('input', () => RequestInformationOnApplicationsInput, { description: 'Which, and what is asked.' })
    input: RequestInformationOnApplicationsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { questions, dueAt } = input;
    return this.#start('REQUEST_INFORMATION', input, request, info, () => ({
      questions,
      dueAt: dueAt?.toISOString() ?? null,
    }));
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Writes the same message to the partners of many applications. What they asked still waits for an answer. For staff who handle applications.',
  })
  sendMessages(
    @Arg('input', () => SendMessagesInput, { description: 'Which, and what it says.' }) input: SendMessagesInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#start('SEND_MESSAGE', input, request, info, () => ({ text: input.text }));
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Raises the same flag on many submitted applications. For intake, reviewers, deciders and program managers.',
  })
  raiseFlagOnApplications(
    @Arg('input', () => RaiseFlagOnApplicationsInput, { description: 'Which, which flag, and why.' })
    input: RaiseFlagOnApplicationsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { flag, reason, expiresAt } = input;
    return this.#start('RAISE_FLAG', input, request, info, () => ({
      flag,
      reason,
      expiresAt: expiresAt?.toISOString() ?? null,
    }));
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Lowers the same flag on many applications, by whomever it was raised. For intake, reviewers, deciders and program managers.',
  })
  lowerFlagOnApplications(
    @Arg('input', () => LowerFlagOnApplicationsInput, { description: 'Which, which flag, and why.' })
    input: LowerFlagOnApplicationsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { flag, reason } = input;
    return this.#start('LOWER_FLAG', input, request, info, () => ({ flag, reason }));
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'Proposes the same decision on many applications; another person must countersign each. For deciders.',
  })
  proposeDecisions(
    @Arg('input', () => ProposeDecisionsInput, { description: 'Which, and how to decide.' })
    input: ProposeDecisionsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { outcome, inPrinciple, reasons, conditions, reasonCodes, conditionCodes, internalNote } = input;
    return this.#start('PROPOSE_DECISION', input, request, info, () => ({
      outcome,
      inPrinciple,
      reasons: reasons ?? [],
      conditions: conditions ?? [],
      reasonCodes: reasonCodes ?? [],
      conditionCodes: conditionCodes ?? [],
      internalNote: internalNote ?? null,
    }));
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Countersigns the decisions that wait on many applications, as they are now: one that is declined and proposed anew meanwhile is not countersigned. For deciders, but not whoever proposed.',
  })
  countersignDecisions(
    @Arg('input', () => CountersignDecisionsInput, { description: 'Which.' }) input: CountersignDecisionsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#start('COUNTERSIGN', input, request, info);
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'Ends a bulk operation; what was done stays done. For whoever started it, and administrators.',
  })
  cancelBulkOperation(
    @Arg('input', () => CancelBulkOperationInput, { description: 'The operation.' }) input: CancelBulkOperationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(bulkOperationById, info, 'operation');
      const operationId = decodeId('bulkoperation', input.operationId, ['operationId']);
      await this.#doorway.execute(cancelBulk, { operationId }, request.command);
      return { operation: await request.reading.object(bulkOperationById, operationId, info, 'operation') };
    });
  }

  #start(
    kind: BulkKind,
    { applicationIds }: Pick<BulkCommandInput, 'applicationIds'>,
    request: Request,
    info: GraphQLResolveInfo,
    inputOf: () => BulkInput = () => ({}),
  ) {
    return answer(async () => {
      request.reading.check(bulkOperationById, info, 'operation');
      const decoded = applicationIds.map((id, position) =>
        decodeId('application', id, ['applicationIds', String(position)]),
      );
      const given = { kind, applicationIds: decoded, input: inputOf() };
      const { operationId } = await this.#doorway.execute(startBulk, given, request.command);
      return { operation: await request.reading.object(bulkOperationById, operationId, info, 'operation') };
    });
  }
}
