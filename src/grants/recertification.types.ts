import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import {
  allRecertificationCommands,
  type RecertificationCommand,
  type RecertificationStatus,
  recertificationCommands,
  recertificationStatuses,
} from '../lifecycle/recertification.js';

const statuses = registeredEnum(
  'RecertificationStatus',
  'Where the recertification of a grant stands.',
  recertificationStatuses,
);

const meanings = Object.fromEntries(
  allRecertificationCommands.map((name) => [name, recertificationCommands[name].does]),
);
const commands = registeredEnum('RecertificationCommand', 'What can be done with a recertification.', meanings);

@ObjectType({
  implements: Node,
  description:
    'That a grant is still needed and its users were looked through: attested by the partner, then confirmed by staff. What is not done in time has the grant suspended.',
})
export class Recertification extends Node {
  @Field(() => ID, { description: 'The grant.' })
  grantId!: string;

  @Field(() => statuses, { description: 'Where it stands.' })
  status!: RecertificationStatus;

  @Field(() => DateTime, { description: 'Since when it can be given.' })
  openedAt!: Date;

  @Field(() => DateTime, { description: 'Until when it is to be attested and confirmed.' })
  dueAt!: Date;

  @Field(() => Boolean, { description: 'Whether that time is over, and it is not done.' })
  isOverdue!: boolean;

  @Field(() => String, { nullable: true, description: 'What the partner states of the use of the grant.' })
  statement!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who attested for the partner.' })
  attestedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When that was; null while it is not attested.' })
  attestedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why staff sent back what was attested last.' })
  declinedReason!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who of staff confirmed it. Staff only; null for partners.' })
  confirmedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was confirmed; null while it is not.' })
  confirmedAt!: Date | null;

  @Field(() => [commands], { description: 'Exactly the commands that would be accepted from you now.' })
  availableCommands!: readonly RecertificationCommand[];

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;
}

@InputType({ description: 'The recertification of a grant.' })
export class RecertificationCommandInput {
  @Field(() => ID, { description: 'The recertification.' })
  recertificationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'What a partner attests of its grant.' })
export class AttestRecertificationInput extends RecertificationCommandInput {
  @Field(() => Boolean, { description: 'That the grant is still used. What is not is given back instead.' })
  isStillUsed!: boolean;

  @Field(() => Boolean, {
    description: 'That its named users were looked through, and those removed who need it no more.',
  })
  usersReviewed!: boolean;

  @Field(() => String, { description: 'What it is used for at present.' })
  statement!: string;
}

@InputType({ description: 'A recertification to send back, and why.' })
export class DeclineRecertificationInput extends RecertificationCommandInput {
  @Field(() => String, { description: 'Why; the partner sees it.' })
  reason!: string;
}
