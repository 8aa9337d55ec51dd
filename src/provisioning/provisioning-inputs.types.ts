import { Field, ID, InputType, Int } from 'type-graphql';
import {
  lease,
  longestMinutes,
  mostClaimed,
  type SystemDuty,
  type TaskKind,
  type TaskStatus,
} from '../lifecycle/provisioning.js';
import { DutyEnum, TaskKindEnum, TaskStatusEnum } from './provisioning.types.js';

@InputType({ description: 'A machine to register.' })
export class RegisterProvisioningSystemInput {
  @Field(() => String, { description: 'What to call it, at most 100 characters.' })
  name!: string;

  @Field(() => ID, { description: 'The operator’s key that it calls with; its scopes hold GRANTS_PROVISION.' })
  apiKeyId!: string;

  @Field(() => [String], { description: 'The products it is for, by their codes.' })
  productCodes!: string[];

  @Field(() => [DutyEnum], { description: 'What it does for them.' })
  duties!: SystemDuty[];
}

@InputType({ description: 'What to change of a system; what is not given stays.' })
export class UpdateProvisioningSystemInput {
  @Field(() => ID, { description: 'The system.' })
  systemId!: string;

  @Field(() => String, { nullable: true, description: 'What to call it, at most 100 characters.' })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'The key that it calls with from now on.' })
  apiKeyId?: string | null;

  @Field(() => [String], { nullable: true, description: 'The products it is for, by their codes.' })
  productCodes?: string[] | null;

  @Field(() => [DutyEnum], { nullable: true, description: 'What it does for them.' })
  duties?: SystemDuty[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is given anything to do.' })
  isActive?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'How long it may take to close access to a product, and to open it.' })
export class SetProvisioningTimesInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => Int, { description: `In how many minutes access is to be closed, from 1 to ${longestMinutes}.` })
  closeWithinMinutes!: number;

  @Field(() => Int, { description: `In how many minutes access is to be opened, from 1 to ${longestMinutes}.` })
  openWithinMinutes!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'How much to take in hand.' })
export class ClaimProvisioningTasksInput {
  @Field(() => Int, { description: `How many tasks at most, from 1 to ${mostClaimed}.` })
  limit!: number;

  @Field(() => [String], {
    nullable: true,
    description: 'Of these products only; of all of the system’s when not said.',
  })
  productCodes?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: `For how many seconds they are the system’s: from ${lease.least} to ${lease.most}, ${lease.usual} when not said.`,
  })
  leaseSeconds?: number | null;
}

@InputType()
abstract class TaskInput {
  @Field(() => ID, { description: 'The task.' })
  taskId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was claimed; refused with CONFLICT when the task was handed out anew since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A task that is done.' })
export class CompleteProvisioningTaskInput extends TaskInput {
  @Field(() => String, { description: 'The reference under which the product knows it, at most 200 characters.' })
  reference!: string;
}

@InputType({ description: 'A task that could not be done.' })
export class FailProvisioningTaskInput extends TaskInput {
  @Field(() => String, { description: 'Why, for staff; at most 2,000 characters.' })
  reason!: string;
}

@InputType({ description: 'What was seen in the product.' })
export class ReportReadBackInput {
  @Field(() => ID, { description: 'The grant.' })
  grantId!: string;

  @Field(() => Boolean, { description: 'Whether access is open.' })
  isOpen!: boolean;
}

@InputType({ description: 'Which tasks; what is not given does not narrow the list.' })
export class ProvisioningTaskFilterInput {
  @Field(() => [TaskStatusEnum], { nullable: true, description: 'Those that stand so.' })
  statuses?: TaskStatus[] | null;

  @Field(() => [TaskKindEnum], { nullable: true, description: 'Those of these kinds.' })
  kinds?: TaskKind[] | null;

  @Field(() => String, { nullable: true, description: 'Those of this product.' })
  productCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those of this grant.' })
  grantId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Those by which access is closed because of this directive.' })
  directiveId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether they are not done, and should be.' })
  isOverdue?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether people were told of them.' })
  isEscalated?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether another system is still to see that they are done.' })
  awaitsReadBack?: boolean | null;
}
