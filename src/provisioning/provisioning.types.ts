import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Grant } from '../grants/grant.types.js';
import { ApiKey } from '../identity/identity.types.js';
import {
  type SystemDuty,
  systemDuties,
  type TaskKind,
  type TaskStatus,
  taskKinds,
  taskStatuses,
} from '../lifecycle/provisioning.js';

export const TaskKindEnum = registeredEnum('ProvisioningTaskKind', 'What a system is to do in a product.', taskKinds);

export const TaskStatusEnum = registeredEnum('ProvisioningTaskStatus', 'Where a task stands.', taskStatuses);

export const DutyEnum = registeredEnum(
  'ProvisioningDuty',
  'What a registered system does for its products.',
  systemDuties,
);

@ObjectType({
  implements: Node,
  description:
    'A machine of the operator that opens and closes access in products, or looks whether it is open. For staff, and for the machine itself.',
})
export class ProvisioningSystem extends Node {
  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => ApiKey, { nullable: true, description: 'The key it calls with. For whoever may see keys.' })
  apiKey!: ApiKey | null;

  @Field(() => [String], { description: 'The products it is for, by their codes.' })
  productCodes!: readonly string[];

  @Field(() => [DutyEnum], { description: 'What it does for them.' })
  duties!: readonly SystemDuty[];

  @Field(() => Boolean, { description: 'Whether it is given anything to do.' })
  isActive!: boolean;

  @Field(() => DateTime, { description: 'When it was registered.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;
}

@ObjectType({
  implements: Node,
  description:
    'Something to do in a product for a grant, and what came of it. For staff, and for the systems of the product.',
})
export class ProvisioningTask extends Node {
  @Field(() => TaskKindEnum, { description: 'What is to be done.' })
  kind!: TaskKind;

  @Field(() => TaskStatusEnum, { description: 'Where it stands.' })
  status!: TaskStatus;

  @Field(() => Grant, { nullable: true, description: 'The grant, as it is now.' })
  grant!: Grant | null;

  @Field(() => String, { description: 'The code of the product.' })
  productCode!: string;

  @Field(() => ProvisioningSystem, {
    nullable: true,
    description: 'The system that has it, had it last or did it; null when none has, and for another system.',
  })
  system!: ProvisioningSystem | null;

  @Field(() => DateTime, { description: 'Since when it should be so: for a halt, since the halt was in force.' })
  sinceAt!: Date;

  @Field(() => DateTime, { description: 'When the task was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'Until when it is to be done.' })
  dueAt!: Date;

  @Field(() => Boolean, { description: 'Whether it is not done, and should be.' })
  isOverdue!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When people were told that it is late, or goes on failing.' })
  escalatedAt!: Date | null;

  @Field(() => DateTime, { description: 'It is not handed out before.' })
  readyAt!: Date;

  @Field(() => Int, { description: 'How often it was handed out.' })
  attempts!: number;

  @Field(() => DateTime, { nullable: true, description: 'Until when it is its system’s; null while nobody has it.' })
  claimedUntil!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The reference under which the product knows it; null when the system gave none.',
  })
  reference!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was said to be done; null while it is not.' })
  finishedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it last failed.' })
  failedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it last failed, in the system’s words.' })
  failureReason!: string | null;

  @Field(() => Boolean, { description: 'Whether it is done, and another system is still to see that it is so.' })
  awaitsReadBack!: boolean;

  @Field(() => ProvisioningSystem, {
    nullable: true,
    description: 'The system that has seen whether it is so; null when none has, and for another system.',
  })
  readBackBy!: ProvisioningSystem | null;

  @Field(() => DateTime, { nullable: true, description: 'When that was.' })
  readBackAt!: Date | null;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;

  @Field(() => Int, {
    description:
      'Counts the changes; pass it as `expectedVersion` to be refused when the task was handed out anew meanwhile.',
  })
  version!: number;
}

export const ProvisioningTaskConnection = connectionOf(ProvisioningTask, 'ProvisioningTask', 'tasks');

@ObjectType({ description: 'What came of the command.' })
export class ProvisioningSystemPayload extends Payload {
  @Field(() => ProvisioningSystem, {
    nullable: true,
    description: 'The system as it is now; null when nothing was changed.',
  })
  system?: ProvisioningSystem | null;
}

@ObjectType({ description: 'What came of the command.' })
export class ProvisioningTaskPayload extends Payload {
  @Field(() => ProvisioningTask, {
    nullable: true,
    description: 'The task as it is now; null when nothing was changed.',
  })
  task?: ProvisioningTask | null;
}

@ObjectType({ description: 'What was handed out.' })
export class ClaimProvisioningTasksPayload extends Payload {
  @Field(() => [ProvisioningTask], {
    nullable: true,
    description: 'The tasks, in the order in which to do them; empty when there is nothing to do; null when refused.',
  })
  tasks?: readonly ProvisioningTask[] | null;
}
