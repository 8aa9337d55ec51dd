import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import {
  allRestorationCommands,
  type RestorationCommand,
  type RestorationOrder,
  type RestorationStatus,
  restorationCommands,
  restorationOrders,
  restorationStatuses,
} from '../lifecycle/restoration.js';

const statuses = registeredEnum('RestorationStatus', 'Where a restoration stands.', restorationStatuses);
const orders = registeredEnum('RestorationOrder', 'In which order grants are restored.', restorationOrders);
const meanings = Object.fromEntries(allRestorationCommands.map((name) => [name, restorationCommands[name].does]));
const commands = registeredEnum('RestorationCommand', 'What can be done with a restoration.', meanings);

@ObjectType({ description: 'How many grants are restored from a moment on, besides those of the batches before.' })
export class RestorationBatch {
  @Field(() => Int, { description: 'Which of the batches it is, from 1.' })
  number!: number;

  @Field(() => DateTime, { description: 'From when on its grants are restored.' })
  opensAt!: Date;

  @Field(() => Int, { nullable: true, description: 'How many organizations it lets in; null without limit.' })
  capacityOrganizations!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many seats it lets in; null without limit.' })
  capacitySeats!: number | null;

  @Field(() => Int, { description: 'How many grants it has restored.' })
  restored!: number;
}

@ObjectType({
  implements: Node,
  description:
    'How grants that a product’s release had shut are let in again, as far as it permits them: in an order, and in batches. For staff.',
})
export class Restoration extends Node {
  @Field(() => String, { description: 'The code of the product.' })
  productCode!: string;

  @Field(() => statuses, { description: 'Where it stands.' })
  status!: RestorationStatus;

  @Field(() => orders, { description: 'In which order grants are restored.' })
  ordering!: RestorationOrder;

  @Field(() => [ID], { description: 'The organizations whose grants go first, in this order.' })
  priorityIds!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description:
      'The seed by which it draws: the lowest SHA-256 of it, a colon and the grant’s id is next, by its first seven digits.',
  })
  seed!: string | null;

  @Field(() => String, { description: 'Why; partners read it.' })
  reason!: string;

  @Field(() => [RestorationBatch], { description: 'Its batches, in their order.' })
  batches!: readonly RestorationBatch[];

  @Field(() => Person, { nullable: true, description: 'Who planned it.' })
  plannedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was planned.' })
  plannedAt!: Date;

  @Field(() => Person, { nullable: true, description: 'Who confirmed it; null while nobody has.' })
  confirmedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was confirmed; null while it is not.' })
  confirmedAt!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who stopped it; null when nobody did.' })
  endedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it goes on.' })
  endedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was stopped.' })
  endedReason!: string | null;

  @Field(() => [commands], { description: 'What you could do with it now.' })
  availableCommands!: readonly RestorationCommand[];

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;
}

@InputType({ description: 'A batch of a restoration.' })
export class RestorationBatchInput {
  @Field(() => DateTime, { description: 'From when on its grants are restored; at once when that is past.' })
  opensAt!: Date;

  @Field(() => Int, { nullable: true, description: 'How many organizations it lets in; without limit when not said.' })
  capacityOrganizations?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many seats it lets in; without limit when not said.' })
  capacitySeats?: number | null;
}

@InputType({ description: 'A restoration to plan. It restores nothing before another person confirms it.' })
export class PlanRestorationInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => orders, {
    nullable: true,
    description: 'In which order grants are restored; OLDEST_FIRST when not said.',
  })
  ordering?: RestorationOrder | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The organizations whose grants go first, in this order; given with PRIORITY, and only then.',
  })
  priorityIds?: string[] | null;

  @Field(() => String, { description: 'Why; partners read it.' })
  reason!: string;

  @Field(() => [RestorationBatchInput], {
    description: 'Its batches, each to open after the one before it; at most 50.',
  })
  batches!: RestorationBatchInput[];
}

@InputType({ description: 'A restoration, and what to do with it.' })
export class RestorationCommandInput {
  @Field(() => ID, { description: 'The restoration.' })
  restorationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A restoration to stop.' })
export class StopRestorationInput extends RestorationCommandInput {
  @Field(() => String, { description: 'Why; for staff.' })
  reason!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class RestorationPayload extends Payload {
  @Field(() => Restoration, {
    nullable: true,
    description: 'The restoration as it is now; null when nothing was changed.',
  })
  restoration?: Restoration | null;
}
