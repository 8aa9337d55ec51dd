import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { StaffRoleEnum } from '../api/role-enums.js';
import type { FlagPlace } from '../lifecycle/flags.js';
import { lapseAfterWorkingDaysByDefault } from '../lifecycle/information-request.js';
import type { StaffRole } from '../lifecycle/roles.js';
import type { Weekday } from '../lifecycle/working-time.js';
import { type RiskRating, RiskRatingEnum } from '../organizations/organization-risk.types.js';
import { type OrganizationSector, SectorEnum } from '../organizations/sector.types.js';
import { FlagPlaceEnum } from './routing-rule.types.js';
import { WeekdayEnum } from './workflow.types.js';

@InputType({ description: 'Hours that are worked on a day of the week, as clocks show them.' })
export class WorkingHoursInput {
  @Field(() => WeekdayEnum, { description: 'The day of the week. It can have several hours that do not overlap.' })
  day!: Weekday;

  @Field(() => String, { description: 'From when, such as 09:00.' })
  from!: string;

  @Field(() => String, { description: 'To when, such as 17:00; 24:00 is the end of the day.' })
  to!: string;
}

@InputType({ description: 'A day off.' })
export class HolidayInput {
  @Field(() => String, { description: 'The date, such as 2026-12-25.' })
  date!: string;

  @Field(() => String, { description: 'What is celebrated.' })
  name!: string;
}

@InputType({ description: 'When people work: the hours that count.' })
export class WorkingCalendarInput {
  @Field(() => String, { description: 'The time zone whose clocks count, by its IANA name, such as Europe/Amsterdam.' })
  timeZone!: string;

  @Field(() => [WorkingHoursInput], { description: 'The hours of a week, at least one.' })
  hours!: WorkingHoursInput[];

  @Field(() => [HolidayInput], { description: 'The days off.' })
  holidays!: HolidayInput[];
}

@InputType({ description: 'How many different people must recommend in a role.' })
export class RequiredRecommendationsInput {
  @Field(() => StaffRoleEnum, { description: 'The role: INTAKE, REVIEWER or DECIDER.' })
  role!: StaffRole;

  @Field(() => Int, { description: 'How many people, 1 to 10; there must be so many.' })
  count!: number;
}

@InputType({ description: 'Something that staff look into and mark.' })
export class StageCheckInput {
  @Field(() => String, { description: 'Lower-case words joined by hyphens, unique in the stage.' })
  key!: string;

  @Field(() => String, { description: 'What is looked into, in a few words.' })
  title!: string;

  @Field(() => [StaffRoleEnum], { description: 'Who may mark it: at least one of INTAKE, REVIEWER, DECIDER.' })
  by!: StaffRole[];
}

@InputType({ description: 'Something that recommendations at a stage give a score to.' })
export class CriterionInput {
  @Field(() => String, { description: 'Lower-case words joined by hyphens, unique in the stage.' })
  key!: string;

  @Field(() => String, { description: 'What is judged, in a few words.' })
  title!: string;

  @Field(() => Int, { description: 'How much it counts, beside the other criteria of the stage, 1 to 100.' })
  weight!: number;

  @Field(() => Int, { description: 'The best score, 1 to 100; the worst is 0.' })
  scale!: number;
}

@InputType({ description: 'One step of a review.' })
export class StageInput {
  @Field(() => String, { description: 'Lower-case words joined by hyphens, unique in the workflow.' })
  key!: string;

  @Field(() => String, { description: 'What people call the stage.' })
  name!: string;

  @Field(() => String, { description: 'The queue that staff work from: lower-case words joined by hyphens.' })
  queue!: string;

  @Field(() => Int, { description: 'Working hours from entering the stage until it should be left, 1 to 2000.' })
  slaWorkingHours!: number;

  @Field(() => [RequiredRecommendationsInput], {
    description: 'Who must have recommended before the stage can be left. Each role once; nobody counts twice.',
  })
  requiredRecommendations!: RequiredRecommendationsInput[];

  @Field(() => [CriterionInput], {
    defaultValue: [],
    description: 'The scorecard: what each recommendation scores. Only at a stage that asks for recommendations.',
  })
  criteria!: CriterionInput[];

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether reviewers see one another’s recommendations only once their own is in, or the stage is over.',
  })
  blind!: boolean;

  @Field(() => [StageCheckInput], { description: 'What must be marked as passed before the stage can be left.' })
  requiredChecks!: StageCheckInput[];

  @Field(() => [String], {
    description: 'Keys of document requirements of the program: what must be there before the stage can be left.',
  })
  requiredDocuments!: string[];

  @Field(() => [StaffRoleEnum], {
    description: 'Who may move an application on; at least one, but none at the last stage.',
  })
  advanceBy!: StaffRole[];
}

@InputType({ description: 'Where submitted applications wait to be taken in.' })
export class IntakeInput {
  @Field(() => String, { description: 'The queue: lower-case words joined by hyphens.' })
  queue!: string;

  @Field(() => Int, { description: 'Working hours within which an application should be taken in, 1 to 2000.' })
  slaWorkingHours!: number;
}

@InputType({
  description: 'Something about the answer to a question: one of the three. Of a list of answers, one is enough.',
})
export class AnswerConditionInput {
  @Field(() => [String], { description: 'Where the answer is: names and list positions, outermost first; 1 to 10.' })
  path!: string[];

