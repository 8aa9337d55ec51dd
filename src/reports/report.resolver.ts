import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Request } from '../api/request.js';
import { requirePermission } from '../doorway/requirements.js';
import type { RawSql } from '../platform/database/database.js';
import { encodeId } from '../platform/ids.js';
import { readAges, readBacklog } from './backlog.queries.js';
import { approvalKey, readApprovalRates, readRefusalReasons } from './decisions.queries.js';
import { readProvisioningTimes } from './provisioning-times.queries.js';
import {
  ApprovalRate,
  Backlog,
  BacklogAge,
  ProvisioningTimes,
  RefusalReason,
  type ReportedProgram,
  ServiceLevel,
  StageTimes,
  Throughput,
} from './report.types.js';
import { ApprovalRateArgs, MomentArgs, PeriodArgs, Reports, ThroughputArgs } from './report-inputs.types.js';
import { requirePast, requirePeriod } from './report-requests.js';
import { type ReportedProgram as ProgramColumns, type ReportScope, reportScope } from './report-scope.queries.js';
import { readServiceLevels, readStageTimes } from './stage-times.queries.js';
import { readThroughput } from './throughput.queries.js';

/** The reports that one request asks for: about what, and those asked for before, which come first. */
class AskedReports {
  readonly #scope: ReportScope;
  #before: Promise<unknown> = Promise.resolve();

  constructor(scope: ReportScope) {
    this.#scope = scope;
  }

  /** One after the other, so that no request takes more than one connection for what takes long. */
  read<Row>(work: (scope: ReportScope) => Promise<readonly Row[]>): Promise<readonly Row[]> {
    const next = this.#before.then(() => work(this.#scope));
    this.#before = next.catch(() => undefined);
    return next;
  }
}

@Resolver(() => Reports)
export class ReportResolver {
  readonly #database: RawSql;

  constructor(database: RawSql) {
    this.#database = database;
  }

  @Query(() => Reports, {
    description:
      'Figures on throughput, backlog, times, SLAs and decisions. For auditors, program managers and administrators.',
  })
  async reports(
    @Arg('programId', () => ID, { nullable: true, description: 'Of this program only.' })
    programId: string | null | undefined,
    @Ctx() { actor, reading }: Request,
  ): Promise<AskedReports> {
    requirePermission('readReports', actor, null);
    return new AskedReports(await reportScope(this.#database, reading.viewer, programId ?? null));
  }

  @FieldResolver(() => [Throughput], {
    description: 'What came in and what was settled. Days, weeks and months without anything are left out.',
  })
  async throughput(@Root() asked: AskedReports, @Args(() => ThroughputArgs) { period, by }: ThroughputArgs) {
    const during = requirePeriod(period, ['period']);
    return named(await asked.read((scope) => readThroughput(this.#database, scope, { period: during, by })));
  }

  @FieldResolver(() => [Backlog], {
    description:
      'What was open at a moment, by where it was then. What was returned for correction is open once it is submitted again.',
  })
  async backlog(@Root() asked: AskedReports, @Args(() => MomentArgs) { at }: MomentArgs, @Ctx() { reading }: Request) {
    const then = requirePast(at, reading.viewer);
    const rows = await asked.read((scope) => readBacklog(this.#database, scope, then));
    return named(rows).map((row) => ({ ...row, oldestSince: new Date(row.oldestSince) }));
  }

  @FieldResolver(() => [BacklogAge], { description: 'How old was what was open at a moment.' })
  async ages(@Root() asked: AskedReports, @Args(() => MomentArgs) { at }: MomentArgs, @Ctx() { reading }: Request) {
    const then = requirePast(at, reading.viewer);
    return named(await asked.read((scope) => readAges(this.#database, scope, then)));
  }

  @FieldResolver(() => [StageTimes], {
    description: 'How long applications were at the stages that they left in the period.',
  })
  async stageTimes(@Root() asked: AskedReports, @Args(() => PeriodArgs) { period }: PeriodArgs) {
    const during = requirePeriod(period, ['period']);
    return named(await asked.read((scope) => readStageTimes(this.#database, scope, during)));
  }

  @FieldResolver(() => [ServiceLevel], {
    description: 'How often stages were left, and applications decided, in time. What is still there does not count.',
  })
  async serviceLevels(@Root() asked: AskedReports, @Args(() => PeriodArgs) { period }: PeriodArgs) {
    const during = requirePeriod(period, ['period']);
    return named(await asked.read((scope) => readServiceLevels(this.#database, scope, during)));
  }

  @FieldResolver(() => [ProvisioningTimes], {
    description:
      'How long it took until approved grants could be used, and until access that was to be closed was closed.',
  })
  provisioningTimes(@Root() asked: AskedReports, @Args(() => PeriodArgs) { period }: PeriodArgs) {
    const during = requirePeriod(period, ['period']);
    return asked.read((scope) => readProvisioningTimes(this.#database, scope, during));
  }

  @FieldResolver(() => [ApprovalRate], { description: 'How often applications were approved, most decisions first.' })
  async approvalRates(@Root() asked: AskedReports, @Args(() => ApprovalRateArgs) { period, by }: ApprovalRateArgs) {
    const during = requirePeriod(period, ['period']);
    const rows = await asked.read((scope) => readApprovalRates(this.#database, scope, { period: during, by }));
    return rows.map((row) => ({ ...row, key: approvalKey(row, by) }));
  }

  @FieldResolver(() => [RefusalReason], { description: 'Why applications were refused, most frequent reasons first.' })
  async refusalReasons(@Root() asked: AskedReports, @Args(() => PeriodArgs) { period }: PeriodArgs) {
    const during = requirePeriod(period, ['period']);
    return named(await asked.read((scope) => readRefusalReasons(this.#database, scope, during)));
  }
}

type WithPlaces<Row> = Row & {
  readonly program: ReportedProgram;
  readonly stage: { key: string; name: string } | null;
};

/** Rows with the program, and the stage if they have one, as objects. */
function named<Row extends ProgramColumns & { readonly stageKey?: string | null; readonly stageName?: string | null }>(
  rows: readonly Row[],
): WithPlaces<Row>[] {
  return rows.map((row) => ({
    ...row,
    program: { programId: encodeId('program', row.programId), code: row.programCode, name: row.programName },
    stage: row.stageKey ? { key: row.stageKey, name: row.stageName ?? row.stageKey } : null,
  }));
}
