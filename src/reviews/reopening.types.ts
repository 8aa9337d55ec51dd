import { Field, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { ApplicationStatusEnum } from '../applications/application-status.types.js';
import { Person } from '../identity/identity.types.js';
import type { ApplicationStatus } from '../lifecycle/application.js';
import { type ReopeningStatus, reopeningStatuses } from '../lifecycle/reopening.js';

const statuses = registeredEnum(
  'ReopeningStatus',
  'Where a proposal to reopen an application stands.',
  reopeningStatuses,
);

@ObjectType({
  implements: Node,
  description:
    'That an application which was closed in error is reopened: proposed by one administrator, confirmed or declined by another. Partners see it once it is confirmed.',
})
export class Reopening extends Node {
  @Field(() => statuses, { description: 'Where it stands.' })
  status!: ReopeningStatus;

  @Field(() => ApplicationStatusEnum, { description: 'What the application was when that was proposed.' })
  fromStatus!: ApplicationStatus;

  @Field(() => String, { description: 'Why, in words for the partner.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'What the error was. Staff only; null for partners.' })
  internalReason!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was declined. Staff only; null for partners.' })
  declinedReason!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who proposed it. Staff only; null for partners.' })
  proposedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was proposed.' })
  proposedAt!: Date;

  @Field(() => Person, {
    nullable: true,
    description: 'Who confirmed or declined it. Staff only; null for partners.',
  })
  decidedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was confirmed or declined; null when it was not.' })
  decidedAt!: Date | null;
}
