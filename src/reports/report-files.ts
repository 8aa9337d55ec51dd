import type { ReportPeriod, ReportUnit } from '../lifecycle/report-period.js';
import type { Database } from '../platform/database/database.js';
import { type ExportedApplication, readApplications } from './application-export.queries.js';
import { type AgeRow, type BacklogRow, readAges, readBacklog } from './backlog.queries.js';
import type { Cell } from './csv.js';
import {
  type ApprovalGroup,
  type ApprovalRateRow,
  approvalKey,
  type RefusalReasonRow,
  readApprovalRates,
  readRefusalReasons,
} from './decisions.queries.js';
import { type ProvisioningTimesRow, readProvisioningTimes } from './provisioning-times.queries.js';
import type { ReportScope } from './report-scope.queries.js';
import type { Spread } from './spread.queries.js';
import { readServiceLevels, readStageTimes, type ServiceLevelRow, type StageTimesRow } from './stage-times.queries.js';
import { readThroughput, type ThroughputRow } from './throughput.queries.js';

/** What a report is asked for with. Which of it counts, the report says. */
export interface AskedFile {
  readonly scope: ReportScope;
  readonly period: ReportPeriod;
  readonly at: Date;
  readonly now: Date;
  readonly unit: ReportUnit;
  readonly group: ApprovalGroup;
}

type Pages = AsyncGenerator<readonly (readonly Cell[])[], void, void>;

/** A report as a file: how its columns are called, and its lines a page at a time. */
export interface ReportFile {
  readonly covers: 'PERIOD' | 'MOMENT';
  readonly by?: 'UNIT' | 'GROUP';
  readonly columns: readonly string[];
  read(database: Database, asked: AskedFile): Pages;
}

type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

function file<Row>(
  kind: Pick<ReportFile, 'covers' | 'by'>,
  columns: Columns<Row>,
  pages: (database: Database, asked: AskedFile) => AsyncIterable<readonly Row[]>,
): ReportFile {
  const cells = Object.values(columns);
  return {
    ...kind,
    columns: Object.keys(columns),
    async *read(database, asked) {
      for await (const page of pages(database, asked)) yield page.map((row) => cells.map((cell) => cell(row)));
    },
  };
}

/** A report that is short enough to be read at once. */
async function* atOnce<Row>(rows: Promise<readonly Row[]>): AsyncGenerator<readonly Row[], void, void> {
  yield await rows;
}

/** Hours with two decimals, which is what people count in. */
const hours = (seconds: number) => Math.round(seconds / 36) / 100;
const hoursOf = (milliseconds: number) => hours(milliseconds / 1000);
const share = (part: number) => Math.round(part * 10_000) / 10_000;
const momentOf = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');

function spread<Row>(name: string, of: (row: Row) => Spread): Columns<Row> {
  return {
    [`${name}_median_hours`]: (row) => hours(of(row).medianSeconds),
    [`${name}_p90_hours`]: (row) => hours(of(row).percentileNinetySeconds),
    [`${name}_longest_hours`]: (row) => hours(of(row).longestSeconds),
  };
}

const program = { program: (row: { readonly programCode: string }) => row.programCode };
const stage = { stage: (row: { readonly stageKey: string | null }) => row.stageKey };

const applications = file<ExportedApplication>(
  { covers: 'PERIOD' },
  {
    reference: (row) => row.reference,
    program: (row) => row.program,
    organization: (row) => row.organization,
    country: (row) => row.country,
    sector: (row) => row.sector,
    status: (row) => row.status,
    stage: (row) => row.stage,
    submitted_at_utc: (row) => row.submittedAt,
    decided_at_utc: (row) => row.decidedAt,
    outcome: (row) => row.outcome,
    appealed_at_utc: (row) => row.appealedAt,
    charged_hours: (row) => hoursOf(row.chargedTime),
    calendar_hours: (row) => hoursOf(row.calendarTime),
    paused_hours: (row) => hoursOf(row.pausedTime),
  },
  (database, { scope, period, now }) => readApplications(database, scope, { period, now }),
);

