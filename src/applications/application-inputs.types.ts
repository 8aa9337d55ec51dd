import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../api/payload.js';
import { JsonObject } from '../api/scalars.js';
import type { ApplicationStatus } from '../lifecycle/application.js';
import { Application, ApplicationStatusEnum } from './application.types.js';

@InputType({ description: 'Which applications to list; what is not given does not narrow the list.' })
export class ApplicationFilterInput {
  @Field(() => [ApplicationStatusEnum], { nullable: true, description: 'Only those in one of these statuses.' })
  statuses?: ApplicationStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this organization.' })
  organizationId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those to this program.' })
  programId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only the one with this reference.' })
  reference?: string | null;
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
