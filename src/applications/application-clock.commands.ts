import type { Work } from '../doorway/command.js';
import type { ClockCause } from '../lifecycle/clock-record.js';
import { deadlineOf, noticesOf } from '../lifecycle/deadlines.js';
import { countersignatureClock, intakeClock, type Stage, stageByKey, type Workflow } from '../lifecycle/workflow.js';
import { chargedTime } from '../lifecycle/working-time.js';
import { insertion } from '../platform/database/changes.js';
import { type Application, type ApplicationClock, ClockIntervalRow } from './application.entity.js';
import { route } from './routing.commands.js';

/** Puts a submitted application into the intake queue, or where rules send it, and starts its clock there. */
export async function enterIntake(
  work: Work,
  application: Application,
  workflow: Workflow,
  cause: ClockCause = 'SUBMITTED',
): Promise<void> {
  application.stageKey = null;
  application.stageEnteredAt = work.now;
  application.queue = workflow.intake.queue;
  startClock(work, application, workflow, placeFor(workflow, null), cause);
  await route(work, application, workflow);
}

/**
 * Puts an application at a stage, into its queue or where rules send it, and starts its clock; time charged there before
 * counts.
 */
export async function enterStage(
  work: Work,
  application: Application,
  workflow: Workflow,
  stage: Stage,
  cause: ClockCause,
): Promise<void> {
  application.stageKey = stage.key;
  application.stageEnteredAt = work.now;
  application.queue = stage.queue;
  startClock(work, application, workflow, stage, cause);
  await route(work, application, workflow);
}

/** Starts the clock of a proposed decision, within which another person should countersign. */
export function awaitCountersignature(work: Work, application: Application, workflow: Workflow): void {
  const slaWorkingHours = workflow.countersignWithinWorkingHours;
  startClock(work, application, workflow, { key: countersignatureClock, slaWorkingHours }, 'DECISION_PROPOSED');
}

/** Pauses the clock while the partner is asked; the application is due for nobody meanwhile. */
export function pauseClock(work: Work, application: Application, cause: ClockCause): void {
  endInterval(work, application);
  application.dueAt = null;
  addInterval(work, application, { stageKey: application.stageKey ?? intakeClock, kind: 'PAUSED', cause });
}

/** Goes on where the clock was paused, with the time that was left. */
export function resumeClock(work: Work, application: Application, workflow: Workflow, cause: ClockCause): void {
  startClock(work, application, workflow, placeFor(workflow, application.stageKey), cause);
}

/** Ends the clock of an application that is nobody's work for now, and takes it out of its queue. */
export function leaveQueue(work: Work, application: Application): void {
  endInterval(work, application);
  application.queue = null;
  application.dueAt = null;
}

/**
 * Goes on under another workflow, at one of its stages or in its intake: in its queue, with its time. A clock that is
 * paused stays so, and what is with the partner stays in no queue.
 */
export async function changeWorkflow(
  work: Work,
  application: Application,
  workflow: Workflow,
  stage: Stage | null,
): Promise<void> {
  const place = placeFor(workflow, stage?.key ?? null);
  const isElsewhere = (application.stageKey ?? null) !== (stage?.key ?? null);
  application.stageKey = stage?.key ?? null;
  if (application.status === 'RETURNED') return;
  application.queue = place.queue;
  if (isElsewhere) application.stageEnteredAt = work.now;
  if (application.status !== 'INFORMATION_REQUESTED') {
    startClock(work, application, workflow, place, 'VERSION_CHANGED');
  } else if (isElsewhere) {
    endInterval(work, application);
    addInterval(work, application, { stageKey: place.key, kind: 'PAUSED', cause: 'VERSION_CHANGED' });
  }
  await route(work, application, workflow);
}

/** A place where time is charged. */
type Place = Pick<Stage, 'key' | 'slaWorkingHours'>;

function placeFor(workflow: Workflow, stageKey: string | null | undefined): Place & Pick<Stage, 'queue'> {
  return stageByKey(workflow, stageKey) ?? { key: intakeClock, ...workflow.intake };
}

function startClock(
  work: Work,
  application: Application,
  workflow: Workflow,
  { key: stageKey, slaWorkingHours }: Place,
  cause: ClockCause,
): void {
  const { closed } = endInterval(work, application);
  const { appealedAt } = application;
  // An appeal is decided anew, and so in new time.
  const counted = closed.filter(({ startedAt }) => !appealedAt || startedAt >= appealedAt);
  const here = counted.filter((interval) => interval.stageKey === stageKey);
  const chargedHere = chargedTime(here, work.now, workflow.calendar);
  const chargedInAll = chargedTime(counted, work.now, workflow.calendar);
  const stage = deadlineOf(slaWorkingHours, chargedHere, work.now, workflow);
  const decision = deadlineOf(workflow.decideWithinWorkingHours, chargedInAll, work.now, workflow);
  application.dueAt = stage.dueAt;
  addInterval(work, application, {
    stageKey,
    kind: 'RUNNING',
    cause,
    dueAt: stage.dueAt,
    warnAt: stage.warnAt,
    decisionDueAt: decision.dueAt,
    decisionWarnAt: decision.warnAt,
    noticeAt: noticesOf(stage, decision)[0]?.at ?? null,
  });
}

function endInterval(work: Work, application: Application): ApplicationClock {
  const { id, clock } = application;
  if (!clock) throw new Error(`Application ${id} was not loaded for a command, so its clock is not known.`);
  const { closed, open } = clock;
  if (!open) return clock;
  // An interval never ends before it began, however clocks of different machines differ.
  const endedAt = work.now < open.startedAt ? open.startedAt : work.now;
  work.write({
    text: (after, value) =>
      `update clock_interval set ended_at = ${value(endedAt)}::timestamptz where id = ${value(open.id)}::uuid and ${after} returning 1`,
    rows: 1,
  });
  application.clock = { closed: [...closed, { ...open, endedAt }], open: null };
  return application.clock;
}

const withoutDeadline = { dueAt: null, warnAt: null, decisionDueAt: null, decisionWarnAt: null, noticeAt: null };

function addInterval(
  work: Work,
  application: Application,
  interval: Pick<ClockIntervalRow, 'stageKey' | 'kind' | 'cause'> & Partial<ClockIntervalRow>,
): void {
  const begun = {
    ...withoutDeadline,
    ...interval,
    id: work.ids.next(),
    applicationId: application.id,
    startedAt: work.now,
    endedAt: null,
  };
  work.write(insertion(work.em, ClockIntervalRow, begun));
}
