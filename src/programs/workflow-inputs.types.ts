import { Field, InputType, Int } from 'type-graphql';
import { StaffRoleEnum } from '../api/role-enums.js';
import type { StaffRole } from '../lifecycle/roles.js';
import type { Weekday } from '../lifecycle/working-time.js';
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

  @Field(() => WorkingCalendarInput, { description: 'The hours that count.' })
  calendar!: WorkingCalendarInput;
}
