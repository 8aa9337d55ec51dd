import type { Work } from '../doorway/command.js';
import type { Stage, Workflow } from '../lifecycle/workflow.js';
import { chargedTime, dueAt } from '../lifecycle/working-time.js';
import { type Application, type ApplicationClock, ClockIntervalRow } from './application.entity.js';

/** The places besides stages where time is charged. */
export const intakeClock = 'intake';
export const countersignatureClock = 'countersignature';

/** Puts a submitted application into the intake queue and starts its clock there. */
export function enterIntake(work: Work, application: Application, workflow: Workflow): void {
  application.stageKey = null;
  application.stageEnteredAt = work.now;
  application.queue = workflow.intake.queue;
  startClock(work, application, intakeClock, workflow.intake.slaWorkingHours, 'SUBMITTED');
}

/** Puts an application at a stage, into its queue, and starts its clock; time charged there before counts. */
export function enterStage(work: Work, application: Application, stage: Stage, cause: string): void {
  application.stageKey = stage.key;
  application.stageEnteredAt = work.now;
  application.queue = stage.queue;
  startClock(work, application, stage.key, stage.slaWorkingHours, cause);
}

/** Starts the clock of a proposed decision, within which another person should countersign. */
export function awaitCountersignature(work: Work, application: Application, workflow: Workflow): void {
  startClock(work, application, countersignatureClock, workflow.countersignWithinWorkingHours, 'DECISION_PROPOSED');
}

/** Pauses the clock while the partner is asked; the application is due for nobody meanwhile. */
export function pauseClock(work: Work, application: Application, cause: string): void {
  const running = endInterval(work, application);
  application.dueAt = null;
  addInterval(work, application, running?.stageKey ?? intakeClock, 'PAUSED', cause);
}

/** Goes on where the clock was paused, with the time that was left. */
export function resumeClock(work: Work, application: Application, workflow: Workflow): void {
  const stage = workflow.stages.find(({ key }) => key === application.stageKey);
  const key = stage?.key ?? intakeClock;
  startClock(work, application, key, stage?.slaWorkingHours ?? workflow.intake.slaWorkingHours, 'RESUMED');
}

/** Ends the clock of an application that is nobody's work for now, and takes it out of its queue. */
export function leaveQueue(work: Work, application: Application): void {
  endInterval(work, application);
  application.queue = null;
  application.dueAt = null;
}

function startClock(
  work: Work,
  application: Application,
  stageKey: string,
  slaWorkingHours: number,
  cause: string,
): void {
  endInterval(work, application);
  const { closed, open } = clockOf(application);
  const before = [...closed, ...(open ? [open] : [])]
    .filter((interval) => interval.stageKey === stageKey)
    .map(({ kind, startedAt, endedAt = null }) => ({ kind, startedAt, endedAt }));
  application.dueAt = dueAt(slaWorkingHours, chargedTime(before, work.now), work.now);
  addInterval(work, application, stageKey, 'RUNNING', cause);
}

function endInterval(work: Work, application: Application): ClockIntervalRow | null {
  const { open } = clockOf(application);
  // An interval never ends before it began, however clocks of different machines differ.
  if (open) open.endedAt = work.now < open.startedAt ? open.startedAt : work.now;
  return open;
}

function clockOf({ id, clock }: Application): ApplicationClock {
  if (!clock) throw new Error(`Application ${id} was not loaded for a command, so its clock is not known.`);
  return clock;
}

function addInterval(
  work: Work,
  application: Application,
  stageKey: string,
  kind: 'RUNNING' | 'PAUSED',
  cause: string,
): void {
  work.em.create(ClockIntervalRow, {
    id: work.ids.next(),
    applicationId: application.id,
    stageKey,
    kind,
    cause,
    startedAt: work.now,
    endedAt: null,
  });
}
