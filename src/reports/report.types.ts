import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { type ProvisioningPassage, provisioningPassages } from './provisioning-times.queries.js';

const passages = registeredEnum('ProvisioningPassage', 'From what to what time is counted.', provisioningPassages);

@ObjectType({ description: 'A program, as reports name it.' })
export class ReportedProgram {
  @Field(() => ID, { description: 'Its id.' })
  programId!: string;

  @Field(() => String, { description: 'Its code.' })
  code!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;
}

@ObjectType({ description: 'A place where time is charged: a stage, or intake, or countersignature.' })
export class ReportedStage {
  @Field(() => String, { description: 'Names the stage within the workflow.' })
  key!: string;

  @Field(() => String, { description: 'What people call it now.' })
  name!: string;
}

@ObjectType({ description: 'How long something took, or has lasted, over several applications.' })
export class TimeSpread {
  @Field(() => Float, { description: 'Half of them took at most so many seconds.' })
  medianSeconds!: number;

  @Field(() => Float, { description: 'Nine of ten took at most so many seconds.' })
  percentileNinetySeconds!: number;

  @Field(() => Float, { description: 'None took longer, in seconds.' })
  longestSeconds!: number;
}

@ObjectType({ description: 'What came in and what was settled in a day, a week or a month.' })
export class Throughput {
  @Field(() => ReportedProgram, { description: 'The program.' })
  program!: ReportedProgram;

  @Field(() => String, {
    description: 'The first day of it, e.g. `2026-11-02`, as clocks in the program’s time zone show it.',
  })
  startsOn!: string;

  @Field(() => Int, { description: 'Applications that were submitted for the first time.' })
  submitted!: number;

  @Field(() => Int, { description: 'Applications that were approved as they were.' })
  approved!: number;

  @Field(() => Int, { description: 'Applications that were approved with conditions.' })
  approvedWithConditions!: number;

  @Field(() => Int, { description: 'Applications that were refused.' })
  refused!: number;

  @Field(() => Int, { description: 'How many of these decisions were on appeals.' })
  decidedOnAppeal!: number;

  @Field(() => Int, { description: 'Submitted applications that were withdrawn.' })
  withdrawn!: number;

  @Field(() => Int, { description: 'Applications that were returned without action.' })
  returnedWithoutAction!: number;
}

@ObjectType({ description: 'What was open at one place.' })
export class Backlog {
  @Field(() => ReportedProgram, { description: 'The program.' })
  program!: ReportedProgram;

  @Field(() => ReportedStage, { description: 'Where the applications were.' })
  stage!: ReportedStage;

  @Field(() => Int, { description: 'How many there were.' })
  open!: number;

  @Field(() => Int, { description: 'How many of them waited for staff.' })
  withStaff!: number;

  @Field(() => Int, { description: 'How many of them waited for an answer of the partner, their clocks paused.' })
  withPartner!: number;

  @Field(() => Int, { description: 'How many of those that waited for staff should have gone on already.' })
  overdue!: number;

  @Field(() => DateTime, { description: 'When the oldest of them was first submitted.' })
  oldestSince!: Date;
}

@ObjectType({ description: 'How old the open applications to a program were, since they were first submitted.' })
export class BacklogAge {
  @Field(() => ReportedProgram, { description: 'The program.' })
  program!: ReportedProgram;

  @Field(() => Int, { description: 'How many were open.' })
  open!: number;

  @Field(() => TimeSpread, { description: 'By the calendar.' })
  calendar!: TimeSpread;

  @Field(() => TimeSpread, { description: 'In working time that was charged.' })
  charged!: TimeSpread;
}

@ObjectType({ description: 'How long applications were at a stage.' })
export class StageTimes {
  @Field(() => ReportedProgram, { description: 'The program.' })
  program!: ReportedProgram;

  @Field(() => ReportedStage, { description: 'The stage.' })
  stage!: ReportedStage;

  @Field(() => Int, {
    description:
      'How many went on from there, or were decided there. An appeal counts once more; what was withdrawn there does not.',
  })
  applications!: number;

  @Field(() => TimeSpread, { description: 'Working time that was charged there, which is what SLAs are about.' })
  charged!: TimeSpread;

  @Field(() => TimeSpread, {
    description: 'By the calendar, from when it was first there until it left last, whatever it did between.',
  })
  calendar!: TimeSpread;

  @Field(() => TimeSpread, { description: 'By the calendar, while the clock was paused there.' })
  paused!: TimeSpread;
}

@ObjectType({ description: 'How often something was done in time.' })
export class ServiceLevel {
  @Field(() => ReportedProgram, { description: 'The program.' })
  program!: ReportedProgram;

  @Field(() => ReportedStage, {
    nullable: true,
    description: 'The stage; null for the time until applications, or appeals, were decided.',
  })
  stage!: ReportedStage | null;

  @Field(() => Int, { description: 'How often it was done before it was due.' })
  kept!: number;

  @Field(() => Int, { description: 'How often it was done later.' })
  missed!: number;

  @Field(() => Float, { description: 'The share that was in time, from 0 to 1.' })
  keptShare!: number;
}

@ObjectType({ description: 'How often applications of one kind were approved. An appeal is a decision of its own.' })
export class ApprovalRate {
  @Field(() => String, { description: 'The sector, the country’s code, or the id of the program or of the reviewer.' })
  key!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => Int, { description: 'How many decisions were countersigned.' })
  decided!: number;

  @Field(() => Int, { description: 'How many of them approved.' })
  approved!: number;

  @Field(() => Int, { description: 'How many of them approved with conditions.' })
  approvedWithConditions!: number;

  @Field(() => Int, { description: 'How many of them refused.' })
  refused!: number;

  @Field(() => Float, { description: 'The share of approvals, with conditions or without, from 0 to 1.' })
  approvalShare!: number;
}

@ObjectType({ description: 'A reason for which applications were refused.' })
export class RefusalReason {
  @Field(() => ReportedProgram, { description: 'The program.' })
  program!: ReportedProgram;

  @Field(() => String, {
    description: 'The reason, as the partners were given it; of one from the library, the latest words that they were.',
  })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its code in the library, under which it counts whatever its words; null for words of one decision.',
  })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'What it is about, in a few words; null without a code.' })
  title!: string | null;

  @Field(() => Int, { description: 'How many refusals gave it.' })
  refusals!: number;
}

@ObjectType({ description: 'How long it took to open access to a product, or to close it.' })
export class ProvisioningTimes {
  @Field(() => String, { description: 'The code of the product.' })
  productCode!: string;

  @Field(() => passages, { description: 'From what to what is counted.' })
  passage!: ProvisioningPassage;

  @Field(() => Int, { description: 'How often that was done.' })
  grants!: number;

  @Field(() => Int, { description: 'How often in the time that was set for it.' })
  inTime!: number;

  @Field(() => TimeSpread, { description: 'How long it took, by the calendar.' })
  taken!: TimeSpread;
}
