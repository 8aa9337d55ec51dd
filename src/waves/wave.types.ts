import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import {
  allWaveCommands,
  type PlaceStatus,
  placeStatuses,
  type WaveCommand,
  type WaveOrder,
  type WaveStatus,
  waveCommands,
  waveOrders,
  waveStatuses,
} from '../lifecycle/wave.js';
import { type OrganizationSector, SectorEnum } from '../organizations/sector.types.js';

const statuses = registeredEnum('WaveStatus', 'Where a wave of a product’s rollout stands.', waveStatuses);
const orders = registeredEnum('WaveOrder', 'In which order those who wait are let in.', waveOrders);
const places = registeredEnum('PlaceStatus', 'What a grant has in the waves of its product.', placeStatuses);
const meanings = Object.fromEntries(allWaveCommands.map((name) => [name, waveCommands[name].does]));
const commands = registeredEnum('WaveCommand', 'What can be done with a wave.', meanings);

@ObjectType({
  implements: Node,
  description: 'A wave of a product’s rollout: so many organizations and seats, for some, for a time.',
})
export class Wave extends Node {
  @Field(() => String, { description: 'The code of the product.' })
  productCode!: string;

  @Field(() => Int, { description: 'Which wave of the product it is, from 1.' })
  number!: number;

  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => statuses, { description: 'Where it stands.' })
  status!: WaveStatus;

  @Field(() => DateTime, { description: 'When it opens, once it is confirmed.' })
  opensAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it closes by itself; null when it does not.' })
  closesAt!: Date | null;

  @Field(() => [SectorEnum], { description: 'The sectors it is for; any when empty.' })
  sectors!: readonly OrganizationSector[];

  @Field(() => [String], { description: 'The countries it is for, by ISO 3166-1; any when empty.' })
  countries!: readonly string[];

  @Field(() => orders, { description: 'In which order those who wait are let in.' })
  ordering!: WaveOrder;

  @Field(() => Int, {
    nullable: true,
    description: 'How many organizations it lets in; null without limit. For staff.',
  })
  capacityOrganizations!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many seats it lets in; null without limit. For staff.' })
  capacitySeats!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many organizations have a place of it now. For staff.' })
  organizationsInside!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many seats have a place of it now. For staff.' })
  seatsInside!: number | null;

  @Field(() => [ID], { description: 'The organizations it names. For staff; empty for others.' })
  organizationIds!: readonly string[];

  @Field(() => [ID], { description: 'The organizations that go first, in this order. For staff; empty for others.' })
  priorityIds!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description:
      'The seed by which it draws: the lowest SHA-256 of it, a colon and the grant’s id is next, by its first seven digits. For staff.',
  })
  seed!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who planned it. For staff.' })
  plannedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was planned. For staff.' })
  plannedAt!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who confirmed it. For staff.' })
  confirmedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was confirmed; null while it is not.' })
  confirmedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it opened; null while it has not.' })
  openedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it closed; null while it has not.' })
  closedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why somebody closed it. For staff.' })
  closedReason!: string | null;

  @Field(() => [commands], { description: 'What you could do with it now.' })
  availableCommands!: readonly WaveCommand[];

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;
}

@ObjectType({ description: 'What a grant has in the waves of its product.' })
export class GrantPlace {
  @Field(() => places, { description: 'Whether it waits or has a place.' })
  status!: PlaceStatus;

  @Field(() => Int, { description: 'How many seats it takes.' })
  seats!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Where it stands on the waiting list, from 1; null when it does not wait. A wave may be for some only.',
  })
  position!: number | null;

  @Field(() => DateTime, { description: 'Since when it wants a place.' })
  waitingSince!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was given one; null while it waits.' })
  givenAt!: Date | null;

  @Field(() => Wave, { nullable: true, description: 'The wave in which it has a place; null while it waits.' })
  wave!: Wave | null;
}

@InputType({ description: 'A wave to plan. It lets nobody in before another person confirms it.' })
export class PlanWaveInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;

  @Field(() => String, { description: 'What it is called, at most 100 characters.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'How many organizations it lets in; without limit when not said.' })
  capacityOrganizations?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many seats it lets in; without limit when not said.' })
  capacitySeats?: number | null;

  @Field(() => DateTime, { description: 'When it opens; at once when that is past.' })
  opensAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it closes by itself; not before it is closed when not said.',
  })
  closesAt?: Date | null;

  @Field(() => [SectorEnum], { nullable: true, description: 'The sectors it is for; any when not said.' })
  sectors?: OrganizationSector[] | null;

  @Field(() => [String], { nullable: true, description: 'The countries it is for, by ISO 3166-1; any when not said.' })
  countries?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Organizations it is for besides; only for them when neither sectors nor countries are said.',
  })
  organizationIds?: string[] | null;

  @Field(() => orders, {
    nullable: true,
    description: 'In which order those who wait are let in; FIRST_COME when not said.',
  })
  ordering?: WaveOrder | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Who goes first, in this order; given with PRIORITY, and only then.',
  })
  priorityIds?: string[] | null;
}

@InputType({ description: 'A wave, and what to do with it.' })
export class WaveCommandInput {
  @Field(() => ID, { description: 'The wave.' })
  waveId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A wave to close.' })
export class CloseWaveInput extends WaveCommandInput {
  @Field(() => String, { description: 'Why; for staff.' })
  reason!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class WavePayload extends Payload {
  @Field(() => Wave, { nullable: true, description: 'The wave as it is now; null when nothing was changed.' })
  wave?: Wave | null;
}
