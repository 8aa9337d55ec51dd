import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { Program, TermsVersion } from '../programs/program.types.js';

@ObjectType({ description: 'That an organization was asked to accept terms again, and whether it did.' })
export class Attestation {
  @Field(() => Program, { nullable: true, description: 'The program that asks for them.' })
  program!: Program | null;

  @Field(() => TermsVersion, { nullable: true, description: 'The terms.' })
  terms!: TermsVersion | null;

  @Field(() => String, { description: 'SHA-256 of their text, in hexadecimal.' })
  sha256!: string;

  @Field(() => DateTime, { description: 'When the organization was asked.' })
  askedAt!: Date;

  @Field(() => DateTime, { description: 'By when they have to be accepted.' })
  dueAt!: Date;

  @Field(() => Boolean, {
    description:
      'Whether they were not accepted in time, and the program asks for them still: then grants are suspended.',
  })
  isOverdue!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When they were accepted; null when they were not.' })
  givenAt!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who accepted them for the organization.' })
  givenBy!: Person | null;

  @Field(() => String, { nullable: true, description: 'From which address. For staff; null for others.' })
  ipAddress!: string | null;
}

@InputType({ description: 'Terms to accept for an organization.' })
export class AcceptOrganizationTermsInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The terms that it was asked to accept.' })
  termsId!: string;
}
