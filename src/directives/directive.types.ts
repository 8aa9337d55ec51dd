import { Field, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import type {
  DirectiveCommand,
  DirectiveKind,
  DirectiveStatus,
  ForeignPersonRule,
  OperatorStaffRule,
  ScopeEntryStatus,
} from '../lifecycle/directive.js';
import { Organization } from '../organizations/organization.types.js';
import { type OrganizationSector, SectorEnum } from '../organizations/sector.types.js';
import type { EntryEffect } from './directive.entity.js';
import { DirectiveCompletion } from './directive-completion.types.js';
import {
  DirectiveCommandEnum,
  DirectiveKindEnum,
  DirectiveStatusEnum,
  ForeignPersonRuleEnum,
  OperatorStaffRuleEnum,
  ScopeEntryEffectEnum,
  ScopeEntryStatusEnum,
} from './directive-enums.types.js';
import { DirectiveLetter } from './directive-letter.types.js';

@ObjectType({ implements: Node, description: 'Who may order what is released. For staff.' })
export class Authority extends Node {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'Where its orders hold.' })
  jurisdiction!: string;

  @Field(() => DateTime, { description: 'When it was registered.' })
  createdAt!: Date;
}

@ObjectType({ description: 'What a directive lays down, beside whom it names.' })
export class DirectiveTerms {
  @Field(() => [String], { description: 'The products it is about, by their codes; empty for a designation.' })
  products!: readonly string[];

  @Field(() => [SectorEnum], { description: 'The sectors in scope; any when empty.' })
  sectors!: readonly OrganizationSector[];

  @Field(() => [String], { description: 'The countries in scope, by ISO 3166-1; any when empty.' })
  countries!: readonly string[];

  @Field(() => [String], { description: 'The countries that are shut out, by ISO 3166-1.' })
  excludedCountries!: readonly string[];

  @Field(() => Boolean, { description: 'Whether a printed name stands for those that belong to it, too.' })
  includesAffiliates!: boolean;

  @Field(() => [String], { description: 'The conditions that every grant under it must carry.' })
  conditions!: readonly string[];

  @Field(() => ForeignPersonRuleEnum, { description: 'What holds for foreign persons among the named users.' })
  foreignPersons!: ForeignPersonRule;

  @Field(() => OperatorStaffRuleEnum, { description: 'What holds for the operator’s own staff.' })
  operatorStaff!: OperatorStaffRule;
}

@ObjectType({ implements: Node, description: 'A name as a letter prints it, and whose it is. For staff.' })
export class DirectiveEntry extends Node {
  @Field(() => Int, { description: 'Where it stands in the letter, from 0.' })
  position!: number;

  @Field(() => String, { description: 'The name, letter by letter.' })
  printedName!: string;

  @Field(() => ScopeEntryEffectEnum, { description: 'What the letter says of whoever it is.' })
  effect!: EntryEffect;

  @Field(() => ScopeEntryStatusEnum, { description: 'How far it is matched.' })
  status!: ScopeEntryStatus;

  @Field(() => Organization, {
    nullable: true,
    description: 'Whose name it is; null when that is not known, or it is your own.',
  })
  organization!: Organization | null;

  @Field(() => String, { nullable: true, description: 'What shows it, or why it is doubted.' })
  evidence!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who said so.' })
  matchedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When.' })
  matchedAt!: Date | null;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;
}

export const DirectiveEntryConnection = connectionOf(DirectiveEntry, 'DirectiveEntry', 'printed names');

@ObjectType({ implements: Node, description: 'What an authority ordered. For staff.' })
export class Directive extends Node {
  @Field(() => Authority, { nullable: true, description: 'Whose it is.' })
  authority!: Authority | null;

  @Field(() => String, { description: 'The authority’s own reference.' })
  reference!: string;

  @Field(() => DirectiveKindEnum, { description: 'What is ordered.' })
  kind!: DirectiveKind;

  @Field(() => String, { description: 'What the letter says, in a few sentences.' })
  summary!: string;

  @Field(() => DirectiveStatusEnum, { description: 'Where its record stands.' })
  status!: DirectiveStatus;

  @Field(() => Directive, { nullable: true, description: 'The directive that it amends or rescinds; null for others.' })
  changes!: Directive | null;

  @Field(() => DateTime, { description: 'When the authority issued it.' })
  issuedAt!: Date;

  @Field(() => DateTime, { description: 'When the operator received it.' })
  receivedAt!: Date;

  @Field(() => DateTime, { description: 'From when it takes effect, once it is in force here.' })
  effectiveAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Until when it holds; null when until it is changed.' })
  expiresAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it is to be looked at again.' })
  reviewAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The SHA-256 of the letter, in hexadecimal digits.' })
  letterSha256!: string | null;

  @Field(() => DirectiveLetter, { nullable: true, description: 'The letter itself; null while it is not here.' })
  letter!: DirectiveLetter | null;

  @Field(() => DirectiveTerms, {
    nullable: true,
    description: 'What it lays down; null for one that takes another back.',
  })
  terms!: DirectiveTerms | null;

  @Field(() => Person, { nullable: true, description: 'Who recorded it.' })
  recordedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was recorded.' })
  recordedAt!: Date;

  @Field(() => Person, { nullable: true, description: 'Who put it in force; null while nobody has.' })
  putInForceBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'Since when it is in force here; null while it is not.' })
  inForceSince!: Date | null;

  @Field(() => Boolean, { description: 'Whether one person put it in force alone, because it could not wait.' })
  isEmergency!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when an emergency halt is to be ratified; null for others.',
  })
  ratifyBy!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who ratified it.' })
  ratifiedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was ratified; null while it is not.' })
  ratifiedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was told that it was not ratified in time.' })
  escalatedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why the record was withdrawn.' })
  withdrawnReason!: string | null;

  @Field(() => DirectiveCompletion, {
    nullable: true,
    description: 'How far access is closed that it shuts, counted in the records; null before it is in force.',
  })
  completion!: DirectiveCompletion | null;

  @Field(() => [DirectiveCommandEnum], { description: 'What you could do with it now.' })
  availableCommands!: readonly DirectiveCommand[];

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;
}

export const DirectiveConnection = connectionOf(Directive, 'Directive', 'directives');

@ObjectType({ description: 'What came of the command.' })
export class AuthorityPayload extends Payload {
  @Field(() => Authority, { nullable: true, description: 'The authority; null when nothing was changed.' })
  authority?: Authority | null;
}

@ObjectType({ description: 'What came of the command.' })
export class DirectivePayload extends Payload {
  @Field(() => Directive, { nullable: true, description: 'The directive as it is now; null when nothing was changed.' })
  directive?: Directive | null;
}
