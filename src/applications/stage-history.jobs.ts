import { sql } from 'kysely';
import { historyOf, type Passage, passagesOf, type ReviewedApplication } from '../lifecycle/stage-history.js';
import type { Workflow } from '../lifecycle/workflow.js';
import type { Clock } from '../platform/clock.js';
import type { Database, RawSql } from '../platform/database/database.js';
import type { Queue } from '../platform/jobs.js';
import { inTransaction } from '../platform/transaction.js';
import { type IntervalJson, intervalsSql, toRecordedInterval } from './application-time.queries.js';

/** How far back history goes. */
const recentMs = 90 * 24 * 60 * 60 * 1000;
/** Of a program, the applications in which something went on last. */
const mostApplications = 1000;

/** Every quarter of an hour, finds out anew how long stages take, for estimates. */
export function stageHistoryRefresh(parts: { readonly database: Database; readonly clock: Clock }): Queue<object> {
  return {
    name: 'applications.history',
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 600,
    concurrency: 1,
    schedule: '*/15 * * * *',
    async handle(_job, signal) {
      const now = parts.clock.now();
      const since = new Date(now.getTime() - recentMs);
      for (const [programId, applicationIds] of await activeApplications(parts.database.kysely(), since)) {
        signal.throwIfAborted();
        const reviewed = await reviewedApplications(parts.database.kysely(), applicationIds);
        const passages = reviewed.flatMap(passagesOf).filter(({ leftAt }) => leftAt >= since);
        await inTransaction(parts.database, (em) => keep(em.getKysely(), programId, passages, now));
      }
      await sql`delete from stage_history where refreshed_at < ${now}`.execute(parts.database.kysely());
    },
  };
}

/** By program, the applications whose clocks went on lately. */
async function activeApplications(database: RawSql, since: Date): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await sql<{ program_id: string; ids: string[] }>`
    select program_id, json_agg(id) as ids from (
      select a.program_id, a.id, row_number() over (partition by a.program_id order by recent.last desc) as place
      from (select application_id, max(ended_at) as last from clock_interval where ended_at >= ${since}
        group by application_id) as recent
      join application as a on a.id = recent.application_id) as ranked
    where place <= ${mostApplications} group by program_id`.execute(database);
  return new Map(found.rows.map(({ program_id, ids }) => [program_id, ids]));
}

async function reviewedApplications(database: RawSql, ids: readonly string[]): Promise<ReviewedApplication[]> {
  const intervals = intervalsSql((name) => sql.ref(`a.${name}`));
  const found = await sql<{
    organizationId: string;
    workflow: Workflow;
    decidedAt: string | null;
    appealedAt: string | null;
    intervals: readonly IntervalJson[];
  }>`
    select a.organization_id as "organizationId", v.workflow, to_json(a.decided_at) #>> '{}' as "decidedAt",
      to_json(a.appealed_at) #>> '{}' as "appealedAt", ${intervals} as intervals
    from application as a join program_version as v on v.id = a.program_version_id
    where a.id = any(${`{${ids.join(',')}}`}::text::uuid[])`.execute(database);
  return found.rows.map(({ intervals: recorded, decidedAt, appealedAt, ...application }) => ({
    ...application,
    decidedAt: decidedAt === null ? null : new Date(decidedAt),
    appealedAt: appealedAt === null ? null : new Date(appealedAt),
    intervals: recorded.map(toRecordedInterval),
  }));
}

async function keep(database: RawSql, programId: string, passages: readonly Passage[], now: Date): Promise<void> {
  for (const [stageKey, ofStage] of Map.groupBy(passages, (passage) => passage.stageKey)) {
    const history = historyOf(ofStage);
    if (!history) continue;
    await sql`
      insert into stage_history (program_id, stage_key, median_seconds, percentile_ninety_seconds, refreshed_at)
      values (${programId}, ${stageKey}, ${history.medianSeconds}, ${history.percentileNinetySeconds}, ${now})
      on conflict (program_id, stage_key) do update set median_seconds = excluded.median_seconds,
        percentile_ninety_seconds = excluded.percentile_ninety_seconds, refreshed_at = excluded.refreshed_at`.execute(
      database,
    );
  }
}
