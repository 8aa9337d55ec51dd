import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload, UserError } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime, JsonObject } from '../api/scalars.js';
import { type ProgramStatus, programStatuses } from './program.entity.js';
import { Workflow } from './workflow.types.js';

export const ProgramStatusEnum = registeredEnum(
  'ProgramStatus',
  'Whether a program takes new applications.',
  programStatuses,
);

@ObjectType({ description: 'A document that a program asks for.' })
export class DocumentRequirement {
  @Field(() => String, { description: 'Names the requirement when a document is uploaded for it.' })
  key!: string;

  @Field(() => String, { description: 'What the document is, in a few words.' })
  title!: string;

  @Field(() => String, { description: 'What the document should show.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether an application can be submitted without it.' })
  required!: boolean;
}

@ObjectType({
  implements: Node,
  description: 'Terms as they were published. They never change; new terms get a new label.',
})
export class TermsVersion extends Node {
  @Field(() => String, { description: 'What people call this version.' })
  label!: string;

  @Field(() => String, { description: 'The text.' })
  body!: string;

  @Field(() => String, { description: 'SHA-256 of the text in UTF-8, in hexadecimal: what an acceptance refers to.' })
  sha256!: string;

  @Field(() => DateTime, { description: 'When it was published.' })
  publishedAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'By when whoever held a grant then has to accept it; null when nobody was asked to.',
  })
  reacceptBy!: Date | null;
}

@ObjectType({ description: 'How those who apply to a program are screened.' })
export class ScreeningPolicy {
  @Field(() => Int, { description: 'The least score that makes a hit, out of 100.' })
  threshold!: number;

  @Field(() => Boolean, {
    description: 'Whether an active grant is suspended at once when its organization has a hit.',
  })
  suspendsOnHit!: boolean;
}

@ObjectType({ description: 'What a program lays down for the grants that follow.' })
export class GrantPolicy {
  @Field(() => String, {
    nullable: true,
    description: 'The question whose answer says how many seats a grant has; null when none does.',
  })
  seatsQuestion!: string | null;

  @Field(() => Int, { description: 'How many seats it has when that is not answered, or not asked.' })
  defaultSeats!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The question whose answer lists the environments or regions it is for; null when none does.',
  })
  regionsQuestion!: string | null;

  @Field(() => Int, { description: 'Days before its end from which a grant can be renewed.' })
  renewalOpensDays!: number;

  @Field(() => [String], {
    nullable: true,
    description: 'Keys of the stages that renewals pass, besides the last; null for all. Staff only.',
  })
  renewalStages!: readonly string[] | null;

  @Field(() => Int, { nullable: true, description: 'Every so many days a grant is recertified; null for never.' })
  recertifyEveryDays!: number | null;

  @Field(() => Int, { description: 'Days before a recertification is due from which it can be given.' })
  recertifyNoticeDays!: number;
}

@ObjectType({
  description:
    'What partners answer, provide and accept, and how staff review it. It never changes; a program gets a new version.',
})
export class ProgramVersion {
  @Field(() => Int, { description: 'Counts the program’s versions, from 1.' })
  number!: number;

  @Field(() => JsonObject, { description: 'The questions: a JSON Schema (2020-12) whose root describes an object.' })
  questionnaire!: object;

  @Field(() => [DocumentRequirement], { description: 'The documents asked for.' })
  documentRequirements!: readonly DocumentRequirement[];

  @Field(() => TermsVersion, { description: 'The terms that an applicant accepts.' })
  terms!: TermsVersion;

  @Field(() => Workflow, {
    nullable: true,
    description: 'How staff review applications. Staff only; null for partners.',
  })
  workflow!: Workflow | null;

  @Field(() => [UserError], {
    description:
      'Where applications would stay for ever because of who works for the operator today. Staff only; empty for partners.',
  })
  staffingProblems!: readonly UserError[];

  @Field(() => Int, { description: 'How many months a grant lasts.' })
  grantMonths!: number;

  @Field(() => ScreeningPolicy, {
    nullable: true,
    description:
      'How applicants are screened; the version that is current holds for all of the program. Staff only; null for partners.',
  })
  screening!: ScreeningPolicy | null;

  @Field(() => GrantPolicy, {
    description:
      'Seats, renewal and recertification of grants. When they fall due goes by the version that is current.',
  })
  grantPolicy!: GrantPolicy;

  @Field(() => DateTime, { description: 'When it was published.' })
  publishedAt!: Date;
}

@ObjectType({ implements: Node, description: 'A way to be let in to a restricted product.' })
export class Program extends Node {
  @Field(() => String, { description: 'Names the program in addresses and messages.' })
  code!: string;

  @Field(() => String, { description: 'What people call the program.' })
  name!: string;

  @Field(() => String, { description: 'What the program is for and who should apply.' })
  summary!: string;

  @Field(() => String, { description: 'The code of the product that it lets in to.' })
  productCode!: string;

  @Field(() => String, { description: 'The name of the product that it lets in to.' })
  productName!: string;

  @Field(() => ProgramStatusEnum, { description: 'Whether it takes new applications.' })
  status!: ProgramStatus;

  @Field(() => ProgramVersion, { nullable: true, description: 'What an application started now is made under.' })
  currentVersion!: ProgramVersion | null;

  @Field(() => [ProgramVersion], { description: 'Every version, newest first. Staff only; empty for partners.' })
  versions!: readonly ProgramVersion[];

  @Field(() => DateTime, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;
}

export const ProgramConnection = connectionOf(Program, 'Program', 'programs');

@ObjectType({ description: 'What came of the command.' })
export class ProgramPayload extends Payload {
  @Field(() => Program, { nullable: true, description: 'The program as it is now; null when nothing was changed.' })
  program?: Program | null;
}
