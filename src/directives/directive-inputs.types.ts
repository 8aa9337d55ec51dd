import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTime } from '../api/scalars.js';
import type {
  DirectiveKind,
  DirectiveStatus,
  ForeignPersonRule,
  OperatorStaffRule,
  ScopeEntryStatus,
} from '../lifecycle/directive.js';
import { type OrganizationSector, SectorEnum } from '../organizations/sector.types.js';
import type { EntryEffect } from './directive.entity.js';
import {
  DirectiveKindEnum,
  DirectiveStatusEnum,
  ForeignPersonRuleEnum,
  OperatorStaffRuleEnum,
  ScopeEntryEffectEnum,
  ScopeEntryStatusEnum,
} from './directive-enums.types.js';

@InputType({ description: 'An authority to register.' })
export class RegisterAuthorityInput {
  @Field(() => String, { description: 'What it is called, at most 200 characters.' })
  name!: string;

  @Field(() => String, { description: 'Where its orders hold, at most 200 characters.' })
  jurisdiction!: string;
}

@InputType({ description: 'What a directive lays down, beside whom it names.' })
export class DirectiveTermsInput {
  @Field(() => [String], { description: 'The products it is about, by their codes, at most 50.' })
  products!: string[];

  @Field(() => [SectorEnum], { nullable: true, description: 'The sectors in scope; any when not said.' })
  sectors?: OrganizationSector[] | null;

  @Field(() => [String], { nullable: true, description: 'The countries in scope, by ISO 3166-1; any when not said.' })
  countries?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'The countries that are shut out, by ISO 3166-1.' })
  excludedCountries?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a printed name stands for those that belong to it, too; only when the letter says so.',
  })
  includesAffiliates?: boolean | null;

  @Field(() => [String], { nullable: true, description: 'The conditions that every grant under it must carry.' })
  conditions?: string[] | null;

  @Field(() => ForeignPersonRuleEnum, {
    nullable: true,
    description: 'What holds for foreign persons among the named users; NO_RULE when not said.',
  })
  foreignPersons?: ForeignPersonRule | null;

  @Field(() => OperatorStaffRuleEnum, {
    nullable: true,
    description: 'What holds for the operator’s own staff; AS_OTHERS when not said.',
  })
  operatorStaff?: OperatorStaffRule | null;
}

@InputType({ description: 'A name as the letter prints it.' })
export class PrintedNameInput {
  @Field(() => String, { description: 'The name, letter by letter, at most 300 characters.' })
  name!: string;

  @Field(() => ScopeEntryEffectEnum, { description: 'What the letter says of whoever it is.' })
  effect!: EntryEffect;
}

@InputType()
abstract class LetterInput {
  @Field(() => ID, { description: 'Whose it is.' })
  authorityId!: string;

  @Field(() => String, { description: 'The authority’s own reference, at most 100 characters.' })
  reference!: string;

  @Field(() => String, { description: 'What the letter says, in a few sentences.' })
  summary!: string;

  @Field(() => DateTime, { description: 'When the authority issued it.' })
  issuedAt!: Date;

  @Field(() => DateTime, { description: 'When the operator received it.' })
  receivedAt!: Date;

  @Field(() => DateTime, { description: 'From when it takes effect; may be past, or to come.' })
  effectiveAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it is to be looked at again.' })
  reviewAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'The SHA-256 of the letter, in hexadecimal digits.' })
  letterSha256?: string | null;
}

@InputType({ description: 'A directive to record. It binds nothing before another person puts it in force.' })
export class RecordDirectiveInput extends LetterInput {
  @Field(() => DirectiveKindEnum, { description: 'What is ordered.' })
  kind!: DirectiveKind;

  @Field(() => ID, { nullable: true, description: 'The directive that it amends or rescinds.' })
  changesId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Until when it holds; until it is changed when not said.' })
  expiresAt?: Date | null;

  @Field(() => DirectiveTermsInput, { nullable: true, description: 'What it lays down; nothing for a rescission.' })
  terms?: DirectiveTermsInput | null;

  @Field(() => [PrintedNameInput], { nullable: true, description: 'The names it prints, in its order; at most 1,000.' })
  entries?: PrintedNameInput[] | null;
}

@InputType({ description: 'A halt that cannot wait for a second person.' })
export class OrderEmergencyHaltInput extends LetterInput {
  @Field(() => [String], { description: 'The products to halt, by their codes.' })
  products!: string[];

  @Field(() => ForeignPersonRuleEnum, {
    nullable: true,
    description: 'What the letter says of foreign persons; NO_RULE when not said. The halt shuts everybody out anyway.',
  })
  foreignPersons?: ForeignPersonRule | null;

  @Field(() => OperatorStaffRuleEnum, {
    nullable: true,
    description:
      'What the letter says of the operator’s own staff; AS_OTHERS when not said. The halt shuts everybody out anyway.',
  })
  operatorStaff?: OperatorStaffRule | null;
}

@InputType({ description: 'A directive, and what to do with it.' })
export class DirectiveCommandInput {
  @Field(() => ID, { description: 'The directive.' })
  directiveId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A record that was made in error.' })
export class WithdrawDirectiveInput extends DirectiveCommandInput {
  @Field(() => String, { description: 'What was wrong with it.' })
  reason!: string;
}

@InputType({ description: 'A printed name, and whose it is.' })
export class MatchDirectiveEntryInput {
  @Field(() => ID, { description: 'The printed name.' })
  entryId!: string;

  @Field(() => ScopeEntryStatusEnum, { description: 'How far it is matched.' })
  status!: ScopeEntryStatus;

  @Field(() => ID, { nullable: true, description: 'Whose name it is; given with MATCHED, and only then.' })
  organizationId?: string | null;

  @Field(() => String, { description: 'What shows it, or why it is doubted.' })
  evidence!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'Which directives.' })
export class DirectiveFilterInput {
  @Field(() => [DirectiveStatusEnum], { nullable: true, description: 'Those that stand so.' })
  statuses?: DirectiveStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Those about this product, by its code.' })
  productCode?: string | null;
}
