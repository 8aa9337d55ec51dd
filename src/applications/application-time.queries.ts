import { sql } from 'kysely';
import type { ProjectedField } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { type ApplicationKind, workflowOf } from '../lifecycle/amendment.js';
import type { ApplicationStatus } from '../lifecycle/application.js';
import { applicationTime, type TimeFacts } from '../lifecycle/application-time.js';
import type { ClockCause, RecordedInterval } from '../lifecycle/clock-record.js';
import { type EstimateFacts, estimate } from '../lifecycle/estimate.js';
import type { StageHistory } from '../lifecycle/stage-history.js';
import { countersignatureClock, type Workflow } from '../lifecycle/workflow.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { momentInTransit } from '../platform/reading/transit.js';

export interface IntervalJson {
  readonly stageKey: string;
  readonly kind: RecordedInterval['kind'];
  readonly cause: ClockCause;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** The intervals of an application's clock as JSON, in the order in which they followed one another. */
export function intervalsSql(row: Row): Sql {
  return sql`(select coalesce(json_agg(json_build_object('stageKey', i.stage_key, 'kind', i.kind, 'cause', i.cause,
      'startedAt', i.started_at, 'endedAt', i.ended_at) order by i.started_at, i.id), '[]'::json)
    from clock_interval i where i.application_id = ${row('id')})`;
}

export function toRecordedInterval({ startedAt, endedAt, ...interval }: IntervalJson): RecordedInterval {
  return { ...interval, startedAt: new Date(startedAt), endedAt: endedAt === null ? null : new Date(endedAt) };
}

interface TimeJson {
  readonly status: ApplicationStatus;
  readonly stageKey: string | null;
  readonly appealedAt: string | null;
  readonly workflow: Workflow;
  readonly kind: ApplicationKind;
  readonly renewalStages: readonly string[] | null;
  readonly intervals: readonly IntervalJson[];
  readonly stageNames: Readonly<Record<string, string>>;
  readonly history: Readonly<Record<string, StageHistory>>;
  readonly isForStaff: boolean;
}

/** How long it has been under way, for partners without what is no business of theirs. */
export const timeField: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) => timeSql(row, isSeenByStaff(row('organization_id'), eyes)),
  read: (value, { now }) => {
    const { facts, isForStaff } = toFacts(value);
    return applicationTime(facts, now, isForStaff);
  },
};

/** How long it may still take, told by what other applications to the program took. */
export const estimateField: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) => timeSql(row, isSeenByStaff(row('organization_id'), eyes)),
  read: (value, { now }) => estimate(toFacts(value).facts, now),
};

function timeSql(row: Row, isForStaff: Sql): Sql {
  const { stageNames, history } = ofProgram(row);
  return sql`(select json_build_object('status', ${row('status')}, 'stageKey', ${row('stage_key')},
      'appealedAt', ${row('appealed_at')}, 'workflow', pv.workflow, 'kind', ${row('kind')},
      'renewalStages', pv.grant_policy -> 'renewalStages', 'intervals', ${intervalsSql(row)},
      'stageNames', ${stageNames}, 'history', ${history}, 'isForStaff', ${isForStaff})
    from program_version pv where pv.id = ${row('program_version_id')})`;
}

function ofProgram(row: Row): { readonly stageNames: Sql; readonly history: Sql } {
  return {
    stageNames: sql`(select coalesce(json_object_agg(named.key, named.name), '{}'::json) from (
      select distinct on (s ->> 'key') s ->> 'key' as key, s ->> 'name' as name
      from program_version v, jsonb_array_elements(v.workflow -> 'stages') as s
      where v.program_id = ${row('program_id')} order by s ->> 'key', v.number desc) as named)`,
    history: sql`(select coalesce(json_object_agg(h.stage_key, json_build_object('medianSeconds', h.median_seconds,
        'percentileNinetySeconds', h.percentile_ninety_seconds)), '{}'::json)
      from stage_history h where h.program_id = ${row('program_id')})`,
  };
}

function toFacts(value: unknown): { readonly facts: EstimateFacts & TimeFacts; readonly isForStaff: boolean } {
  const { isForStaff, intervals, appealedAt, renewalStages, ...facts } = value as TimeJson;
  return {
    facts: {
      ...facts,
      workflow: workflowOf(facts.workflow, facts, renewalStages),
      intervals: intervals.map(toRecordedInterval),
      appealedAt: appealedAt === null ? null : new Date(appealedAt),
    },
    isForStaff,
  };
}

/** Until when it should be decided, for staff; null while its clock does not run. */
export const decisionDueField: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) =>
    momentInTransit(sql`(select i.decision_due_at from clock_interval i where i.application_id = ${row('id')}
      and i.ended_at is null and ${isSeenByStaff(row('organization_id'), eyes)})`),
};

/**
 * How many are before it in the order in which its queue is worked. A decision that is proposed changes when it is due,
 * which partners are not to notice: for them it stays where it was.
 */
export const queuePositionField: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) => {
    const due = sql`case when ${row('status')} = 'DECISION_PROPOSED' and not ${isSeenByStaff(row('organization_id'), eyes)}
      then (select i.due_at from clock_interval i where i.application_id = ${row('id')} and i.kind = 'RUNNING'
        and i.stage_key <> ${sql.lit(countersignatureClock)} order by i.started_at desc, i.id desc limit 1)
      else ${row('due_at')} end`;
    return sql`(select case when own.due_at is not null then (select count(*)::int from application as other
        where other.queue = ${row('queue')} and other.id <> ${row('id')}
          and (other.due_at, other.id) < (own.due_at, ${row('id')})) end
      from (select ${due} as due_at) as own where ${row('queue')} is not null)`;
  },
};
