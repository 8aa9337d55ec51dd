import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTime, JsonObject } from '../api/scalars.js';
import { defaultGrantPolicy, mostSeats } from '../lifecycle/grant-policy.js';
import { defaultScreeningPolicy, thresholds } from '../lifecycle/screening.js';
import type { ProgramStatus } from './program.entity.js';
import { ProgramStatusEnum } from './program.types.js';
import { WorkflowInput } from './workflow-inputs.types.js';

@InputType({ description: 'A document that a program asks for.' })
export class DocumentRequirementInput {
  @Field(() => String, { description: 'Lower-case words joined by hyphens, unique in the program.' })
  key!: string;

  @Field(() => String, { description: 'What the document is, in a few words.' })
  title!: string;

  @Field(() => String, { description: 'What the document should show.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether an application can be submitted without it.' })
  required!: boolean;
}

@InputType({ description: 'The terms of a program.' })
export class TermsInput {
  @Field(() => String, { description: 'What people call this version, e.g. 2026-11. A new text needs a new label.' })
  label!: string;

  @Field(() => String, { description: 'The text that applicants accept.' })
  body!: string;
}

@InputType({ description: 'How those who apply to a program are screened.' })
export class ScreeningPolicyInput {
  @Field(() => Int, { description: `The least score that makes a hit, ${thresholds.least} to ${thresholds.most}.` })
  threshold!: number;

  @Field(() => Boolean, {
    description: 'Whether an active grant is suspended at once when its organization has a hit.',
  })
  suspendsOnHit!: boolean;
}

@InputType({
  description:
    'What a program lays down for the grants that follow; what is not given is as the portal does it by itself.',
})
export class GrantPolicyInput {
  @Field(() => String, {
    nullable: true,
    description: `The question whose answer says how many seats a grant has; null for none. When not given: ${defaultGrantPolicy.seatsQuestion}.`,
  })
  seatsQuestion?: string | null;

  @Field(() => Int, {
    defaultValue: defaultGrantPolicy.defaultSeats,
    description: `How many seats a grant has when that is not answered, or not asked, 1 to ${mostSeats}.`,
  })
  defaultSeats!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The question whose answer lists the environments or regions a grant is for.',
  })
  regionsQuestion?: string | null;

  @Field(() => Int, {
    defaultValue: defaultGrantPolicy.renewalOpensDays,
    description: 'Days before its end from which a grant can be renewed, 1 to 3660.',
  })
  renewalOpensDays!: number;

  @Field(() => [String], {
    nullable: true,
    description: 'Keys of the stages that renewals pass, besides the last, which all do. When not given: all.',
  })
  renewalStages?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Every so many days a grant is recertified: more than the days of notice, at most 3660. When not given: never.',
  })
  recertifyEveryDays?: number | null;

  @Field(() => Int, {
    defaultValue: defaultGrantPolicy.recertifyNoticeDays,
    description: 'Days before a recertification is due from which it can be given, 1 to 366.',
  })
  recertifyNoticeDays!: number;
}

@InputType({ description: 'What partners answer, provide and accept, and how staff review it.' })
export class ProgramVersionInput {
  @Field(() => JsonObject, { description: 'The questions: a JSON Schema (2020-12) with "type": "object" at its root.' })
  questionnaire!: Record<string, unknown>;

  @Field(() => [DocumentRequirementInput], { description: 'The documents asked for.' })
  documentRequirements!: DocumentRequirementInput[];

  @Field(() => WorkflowInput, { description: 'How staff review applications.' })
  workflow!: WorkflowInput;

  @Field(() => TermsInput, { description: 'The terms that an applicant accepts.' })
  terms!: TermsInput;

  @Field(() => Int, { description: 'How many months a grant lasts, 1 to 120.' })
  grantMonths!: number;

  @Field(() => ScreeningPolicyInput, {
    nullable: true,
    description: `How applicants are screened. When not given: by a threshold of ${defaultScreeningPolicy.threshold}, and no grant is suspended by itself.`,
  })
  screening?: ScreeningPolicyInput | null;

  @Field(() => GrantPolicyInput, {
    nullable: true,
    description: 'Seats, renewal and recertification of grants. When not given: as the portal does it by itself.',
  })
  grantPolicy?: GrantPolicyInput | null;
}

@InputType({ description: 'A new program with its first version.' })
export class CreateProgramInput {
  @Field(() => String, { description: 'Lower-case words joined by hyphens, unique.' })
  code!: string;

  @Field(() => String, { description: 'What people call the program.' })
  name!: string;

  @Field(() => String, { description: 'What the program is for and who should apply.' })
  summary!: string;

  @Field(() => String, { description: 'The code of the product: lower-case words joined by hyphens.' })
  productCode!: string;

  @Field(() => String, { description: 'The name of the product.' })
  productName!: string;

  @Field(() => ProgramVersionInput, { description: 'Its first version.' })
  version!: ProgramVersionInput;
}

@InputType({ description: 'A new version of a program.' })
export class PublishProgramVersionInput {
  @Field(() => ID, { description: 'The program.' })
  programId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The program’s version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;

  @Field(() => ProgramVersionInput, { description: 'The new version. Applications already started keep theirs.' })
  version!: ProgramVersionInput;

  @Field(() => Boolean, { nullable: true, description: 'Publish nothing, and say only what is wrong.' })
  dryRun?: boolean | null;
}

@InputType({ description: 'New terms for a program.' })
export class PublishProgramTermsInput {
  @Field(() => ID, { description: 'The program.' })
  programId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The program’s version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;

  @Field(() => TermsInput, {
    description: 'The terms of the new version; everything else is as in the version before.',
  })
  terms!: TermsInput;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'By when whoever holds a grant of the program has to accept them; grants are suspended from then on until they are accepted. Nobody is asked when it is not given.',
  })
  reacceptBy?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Publish nothing, and say only what is wrong.' })
  dryRun?: boolean | null;
}

@InputType({ description: 'A new workflow for a program.' })
export class PublishProgramWorkflowInput {
  @Field(() => ID, { description: 'The program.' })
  programId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The program’s version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;

  @Field(() => WorkflowInput, {
    description: 'The workflow of the new version; everything else is as in the version before.',
  })
  workflow!: WorkflowInput;

  @Field(() => Boolean, { nullable: true, description: 'Publish nothing, and say only what is wrong.' })
  dryRun?: boolean | null;
}

@InputType({ description: 'Opens a program for applications, or closes it.' })
export class SetProgramStatusInput {
  @Field(() => ID, { description: 'The program.' })
  programId!: string;

  @Field(() => ProgramStatusEnum, { description: 'What it should be.' })
  status!: ProgramStatus;

  @Field(() => Int, {
    nullable: true,
    description: 'The program’s version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}
