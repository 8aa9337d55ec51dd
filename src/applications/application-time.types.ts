import { Field, Int, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { type ClockCause, clockCauses } from '../lifecycle/clock-record.js';
import { type EstimateGap, estimateGaps } from '../lifecycle/estimate.js';

const kinds = registeredEnum('ClockIntervalKind', 'Whether time is charged.', {
  RUNNING: 'Working time is charged.',
  PAUSED: 'The clock is stopped while the partner is asked.',
});

const causes = registeredEnum('ClockCause', 'Why a clock runs, or is paused, from a moment on.', clockCauses);

const gaps = registeredEnum('EstimateGap', 'Why something is not estimated.', estimateGaps);

@ObjectType({ description: 'A place where time is charged: a stage, or intake. For staff also countersignature.' })
export class TimedPlace {
  @Field(() => String, { description: 'Names the stage within the workflow; or intake, or countersignature.' })
  key!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;
}

@ObjectType({ description: 'A stretch of time during which the clock ran, or was paused.' })
export class ClockInterval {
  @Field(() => kinds, { description: 'Whether time was charged.' })
  kind!: 'RUNNING' | 'PAUSED';

  @Field(() => TimedPlace, { description: 'Where.' })
  stage!: TimedPlace;

  @Field(() => DateTime, { description: 'From when.' })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Until when; null while it goes on.' })
  endedAt!: Date | null;

  @Field(() => Int, { description: 'Seconds of working time in it that were charged.' })
  chargedSeconds!: number;

  @Field(() => causes, { nullable: true, description: 'Why it began; null where that is for staff only.' })
  cause!: ClockCause | null;
}

@ObjectType({ description: 'The time that an application spent at one place.' })
export class StageTime {
  @Field(() => TimedPlace, { description: 'Where.' })
  stage!: TimedPlace;

  @Field(() => Int, { description: 'Seconds of working time charged there.' })
  chargedSeconds!: number;

  @Field(() => Int, { description: 'Seconds, by the calendar, during which the clock was paused there.' })
  pausedSeconds!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds of working time within which it should be done there. Staff only; null for partners.',
  })
  slaSeconds!: number | null;
}

@ObjectType({ description: 'How long an application has been under way, counted in both ways.' })
export class ApplicationTime {
  @Field(() => Int, { description: 'Seconds of working time charged in all.' })
  chargedSeconds!: number;

  @Field(() => Int, { description: 'Seconds, by the calendar, during which the clock was paused.' })
  pausedSeconds!: number;

  @Field(() => Int, {
    description: 'Seconds, by the calendar, since it was first submitted, until now or until it was done.',
  })
  calendarSeconds!: number;

  @Field(() => [StageTime], { description: 'The same by stage, in the order in which they were first entered.' })
  stages!: readonly StageTime[];

  @Field(() => [ClockInterval], { description: 'When the clock ran and when it was paused, first first.' })
  intervals!: readonly ClockInterval[];
}

@ObjectType({ description: 'How long applications to the program were at a stage in the last 90 days.' })
export class StageEstimate {
  @Field(() => TimedPlace, { description: 'The stage, or intake.' })
  stage!: TimedPlace;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds of working time, in whole hours, after which half of them had left it; null when unknown.',
  })
  medianSeconds!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds of working time, in whole hours, after which nine of ten had left it; null when unknown.',
  })
  percentileNinetySeconds!: number | null;

  @Field(() => gaps, { nullable: true, description: 'Why it is unknown; null when it is known.' })
  unknownBecause!: EstimateGap | null;
}

@ObjectType({
  description:
    'How long an application may still take, told by what the latest others took. It promises nothing, and tells of no single one.',
})
export class ApplicationEstimate {
  @Field(() => [StageEstimate], { description: 'The present stage and those after it.' })
  stages!: readonly StageEstimate[];

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is decided if each stage takes as long as for half of the others; null when unknown.',
  })
  expectedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it is decided if each stage takes as long as for the slowest of nine in ten; null when unknown.',
  })
  likelyBefore!: Date | null;

  @Field(() => gaps, { nullable: true, description: 'Why that is unknown; null when it is known.' })
  unknownBecause!: EstimateGap | null;
}
