import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { productById } from '../products/product.queries.js';
import { ProductPayload } from '../products/product.types.js';
import { claimProvisioningTasks } from './claim.commands.js';
import { claimedTasks, provisioningReads, systemById, taskById } from './provisioning.queries.js';
import {
  ClaimProvisioningTasksPayload,
  ProvisioningSystem,
  ProvisioningSystemPayload,
  ProvisioningTask,
  ProvisioningTaskConnection,
  ProvisioningTaskPayload,
} from './provisioning.types.js';
import {
  ClaimProvisioningTasksInput,
  CompleteProvisioningTaskInput,
  FailProvisioningTaskInput,
  ProvisioningTaskFilterInput,
  RegisterProvisioningSystemInput,
  ReportReadBackInput,
  SetProvisioningTimesInput,
  UpdateProvisioningSystemInput,
} from './provisioning-inputs.types.js';
import {
  registerProvisioningSystem,
  setProvisioningTimes,
  updateProvisioningSystem,
} from './provisioning-system.commands.js';
import { reportReadBack } from './read-back.commands.js';
import { completeProvisioningTask, failProvisioningTask, type TaskResult } from './task.commands.js';

@Resolver()
export class ProvisioningResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => ProvisioningTask, { nullable: true, description: 'A task; null when there is none that you may see.' })
  provisioningTask(
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(provisioningReads.provisioningTask, info);
  }

  @Query(() => ProvisioningTaskConnection, {
    description:
      'What is to be done in products, or was: closing access first, then the oldest. For staff, and for systems those of their products; empty for everybody else.',
  })
  provisioningTasks(
    @Arg('filter', () => ProvisioningTaskFilterInput, { nullable: true, description: 'Which of them.' })
    _filter: ProvisioningTaskFilterInput | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(provisioningReads.provisioningTasks, info);
  }

  @Query(() => [ProvisioningSystem], {
    description: 'The registered systems, oldest first. For staff; a system sees itself.',
  })
  provisioningSystems(@Ctx() request: Request, @Info() info: GraphQLResolveInfo) {
    requireIdentified(request.actor);
    return request.reading.field(provisioningReads.provisioningSystems, info);
  }

  @Mutation(() => ProvisioningSystemPayload, {
    description: 'Registers a machine that opens and closes access, or looks whether it is open. For administrators.',
  })
  registerProvisioningSystem(
    @Arg('input', () => RegisterProvisioningSystemInput, { description: 'The machine.' })
    input: RegisterProvisioningSystemInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#system(request, info, () => {
      const apiKeyId = decodeId('apikey', input.apiKeyId, ['apiKeyId']);
      return this.#doorway.execute(registerProvisioningSystem, { ...input, apiKeyId }, request.command);
    });
  }

  @Mutation(() => ProvisioningSystemPayload, {
    description: 'Changes what a system is for, or gives it another key. For administrators.',
  })
  updateProvisioningSystem(
    @Arg('input', () => UpdateProvisioningSystemInput, { description: 'The system, and what to change.' })
    { systemId, expectedVersion, ...changes }: UpdateProvisioningSystemInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#system(request, info, () => {
      const { name, productCodes, duties, isActive } = changes;
      const apiKeyId = decodeGivenId('apikey', changes.apiKeyId, ['apiKeyId']);
      const said = {
        systemId: decodeId('provisioningsystem', systemId, ['systemId']),
        ...(expectedVersion == null ? {} : { expectedVersion }),
        ...(name == null ? {} : { name }),
        ...(apiKeyId === null ? {} : { apiKeyId }),
        ...(productCodes == null ? {} : { productCodes }),
        ...(duties == null ? {} : { duties }),
        ...(isActive == null ? {} : { isActive }),
      };
      return this.#doorway.execute(updateProvisioningSystem, said, request.command);
    });
  }

  @Mutation(() => ProductPayload, {
    description: 'Sets how long it may take to close access to a product, and to open it. For program managers.',
  })
  setProvisioningTimes(
    @Arg('input', () => SetProvisioningTimesInput, { description: 'The product, and the times.' })
    input: SetProvisioningTimesInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(productById, info, 'product');
      const productId = decodeId('product', input.productId, ['productId']);
      await this.#doorway.execute(setProvisioningTimes, { ...input, productId }, request.command);
      return { product: await request.reading.object(productById, productId, info, 'product') };
    });
  }

  @Mutation(() => ClaimProvisioningTasksPayload, {
    description:
      'Takes tasks in hand, closing access first, then the oldest; nobody else is given them until the lease is over. For registered systems.',
  })
  claimProvisioningTasks(
    @Arg('input', () => ClaimProvisioningTasksInput, { description: 'How many, and for how long.' })
    { limit, productCodes = null, leaseSeconds = null }: ClaimProvisioningTasksInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(claimedTasks, info, 'tasks');
      const said = { limit, productCodes, leaseSeconds };
      const { taskIds } = await this.#doorway.execute(claimProvisioningTasks, said, request.command);
      return { tasks: await request.reading.object(claimedTasks, `{${taskIds}}`, info, 'tasks') };
    });
  }

  @Mutation(() => ProvisioningTaskPayload, {
    description:
      'Says that a claimed task is done; a grant whose access was opened can be used from now on. For the system that has it.',
  })
  completeProvisioningTask(
    @Arg('input', () => CompleteProvisioningTaskInput, { description: 'The task, and its reference in the product.' })
    input: CompleteProvisioningTaskInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#task(request, info, () => {
      const taskId = decodeId('provisioningtask', input.taskId, ['taskId']);
      return this.#doorway.execute(completeProvisioningTask, { ...input, taskId }, request.command);
    });
  }

  @Mutation(() => ProvisioningTaskPayload, {
    description:
      'Says that a claimed task could not be done; it is tried again, after a longer time at each attempt. For the system that has it.',
  })
  failProvisioningTask(
    @Arg('input', () => FailProvisioningTaskInput, { description: 'The task, and why.' })
    input: FailProvisioningTaskInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#task(request, info, () => {
      const taskId = decodeId('provisioningtask', input.taskId, ['taskId']);
      return this.#doorway.execute(failProvisioningTask, { ...input, taskId }, request.command);
    });
  }

  @Mutation(() => ProvisioningTaskPayload, {
    description:
      'Says whether access is open, as another system sees it than did the task. What is not as it was said to be is to be done again, and answered as a new task. For registered systems.',
  })
  reportReadBack(
    @Arg('input', () => ReportReadBackInput, { description: 'The grant, and what was seen.' })
    input: ReportReadBackInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#task(request, info, () => {
      const grantId = decodeId('grant', input.grantId, ['grantId']);
      return this.#doorway.execute(reportReadBack, { ...input, grantId }, request.command);
    });
  }

  #system(request: Request, info: GraphQLResolveInfo, give: () => Promise<{ readonly systemId: string }>) {
    return answer(async () => {
      request.reading.check(systemById, info, 'system');
      const { systemId } = await give();
      return { system: await request.reading.object(systemById, systemId, info, 'system') };
    });
  }

  #task(request: Request, info: GraphQLResolveInfo, give: () => Promise<TaskResult>) {
    return answer(async () => {
      request.reading.check(taskById, info, 'task');
      const { taskId } = await give();
      return { task: await request.reading.object(taskById, taskId, info, 'task') };
    });
  }
}