const approvalColumns: Columns<ApprovalRateRow & { readonly by: ApprovalGroup }> = {
  by: (row) => row.by,
  key: (row) => approvalKey(row, row.by),
  name: (row) => row.name,
  decided: (row) => row.decided,
  approved: (row) => row.approved,
  approved_with_conditions: (row) => row.approvedWithConditions,
  refused: (row) => row.refused,
  approval_share: (row) => share(row.approvalShare),
};

/** Every report that can be taken out as a file, by the name in its address. */
export const reportFiles: Readonly<Record<string, ReportFile>> = {
  applications,
  throughput: file<ThroughputRow>(
    { covers: 'PERIOD', by: 'UNIT' },
    {
      ...program,
      starts_on: (row) => row.startsOn,
      submitted: (row) => row.submitted,
      approved: (row) => row.approved,
      approved_with_conditions: (row) => row.approvedWithConditions,
      refused: (row) => row.refused,
      decided_on_appeal: (row) => row.decidedOnAppeal,
      withdrawn: (row) => row.withdrawn,
      returned_without_action: (row) => row.returnedWithoutAction,
    },
    (database, { scope, period, unit }) => atOnce(readThroughput(database.kysely(), scope, { period, by: unit })),
  ),
  backlog: file<BacklogRow>(
    { covers: 'MOMENT' },
    {
      ...program,
      ...stage,
      open: (row) => row.open,
      with_staff: (row) => row.withStaff,
      with_partner: (row) => row.withPartner,
      overdue: (row) => row.overdue,
      oldest_since_utc: (row) => momentOf(row.oldestSince),
    },
    (database, { scope, at }) => atOnce(readBacklog(database.kysely(), scope, at)),
  ),
  ages: file<AgeRow>(
    { covers: 'MOMENT' },
    {
      ...program,
      open: (row) => row.open,
      ...spread<AgeRow>('calendar', (row) => row.calendar),
      ...spread<AgeRow>('charged', (row) => row.charged),
    },
    (database, { scope, at }) => atOnce(readAges(database.kysely(), scope, at)),
  ),
  'stage-times': file<StageTimesRow>(
    { covers: 'PERIOD' },
    {
      ...program,
      ...stage,
      applications: (row) => row.applications,
      ...spread<StageTimesRow>('charged', (row) => row.charged),
      ...spread<StageTimesRow>('calendar', (row) => row.calendar),
      ...spread<StageTimesRow>('paused', (row) => row.paused),
    },
    (database, { scope, period }) => atOnce(readStageTimes(database.kysely(), scope, period)),
  ),
  'service-levels': file<ServiceLevelRow>(
    { covers: 'PERIOD' },
    {
      ...program,
      ...stage,
      kept: (row) => row.kept,
      missed: (row) => row.missed,
      kept_share: (row) => share(row.keptShare),
    },
    (database, { scope, period }) => atOnce(readServiceLevels(database.kysely(), scope, period)),
  ),
  'provisioning-times': file<ProvisioningTimesRow>(
    { covers: 'PERIOD' },
    {
      product: (row) => row.productCode,
      passage: (row) => row.passage,
      grants: (row) => row.grants,
      in_time: (row) => row.inTime,
      ...spread<ProvisioningTimesRow>('taken', (row) => row.taken),
    },
    (database, { scope, period }) => atOnce(readProvisioningTimes(database.kysely(), scope, period)),
  ),
  'approval-rates': file({ covers: 'PERIOD', by: 'GROUP' }, approvalColumns, (database, { scope, period, group }) =>
    atOnce(
      readApprovalRates(database.kysely(), scope, { period, by: group }).then((rows) =>
        rows.map((row) => ({ ...row, by: group })),
      ),
    ),
  ),
  'refusal-reasons': file<RefusalReasonRow>(
    { covers: 'PERIOD' },
    {
      ...program,
      reason: (row) => row.reason,
      refusals: (row) => row.refusals,
      code: (row) => row.code,
      title: (row) => row.title,
    },
    (database, { scope, period }) => atOnce(readRefusalReasons(database.kysely(), scope, period)),
  ),
};
