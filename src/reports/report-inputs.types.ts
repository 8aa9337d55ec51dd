import { ArgsType, Field, InputType, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { type ReportUnit, reportUnits } from '../lifecycle/report-period.js';
import { type ApprovalGroup, approvalGroups } from './decisions.queries.js';

const units = registeredEnum('ReportUnit', 'By what a report over time is grouped.', reportUnits);

const groups = registeredEnum('ApprovalGroup', 'By what decisions are told apart.', approvalGroups);

@InputType({ description: 'A period of at most five years.' })
export class ReportPeriodInput {
  @Field(() => DateTime, { description: 'Its first moment.' })
  from!: Date;

  @Field(() => DateTime, { description: 'The first moment after it.' })
  to!: Date;
}

@ArgsType()
export class PeriodArgs {
  @Field(() => ReportPeriodInput, { description: 'When it happened.' })
  period!: ReportPeriodInput;
}

@ArgsType()
export class ThroughputArgs extends PeriodArgs {
  @Field(() => units, { defaultValue: 'MONTH', description: 'By what it is grouped.' })
  by!: ReportUnit;
}

@ArgsType()
export class ApprovalRateArgs extends PeriodArgs {
  @Field(() => groups, { description: 'By what decisions are told apart.' })
  by!: ApprovalGroup;
}

@ArgsType()
export class MomentArgs {
  @Field(() => DateTime, { nullable: true, description: 'When it was so, in the past; now when it is left out.' })
  at?: Date | null;
}

@ObjectType({
  description:
    'Figures on applications, from what is on record. Organizations that you belong to are left out. Each report is ' +
    'at `/reports/….csv`, too.',
})
export class Reports {}
