import { intervalsForPartners, type RecordedInterval } from './clock-record.js';
import { intakeClock, type Workflow } from './workflow.js';
import { chargedTime } from './working-time.js';

/** How long applications were at a stage lately, in seconds of working time. */
export interface StageHistory {
  readonly medianSeconds: number;
  readonly percentileNinetySeconds: number;
}

/** An application that can tell how long stages take. */
export interface ReviewedApplication {
  readonly organizationId: string;
  readonly workflow: Workflow;
  readonly intervals: readonly RecordedInterval[];
  readonly decidedAt: Date | null;
  readonly appealedAt: Date | null;
}

/** That an application was at a stage, and left it for a later one or with a decision. */
export interface Passage {
  readonly stageKey: string;
  readonly organizationId: string;
  /** In milliseconds of working time. */
  readonly took: number;
  readonly leftAt: Date;
}

/** A history is told of so many applications at least, by so many organizations: fewer would tell of one of them. */
export const fewestPassages = 10;
export const fewestOrganizations = 5;
/** Only the latest ones count. */
const mostPassages = 200;

/** The stages that an application has passed, as partners know stages. An appeal is a story of its own. */
export function passagesOf({
  organizationId,
  workflow,
  decidedAt,
  appealedAt,
  ...record
}: ReviewedApplication): Passage[] {
  const ofReview = record.intervals.filter(({ startedAt }) => appealedAt === null || startedAt < appealedAt);
  const intervals = intervalsForPartners(ofReview);
  const order = [intakeClock, ...workflow.stages.map(({ key }) => key)];
  const passages: Passage[] = [];
  order.forEach((stageKey, place) => {
    const own = intervals.filter((interval) => interval.stageKey === stageKey);
    const leftAt = own.at(-1)?.endedAt;
    if (!leftAt) return;
    const wentOn = intervals.some(
      (interval) => interval.startedAt >= leftAt && order.indexOf(interval.stageKey) > place,
    );
    if (!wentOn && decidedAt === null) return;
    passages.push({ stageKey, organizationId, took: chargedTime(own, leftAt, workflow.calendar), leftAt });
  });
  return passages;
}

/** How long the latest of some passages of one stage took; null when they are too few to tell. */
export function historyOf(passages: readonly Passage[]): StageHistory | null {
  const latest = [...passages]
    .sort((one, other) => other.leftAt.getTime() - one.leftAt.getTime())
    .slice(0, mostPassages);
  const organizations = new Set(latest.map(({ organizationId }) => organizationId));
  if (latest.length < fewestPassages || organizations.size < fewestOrganizations) return null;
  const times = latest.map(({ took }) => took).sort((one, other) => one - other);
  return { medianSeconds: inHours(quantile(times, 0.5)), percentileNinetySeconds: inHours(quantile(times, 0.9)) };
}

/** As PostgreSQL's percentile_cont has it: between two of the values, in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

const hour = 60 * 60;

/** To the hour, rounded up: nobody can tell from it how long one application took. */
function inHours(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000 / hour)) * hour;
}
