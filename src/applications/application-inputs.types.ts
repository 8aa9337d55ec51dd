import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../api/payload.js';
import { DateTime, JsonObject } from '../api/scalars.js';
import type { ApplicationKind } from '../lifecycle/amendment.js';
import type { ApplicationStatus } from '../lifecycle/application.js';
import { type RiskRating, RiskRatingEnum } from '../organizations/organization-risk.types.js';
import { type OrganizationSector, SectorEnum } from '../organizations/sector.types.js';
import { Application, ApplicationKindEnum } from './application.types.js';
import { ApplicationStatusEnum } from './application-status.types.js';

@InputType({ description: 'Which applications to list; what is not given does not narrow the list.' })
export class ApplicationFilterInput {
  @Field(() => [ApplicationStatusEnum], { nullable: true, description: 'Only those in one of these statuses.' })
  statuses?: ApplicationStatus[] | null;

  @Field(() => [ApplicationKindEnum], { nullable: true, description: 'Only new ones, amendments or renewals.' })
  kinds?: ApplicationKind[] | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this organization.' })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those to this program.' })
  programId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only those to programs for one of these products, by their codes.',
  })
  productCodes?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Only the one with this reference.' })
  reference?: string | null;

  @Field(() => [String], { nullable: true, description: 'Only those at one of these stages, by their keys.' })
  stageKeys?: string[] | null;

  @Field(() => [SectorEnum], { nullable: true, description: 'Only those of organizations in one of these sectors.' })
  sectors?: OrganizationSector[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only those of organizations in one of these countries: two letters of ISO 3166-1.',
  })
  countries?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those submitted at this moment or later.' })
  submittedFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those submitted before this moment.' })
  submittedBefore?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those decided at this moment or later.' })
  decidedFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those decided before this moment.' })
  decidedBefore?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those that last changed at this moment or later.' })
  updatedFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those that last changed before this moment.' })
  updatedBefore?: Date | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only those that wait in one of these queues. Staff only; with it, the list is empty for others.',
  })
  queues?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only what this member of staff has in hand. Staff only; with it, the list is empty for others.',
  })
  assigneeId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only what somebody, or nobody, has in hand. Staff only; with it, the list is empty for others.',
  })
  isAssigned?: boolean | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only what is due at this moment or later. Staff only; with it, the list is empty for others.',
  })
  dueFrom?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Only what is due before this moment. Staff only; with it, the list is empty for others.',
  })
  dueBefore?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only what should have been done by now, or what there is still time for. Staff only; with it, the list is empty for others.',
  })
  isOverdue?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only those whose partners wait for an answer to a message, or do not. Staff only; with it, the list is empty for others.',
  })
  awaitsReply?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those with, or without, messages of the other side that yours has not read.',
  })
  hasUnreadMessages?: boolean | null;
  @Field(() => [String], {
    nullable: true,
    description:
      'Only those on which, or on whose organization, one of these flags is up, by their keys. Staff only; with it, the list is empty for others.',
  })
  flags?: string[] | null;

  @Field(() => [RiskRatingEnum], {
    nullable: true,
    description: 'Only those of organizations rated so. Staff only; with it, the list is empty for others.',
  })
  risks?: RiskRating[] | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Only those whose `score` is this or better. Staff only; with it, the list is empty for others, and without what you may not know the score of yet.',
  })
  scoreFrom?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Only those whose `score` is worse than this. Staff only; with it, the list is empty for others, and without what you may not know the score of yet.',
  })
  scoreBelow?: number | null;
}

@InputType({ description: 'A draft to start.' })
export class StartApplicationInput {
  @Field(() => ID, { description: 'The organization that applies.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The program it applies to.' })
  programId!: string;
}

@InputType({ description: 'An application.' })
export class ApplicationCommandInput {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'An application that was opened.' })
export class MarkApplicationViewedInput {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;
}

@InputType({ description: 'Answers to save.' })
export class SaveDraftInput extends ApplicationCommandInput {
  @Field(() => JsonObject, {
    description: 'Answers by question. Those named replace what was saved, null takes one away, the others stay.',
  })
  answers!: Record<string, unknown>;
}

@InputType({ description: 'Terms to accept.' })
export class AcceptTermsInput {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;

  @Field(() => ID, { description: 'The version of the terms that you have read.' })
  termsId!: string;
}

@InputType({ description: 'An application, and why.' })
export class ReasonedApplicationInput extends ApplicationCommandInput {
  @Field(() => String, { description: 'Why; the partner sees it.' })
  reason!: string;
}

@InputType({ description: 'An application to withdraw.' })
export class WithdrawApplicationInput extends ApplicationCommandInput {
  @Field(() => String, { nullable: true, description: 'Why, if you want to say.' })
  reason?: string | null;
}

@InputType({ description: 'An application, and who should have it in hand.' })
export class AssignApplicationInput extends ApplicationCommandInput {
  @Field(() => ID, { nullable: true, description: 'The member of staff; null for nobody.' })
  staffId?: string | null;
}

@ObjectType({ description: 'What came of the command.' })
export class ApplicationPayload extends Payload {
  @Field(() => Application, {
    nullable: true,
    description: 'The application as it is now; null when nothing was changed.',
  })
  application?: Application | null;
}
