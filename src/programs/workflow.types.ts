import { Field, Int, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { StaffRoleEnum } from '../api/role-enums.js';
import type { StaffRole } from '../lifecycle/roles.js';
import { type Weekday, weekdays } from '../lifecycle/working-time.js';
import { RoutingRule } from './routing-rule.types.js';

const dayNames = Object.fromEntries(
  weekdays.map((day) => [day, `${day.charAt(0)}${day.slice(1).toLowerCase()}.`]),
) as Record<Weekday, string>;
export const WeekdayEnum = registeredEnum('Weekday', 'A day of the week.', dayNames);

@ObjectType({ description: 'Hours that are worked on a day of the week, as clocks show them.' })
export class WorkingHours {
  @Field(() => WeekdayEnum, { description: 'The day of the week.' })
  day!: Weekday;

  @Field(() => String, { description: 'From when, such as 09:00.' })
  from!: string;

  @Field(() => String, { description: 'To when, such as 17:00; 24:00 is the end of the day.' })
  to!: string;
}

@ObjectType({ description: 'A day off.' })
export class Holiday {
  @Field(() => String, { description: 'The date, such as 2026-12-25.' })
  date!: string;

  @Field(() => String, { description: 'What is celebrated.' })
  name!: string;
}

@ObjectType({ description: 'When people work: the hours that count.' })
export class WorkingCalendar {
  @Field(() => String, { description: 'The time zone whose clocks count, by its IANA name.' })
  timeZone!: string;

  @Field(() => [WorkingHours], { description: 'The hours of a week.' })
  hours!: readonly WorkingHours[];

  @Field(() => [Holiday], { description: 'The days off.' })
  holidays!: readonly Holiday[];
}

@ObjectType({ description: 'How many different people must recommend in a role.' })
export class RequiredRecommendations {
  @Field(() => StaffRoleEnum, { description: 'The role.' })
  role!: StaffRole;

  @Field(() => Int, { description: 'How many people.' })
  count!: number;
}

@ObjectType({ description: 'Something that staff look into and mark.' })
export class StageCheck {
  @Field(() => String, { description: 'Names the check within its stage.' })
  key!: string;

  @Field(() => String, { description: 'What is looked into, in a few words.' })
  title!: string;

  @Field(() => [StaffRoleEnum], { description: 'Who may mark it.' })
  by!: readonly StaffRole[];
}

@ObjectType({ description: 'Something that recommendations at a stage give a score to.' })
export class Criterion {
  @Field(() => String, { description: 'Names the criterion within its stage.' })
  key!: string;

  @Field(() => String, { description: 'What is judged, in a few words.' })
  title!: string;

  @Field(() => Int, { description: 'How much it counts, beside the other criteria of the stage.' })
  weight!: number;

  @Field(() => Int, { description: 'The best score; the worst is 0.' })
  scale!: number;
}

@ObjectType({ description: 'One step of a review.' })
export class Stage {
  @Field(() => String, { description: 'Names the stage within the workflow.' })
  key!: string;

  @Field(() => String, { description: 'What people call the stage.' })
  name!: string;

  @Field(() => String, { description: 'The queue that staff work from while an application is at this stage.' })
  queue!: string;

  @Field(() => Int, { description: 'Working hours from entering the stage until it should be left.' })
  slaWorkingHours!: number;

  @Field(() => [RequiredRecommendations], {
    description: 'Who must have recommended before the stage can be left; nobody counts twice.',
  })
  requiredRecommendations!: readonly RequiredRecommendations[];

  @Field(() => [Criterion], { description: 'The scorecard: what each recommendation scores; empty without one.' })
  criteria!: readonly Criterion[];

  @Field(() => Boolean, {
    description: 'Whether reviewers see one another’s recommendations only once their own is in, or the stage is over.',
  })
  blind!: boolean;

  @Field(() => [StageCheck], { description: 'What must be marked as passed before the stage can be left.' })
  requiredChecks!: readonly StageCheck[];

  @Field(() => [String], {
    description: 'Keys of document requirements: what must be there before the stage can be left.',
  })
  requiredDocuments!: readonly string[];

  @Field(() => [StaffRoleEnum], {
    description: 'Who may move an application on from here; nobody at the last stage, where decisions are proposed.',
  })
  advanceBy!: readonly StaffRole[];
}

@ObjectType({ description: 'Where submitted applications wait to be taken in.' })
export class Intake {
  @Field(() => String, { description: 'The queue they wait in.' })
  queue!: string;

  @Field(() => Int, { description: 'Working hours within which an application should be taken in.' })
  slaWorkingHours!: number;
}

@ObjectType({ description: 'How applications to a program are reviewed.' })
export class Workflow {
  @Field(() => Intake, { description: 'Where submitted applications wait to be taken in.' })
  intake!: Intake;

  @Field(() => [Stage], { description: 'The stages in order. At the last one decisions are proposed.' })
  stages!: readonly Stage[];

  @Field(() => Int, { description: 'Working hours within which a proposed decision should be countersigned.' })
  countersignWithinWorkingHours!: number;

  @Field(() => Int, {
    description: 'Working hours from submission, or from an appeal, until an application should be decided.',
  })
  decideWithinWorkingHours!: number;

  @Field(() => Int, {
    description: 'Staff are warned when this share of the time for a stage, or for the whole, is used, in percent.',
  })
  warnAtPercent!: number;

  @Field(() => StaffRoleEnum, { description: 'Who is told when the time for a stage, or for the whole, is over.' })
  escalateTo!: StaffRole;

  @Field(() => Int, { description: 'Days after a refusal during which the partner may appeal.' })
  appealWithinDays!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Working days after answers of the partner were due, when the application lapses; null when it never does.',
  })
  lapseAfterWorkingDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many must countersign an approval, besides whoever proposed it; null for one.',
  })
  approvalCountersignatures?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many must countersign a refusal, besides whoever proposed it; null for one.',
  })
  refusalCountersignatures?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Days that the partner has to answer a refusal before it is final; null when it is final at once.',
  })
  intentToRefuseDays?: number | null;

  @Field(() => WorkingCalendar, { description: 'The hours that count.' })
  calendar!: WorkingCalendar;

  @Field(() => [RoutingRule], {
    nullable: true,
    description:
      'Where applications go, tried in order on entry to intake and to each stage; null when always into the queue.',
  })
  routing?: readonly RoutingRule[] | null;
}
