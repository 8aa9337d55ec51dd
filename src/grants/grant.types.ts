import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import {
  allGrantCommands,
  type GrantCommand,
  type GrantStatus,
  grantCommands,
  grantStatuses,
} from '../lifecycle/grant.js';
import type { SuspensionCause } from '../lifecycle/suspension.js';
import { type WaitingReason, waitingReasons } from '../lifecycle/waiting.js';
import { Organization } from '../organizations/organization.types.js';
import { Program } from '../programs/program.types.js';
import { GrantPlace } from '../waves/wave.types.js';
import { Recertification } from './recertification.types.js';
import { GrantSuspension, SuspensionCauseEnum } from './suspension.types.js';

export const GrantStatusEnum = registeredEnum('GrantStatus', 'Where a grant stands.', grantStatuses);

const waiting = registeredEnum('WaitingReason', 'Why a grant cannot be used at a moment.', waitingReasons);

const meanings = Object.fromEntries(allGrantCommands.map((name) => [name, grantCommands[name].does]));
const commands = registeredEnum('GrantCommand', 'What can be done with a grant.', meanings);

@ObjectType({ description: 'Something that changed where a grant stands, until when, or on what terms.' })
export class GrantChange {
  @Field(() => String, { description: 'What happened, such as grant.suspended: the name of the event.' })
  type!: string;

  @Field(() => DateTime, { description: 'When it happened.' })
  occurredAt!: Date;

  @Field(() => GrantStatusEnum, { description: 'Where the grant stood then.' })
  status!: GrantStatus;

  @Field(() => SuspensionCauseEnum, { nullable: true, description: 'The cause, of a suspension.' })
  cause!: SuspensionCause | null;

  @Field(() => String, { nullable: true, description: 'The reason, where one was given.' })
  reason!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who did it. Partners are told that staff did something, but not who of them.',
  })
  actor!: string | null;
}

@ObjectType({
  implements: Node,
  description: 'The permission that follows an approval. It can be used while it is ACTIVE.',
})
export class Grant extends Node {
  @Field(() => String, { description: 'The reference that people quote.' })
  reference!: string;

  @Field(() => GrantStatusEnum, { description: 'Where it stands.' })
  status!: GrantStatus;

  @Field(() => Boolean, { description: 'Whether it lets anybody in at this moment.' })
  isUsable!: boolean;

  @Field(() => [waiting], {
    description: 'Every reason why it lets nobody in at this moment; empty when it does. Some are told to staff only.',
  })
  notUsableBecause!: readonly WaitingReason[];

  @Field(() => ID, { description: 'The application it follows from.' })
  applicationId!: string;

  @Field(() => ID, { description: 'The organization it lets in.' })
  organizationId!: string;

  @Field(() => String, { description: 'The legal name of the organization it lets in.' })
  organizationName!: string;

  @Field(() => Organization, {
    nullable: true,
    description: 'The organization; null for systems that see grants only.',
  })
  organization!: Organization | null;

  @Field(() => Program, { nullable: true, description: 'The program it was given under.' })
  program!: Program | null;

  @Field(() => String, { description: 'The code of the product it lets in to.' })
  productCode!: string;

  @Field(() => GrantPlace, {
    nullable: true,
    description: 'Its place in the waves of its product, or on the waiting list; null when it needs none.',
  })
  place!: GrantPlace | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The directives that permit it; empty where none binds its product. For staff; null for others.',
  })
  permittedBy!: readonly string[] | null;

  @Field(() => [String], { description: 'The conditions it carries.' })
  conditions!: readonly string[];

  @Field(() => Int, { description: 'How many users can be named for it at a time.' })
  seats!: number;

  @Field(() => Int, { description: 'How many are named now.' })
  seatsUsed!: number;

  @Field(() => [String], {
    description: 'The environments or regions it is for; empty where the program asks for none.',
  })
  regions!: readonly string[];

  @Field(() => DateTime, { description: 'From when it holds.' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'Until when it holds.' })
  endsAt!: Date;

  @Field(() => DateTime, { description: 'From when a renewal of it can be started, as long as it has not ended.' })
  renewalOpensAt!: Date;

  @Field(() => [Recertification], { description: 'Each time that it was to be attested as still needed, first first.' })
  recertifications!: readonly Recertification[];

  @Field(() => [GrantChange], { description: 'Every state that it was in, with what brought it there, first first.' })
  history!: readonly GrantChange[];

  @Field(() => DateTime, { nullable: true, description: 'When it was acknowledged that access is open.' })
  provisionedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was acknowledged that access is closed.' })
  deprovisionedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was suspended, reinstated, revoked or surrendered.' })
  statusReason!: string | null;

  @Field(() => [GrantSuspension], { description: 'Every cause for which it is or was suspended, the oldest first.' })
  suspensions!: readonly GrantSuspension[];

  @Field(() => [commands], {
    description:
      'Exactly the commands that would be accepted from you now, but for what is in their input, and for the product’s release, which is asked when access is given.',
  })
  availableCommands!: readonly GrantCommand[];

  @Field(() => DateTime, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;
}

export const GrantConnection = connectionOf(Grant, 'Grant', 'grants');

@InputType({ description: 'Which grants to list; what is not given does not narrow the list.' })
export class GrantFilterInput {
  @Field(() => [GrantStatusEnum], { nullable: true, description: 'Only those in one of these statuses.' })
  statuses?: GrantStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this organization.' })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this program.' })
  programId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those for the product with this code.' })
  productCode?: string | null;
}

@InputType({ description: 'A grant.' })
export class GrantCommandInput {
  @Field(() => ID, { description: 'The grant.' })
  grantId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A grant, and why.' })
export class ReasonedGrantCommandInput extends GrantCommandInput {
  @Field(() => String, { description: 'Why; the partner sees it.' })
  reason!: string;
}

@InputType({ description: 'A suspended grant, and why it may be used again.' })
export class ReinstateGrantInput extends ReasonedGrantCommandInput {
  @Field(() => SuspensionCauseEnum, {
    nullable: true,
    description: 'The cause to lift; the others stay. Without it all are lifted, or none when one of them cannot be.',
  })
  cause?: SuspensionCause | null;
}

@InputType({ description: 'A grant to give back.' })
export class SurrenderGrantInput extends GrantCommandInput {
  @Field(() => String, { nullable: true, description: 'Why, if you want to say.' })
  reason?: string | null;
}

@ObjectType({ description: 'What came of the command.' })
export class GrantPayload extends Payload {
  @Field(() => Grant, { nullable: true, description: 'The grant as it is now; null when nothing was changed.' })
  grant?: Grant | null;
}