  @Field(() => String, { nullable: true, description: 'It is this. Numbers, true and false as they are written.' })
  equals?: string | null;

  @Field(() => [String], { nullable: true, description: 'It is one of these, at least one.' })
  in?: string[] | null;

  @Field(() => Float, { nullable: true, description: 'It is a number greater than this.' })
  greaterThan?: number | null;
}

@InputType({ description: 'What must hold of an application: exactly one of these.' })
export class RoutingConditionInput {
  @Field(() => [SectorEnum], { nullable: true, description: 'The organization is in one of these sectors.' })
  sectorIn?: OrganizationSector[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The organization is in one of these countries: two letters of ISO 3166-1 each.',
  })
  countryIn?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'The program is for one of these products, by their codes.' })
  productIn?: string[] | null;

  @Field(() => [RiskRatingEnum], { nullable: true, description: 'Staff rate the organization as one of these.' })
  riskIn?: RiskRating[] | null;

  @Field(() => AnswerConditionInput, { nullable: true, description: 'Something about an answer.' })
  answer?: AnswerConditionInput | null;

  @Field(() => [String], {
    nullable: true,
    description: 'One of these flags, by their keys, is up on the application or its organization.',
  })
  flaggedWith?: string[] | null;
}

@InputType({ description: 'A flag that a rule raises.' })
export class FlagToRaiseInput {
  @Field(() => String, { description: 'The flag, by its key.' })
  flag!: string;

  @Field(() => FlagPlaceEnum, { description: 'What it is raised on.' })
  on!: FlagPlace;

  @Field(() => Int, { nullable: true, description: 'Days after which it expires, 1 to 3660; never when not said.' })
  expiresAfterDays?: number | null;
}

@InputType({
  description:
    'Where an application goes that enters intake or a stage: a queue, somebody’s hands, or both. A rule that only raises flags does not end the search.',
})
export class RoutingRuleInput {
  @Field(() => String, { description: 'Lower-case words joined by hyphens, unique in the workflow.' })
  key!: string;

  @Field(() => String, { description: 'What people call the rule.' })
  name!: string;

  @Field(() => [String], {
    description: 'Keys of the stages that it is about; `intake` is where applications arrive. All when there are none.',
  })
  at!: string[];

  @Field(() => [RoutingConditionInput], {
    description: 'What must hold, all of it. It always does when there is nothing.',
  })
  when!: RoutingConditionInput[];

  @Field(() => String, { nullable: true, description: 'The queue it goes to; the stage’s own when not said.' })
  queue?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Members of staff of whom the least busy one who is on duty is given the application.',
  })
  reviewerIds?: string[] | null;

  @Field(() => StaffRoleEnum, { nullable: true, description: 'Besides those, whoever holds this role.' })
  role?: StaffRole | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Members of staff who step in when none of the others can; when they cannot either, it stays in the queue.',
  })
  fallbackIds?: string[] | null;

  @Field(() => [FlagToRaiseInput], { nullable: true, description: 'Flags that it raises.' })
  raiseFlags?: FlagToRaiseInput[] | null;
}

@InputType({ description: 'How applications to a program are reviewed.' })
export class WorkflowInput {
  @Field(() => IntakeInput, { description: 'Where submitted applications wait to be taken in.' })
  intake!: IntakeInput;

  @Field(() => [StageInput], {
    description: 'The stages in order, at least one. At the last one decisions are proposed.',
  })
  stages!: StageInput[];

  @Field(() => Int, {
    description: 'Working hours within which a proposed decision should be countersigned, 1 to 2000.',
  })
  countersignWithinWorkingHours!: number;

  @Field(() => Int, {
    description:
      'Working hours from submission, or from an appeal, until an application should be decided, 1 to 10000.',
  })
  decideWithinWorkingHours!: number;

  @Field(() => Int, {
    description: 'Staff are warned when this share of the time is used, in percent, 1 to 99.',
  })
  warnAtPercent!: number;

  @Field(() => StaffRoleEnum, { description: 'Who is told when the time for a stage, or for the whole, is over.' })
  escalateTo!: StaffRole;

  @Field(() => Int, { description: 'Days after a refusal during which the partner may appeal, 0 to 365.' })
  appealWithinDays!: number;

  @Field(() => Int, {
    nullable: true,
    defaultValue: lapseAfterWorkingDaysByDefault,
    description:
      'Working days after answers of the partner were due, when the application lapses, 1 to 250; null for never.',
  })
  lapseAfterWorkingDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many must countersign an approval, besides whoever proposed it: 1 or 2; 1 when not given.',
  })
  approvalCountersignatures?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many must countersign a refusal, besides whoever proposed it: 1 or 2; 1 when not given.',
  })
  refusalCountersignatures?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Days that the partner has to answer a refusal before it is final, 1 to 365; final at once when not given.',
  })
  intentToRefuseDays?: number | null;

  @Field(() => WorkingCalendarInput, { description: 'The hours that count.' })
  calendar!: WorkingCalendarInput;

  @Field(() => [RoutingRuleInput], {
    nullable: true,
    description:
      'Where applications go, tried in order on entry to intake and to each stage: the first that holds decides.',
  })
  routing?: RoutingRuleInput[] | null;
}
