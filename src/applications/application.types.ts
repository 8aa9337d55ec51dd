import { Field, Float, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { UserError } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime, JsonObject } from '../api/scalars.js';
import { DecisionLetter } from '../decision-letters/decision-letter.types.js';
import { Document } from '../documents/document.types.js';
import { Flag } from '../flags/flag.types.js';
import { Grant } from '../grants/grant.types.js';
import { Person, StaffMember } from '../identity/identity.types.js';
import { type ApplicationKind, applicationKinds } from '../lifecycle/amendment.js';
import {
  type ApplicationCommand,
  type ApplicationStatus,
  allApplicationCommands,
  applicationCommands,
} from '../lifecycle/application.js';
import { Organization } from '../organizations/organization.types.js';
import { Program, ProgramVersion, TermsVersion } from '../programs/program.types.js';
import { InformationRequest } from '../questions/information-request.types.js';
import { CheckResult } from '../reviews/check.types.js';
import { Decision, IntentToRefuse } from '../reviews/decision.types.js';
import { Reopening } from '../reviews/reopening.types.js';
import { Recommendation, Recusal } from '../reviews/review.types.js';
import { StageAdvice } from '../reviews/stage-advice.types.js';
import { ApplicationRevision } from './application-revision.types.js';
import { applicationSorts } from './application-sort.queries.js';
import { ApplicationStatusEnum } from './application-status.types.js';
import { ApplicationEstimate, ApplicationTime } from './application-time.types.js';

export const ApplicationKindEnum = registeredEnum('ApplicationKind', 'What an application asks for.', applicationKinds);

export const ApplicationSortEnum = registeredEnum(
  'ApplicationSort',
  'In which order applications are listed.',
  applicationSorts,
);

const meanings = Object.fromEntries(allApplicationCommands.map((name) => [name, applicationCommands[name].does]));
const commands = registeredEnum('ApplicationCommand', 'What can be done with an application.', meanings);

@ObjectType({ description: 'The stage of review an application is at.' })
export class CurrentStage {
  @Field(() => String, { description: 'Names the stage within the workflow.' })
  key!: string;

  @Field(() => String, { description: 'What people call the stage.' })
  name!: string;
}

@ObjectType({ implements: Node, description: 'An organization’s request to be let in to a program’s product.' })
export class Application extends Node {
  @Field(() => String, { description: 'The reference that people quote.' })
  reference!: string;

  @Field(() => ApplicationKindEnum, {
    description: 'Whether it asks to be let in, or to change or go on with what was approved.',
  })
  kind!: ApplicationKind;

  @Field(() => Application, {
    nullable: true,
    description: 'What it amends, or whose grant it renews; null when it asks to be let in.',
  })
  amends!: Application | null;

  @Field(() => [Application], {
    description: 'Its amendments, first first; drafts are seen by their organization only.',
  })
  amendments!: readonly Application[];

  @Field(() => [Application], {
    description: 'The renewals of its grant, first first; drafts are seen by their organization only.',
  })
  renewals!: readonly Application[];

  @Field(() => ApplicationStatusEnum, {
    description: 'Where it stands. Partners are not told that a decision is proposed: for them it is still in review.',
  })
  status!: ApplicationStatus;

  @Field(() => Organization, { nullable: true, description: 'Who applies.' })
  organization!: Organization | null;

  @Field(() => Program, { nullable: true, description: 'What it applies to.' })
  program!: Program | null;

  @Field(() => ProgramVersion, { nullable: true, description: 'The version of the program it is made under.' })
  programVersion!: ProgramVersion | null;

  @Field(() => CurrentStage, { nullable: true, description: 'The stage of review it is at; null outside of review.' })
  stage!: CurrentStage | null;

