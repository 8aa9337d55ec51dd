import { type ApplicationStatus, finalApplicationStatuses } from './application.js';
import { type ClockCause, intervalsForPartners, isForPartners, type RecordedInterval } from './clock-record.js';
import { countersignatureClock, intakeClock, stageByKey, type Workflow } from './workflow.js';
import { chargedTime } from './working-time.js';

/** A place where time is charged. */
export interface TimedPlace {
  readonly key: string;
  readonly name: string;
}

export interface TimedInterval {
  readonly kind: RecordedInterval['kind'];
  readonly stage: TimedPlace;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly chargedSeconds: number;
  /** Null where it is no partner's business. */
  readonly cause: ClockCause | null;
}

export interface StageTime {
  readonly stage: TimedPlace;
  readonly chargedSeconds: number;
  readonly pausedSeconds: number;
  /** For staff only; null, too, for a place that the workflow does not have any more. */
  readonly slaSeconds: number | null;
}

/** How long an application has been under way, in both ways of counting, and where. */
export interface ApplicationTime {
  readonly chargedSeconds: number;
  readonly pausedSeconds: number;
  readonly calendarSeconds: number;
  readonly stages: readonly StageTime[];
  readonly intervals: readonly TimedInterval[];
}

export interface TimeFacts {
  readonly status: ApplicationStatus;
  readonly workflow: Workflow;
  /** In the order in which they followed one another. */
  readonly intervals: readonly RecordedInterval[];
  /** Names of stages by key, those of other versions of the program included. */
  readonly stageNames: Readonly<Record<string, string>>;
}

/** The time of an application as far as the viewer may know it; null when it was never submitted. */
export function applicationTime(facts: TimeFacts, now: Date, forStaff: boolean): ApplicationTime | null {
  const intervals = forStaff ? facts.intervals : intervalsForPartners(facts.intervals);
  const [first] = intervals;
  if (!first) return null;
  const { calendar } = facts.workflow;
  const charged = (of: readonly RecordedInterval[]) => seconds(chargedTime(of, now, calendar));
  const paused = (of: readonly RecordedInterval[]) =>
    seconds(of.filter(({ kind }) => kind === 'PAUSED').reduce((sum, interval) => sum + lengthOf(interval, now), 0));
  const end = finalApplicationStatuses.includes(facts.status) ? (intervals.at(-1)?.endedAt ?? now) : now;
  const places = [...new Set(intervals.map(({ stageKey }) => stageKey))];
  return {
    chargedSeconds: charged(intervals),
    pausedSeconds: paused(intervals),
    calendarSeconds: seconds(end.getTime() - first.startedAt.getTime()),
    stages: places.map((key) => {
      const own = intervals.filter(({ stageKey }) => stageKey === key);
      const slaSeconds = forStaff ? slaOf(key, facts.workflow) : null;
      return { stage: placeOf(key, facts), chargedSeconds: charged(own), pausedSeconds: paused(own), slaSeconds };
    }),
    intervals: intervals.map((interval) => ({
      kind: interval.kind,
      stage: placeOf(interval.stageKey, facts),
      startedAt: interval.startedAt,
      endedAt: interval.endedAt,
      chargedSeconds: charged([interval]),
      cause: forStaff || isForPartners(interval.cause) ? interval.cause : null,
    })),
  };
}

export function placeOf(key: string, { workflow, stageNames }: Pick<TimeFacts, 'workflow' | 'stageNames'>): TimedPlace {
  if (key === intakeClock) return { key, name: 'Intake' };
  if (key === countersignatureClock) return { key, name: 'Countersignature' };
  return { key, name: stageByKey(workflow, key)?.name ?? stageNames[key] ?? key };
}

function slaOf(key: string, workflow: Workflow): number | null {
  const hours =
    key === intakeClock
      ? workflow.intake.slaWorkingHours
      : key === countersignatureClock
        ? workflow.countersignWithinWorkingHours
        : stageByKey(workflow, key)?.slaWorkingHours;
  return hours === undefined ? null : hours * 60 * 60;
}

function lengthOf({ startedAt, endedAt }: RecordedInterval, now: Date): number {
  return Math.max(0, (endedAt ?? now).getTime() - startedAt.getTime());
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