  @Field(() => String, { nullable: true, description: 'The queue it waits in. Staff only; null for partners.' })
  queue!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When staff should have done what is next; null while it waits for nobody of staff. Staff only.',
  })
  dueAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it should be decided; null while its clock does not run. Staff only.',
  })
  decisionDueAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many are before it in its queue, 0 when it is next; null while it waits in none.',
  })
  queuePosition!: number | null;

  @Field(() => ApplicationTime, {
    nullable: true,
    description: 'How long it has been under way; null before it is first submitted.',
  })
  time!: ApplicationTime | null;

  @Field(() => ApplicationEstimate, {
    nullable: true,
    description: 'How long it may still take; null when nothing of staff is waited for, and on appeal.',
  })
  estimate!: ApplicationEstimate | null;

  @Field(() => StaffMember, {
    nullable: true,
    description: 'Who of staff has it in hand. Staff only; null for partners.',
  })
  assignee!: StaffMember | null;

  @Field(() => JsonObject, { description: 'The answers to the questionnaire, as saved last.' })
  answers!: object;

  @Field(() => Int, { description: 'How often it was submitted.' })
  revision!: number;

  @Field(() => [ApplicationRevision], { description: 'What was submitted, each time it was, first first.' })
  revisions!: readonly ApplicationRevision[];

  @Field(() => [TermsVersion], { description: 'The terms that were accepted with it.' })
  acceptedTerms!: readonly TermsVersion[];

  @Field(() => [Document], { description: 'The documents provided with it, first first.' })
  documents!: readonly Document[];

  @Field(() => [InformationRequest], { description: 'The questions of staff, first first.' })
  informationRequests!: readonly InformationRequest[];

  @Field(() => [Recommendation], {
    description:
      'What reviewers recommend, and what they recommended before they changed it, first first. Staff only; empty for partners.',
  })
  recommendations!: readonly Recommendation[];

  @Field(() => [StageAdvice], {
    description:
      'What is recommended at each stage that asks for it, counted, in the order of the stages. Staff only; empty for partners.',
  })
  stageAdvice!: readonly StageAdvice[];

  @Field(() => Float, {
    nullable: true,
    description:
      'The mean score of all that stands for the present revision, out of 100; null without any, and while some of it is kept from you. Staff only; null for partners.',
  })
  score!: number | null;

  @Field(() => [CheckResult], {
    description: 'What came of the checks of its stages, first first. Staff only; empty for partners.',
  })
  checkResults!: readonly CheckResult[];

  @Field(() => [Decision], { description: 'The decisions, first first. Partners see those that are final.' })
  decisions!: readonly Decision[];

  @Field(() => [Reopening], {
    description: 'That it was reopened, or was to be, first first. Partners see what was confirmed.',
  })
  reopenings!: readonly Reopening[];
  @Field(() => [DecisionLetter], {
    description: 'The letters that tell of final decisions, first first. A letter is there soon after its decision.',
  })
  decisionLetters!: readonly DecisionLetter[];

  @Field(() => [IntentToRefuse], {
    description: 'The refusals that were announced before they were final, first first.',
  })
  intentsToRefuse!: readonly IntentToRefuse[];

  @Field(() => [Recusal], {
    description: 'Who must not judge its organization, and who once had not to. Staff only; empty for partners.',
  })
  recusals!: readonly Recusal[];

  @Field(() => [Flag], {
    description:
      'The flags that are up on it, oldest first; the organization has its own. Staff only; empty for partners.',
  })
  flags!: readonly Flag[];

  @Field(() => Int, { description: 'How many messages of the other side yours has not read.' })
  unreadMessages!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when the partner waits for an answer to a message; null while it does not. Staff only.',
  })
  awaitsReplySince!: Date | null;

  @Field(() => Grant, {
    nullable: true,
    description: 'The grant that followed from its approval; of an amendment or a renewal, the one that it is about.',
  })
  grant!: Grant | null;

  @Field(() => String, { nullable: true, description: 'Why it was returned, closed or withdrawn, or lapsed.' })
  statusReason!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when its refusal can be appealed; null when it cannot.',
  })
  appealBefore!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who started it.' })
  createdBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was started.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was last submitted.' })
  submittedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it came to where it is in the review.' })
  stageEnteredAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last decided.' })
  decidedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When its refusal was appealed.' })
  appealedAt!: Date | null;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;

  @Field(() => [commands], {
    description:
      'Exactly the commands that would be accepted from you now, but for what is in their input, and for the product’s release, which is asked when access is given.',
  })
  availableCommands!: readonly ApplicationCommand[];

  @Field(() => [UserError], {
    description: 'What is still missing or wrong before it can be submitted; empty when it can.',
  })
  submissionProblems!: readonly UserError[];

  @Field(() => [UserError], {
    description: 'What the present stage asks for and is not there yet. Staff only; empty for partners.',
  })
  stageProblems!: readonly UserError[];
}

export const ApplicationConnection = connectionOf(Application, 'Application', 'applications');

@ObjectType({ description: 'How much waits in a queue.' })
export class QueueSummary {
  @Field(() => String, { description: 'The queue.' })
  name!: string;

  @Field(() => Int, { description: 'How many applications wait.' })
  waiting!: number;

  @Field(() => Int, { description: 'How many of them should have been done by now.' })
  overdue!: number;

  @Field(() => Int, { description: 'How many of them nobody has in hand.' })
  unassigned!: number;

  @Field(() => DateTime, { nullable: true, description: 'When the first of them is due.' })
  oldestDueAt!: Date | null;
}
