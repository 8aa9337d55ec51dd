import type { Work } from '../doorway/command.js';
import type { Stage, Workflow } from '../lifecycle/workflow.js';
import { chargedTime, dueAt } from '../lifecycle/working-time.js';
import { type Application, ClockIntervalRow } from './application.entity.js';

/** The places besides stages where time is charged. */
export const intakeClock = 'intake';
export const countersignatureClock = 'countersignature';

/** Puts a submitted application into the intake queue and starts its clock there. */
export async function enterIntake(work: Work, application: Application, workflow: Workflow): Promise<void> {
  application.stageKey = null;
  application.stageEnteredAt = work.now;
  application.queue = workflow.intake.queue;
  await startClock(work, application, intakeClock, workflow.intake.slaWorkingHours, 'SUBMITTED');
}

/** Puts an application at a stage, into its queue, and starts its clock; time charged there before counts. */
export async function enterStage(work: Work, application: Application, stage: Stage, cause: string): Promise<void> {
  application.stageKey = stage.key;
  application.stageEnteredAt = work.now;
  application.queue = stage.queue;
  await startClock(work, application, stage.key, stage.slaWorkingHours, cause);
}

/** Starts the clock of a proposed decision, within which another person should countersign. */
export async function awaitCountersignature(work: Work, application: Application, workflow: Workflow): Promise<void> {
  await startClock(
    work,
    application,
    countersignatureClock,
    workflow.countersignWithinWorkingHours,
    'DECISION_PROPOSED',
  );
}

/** Pauses the clock while the partner is asked; the application is due for nobody meanwhile. */
export async function pauseClock(work: Work, application: Application, cause: string): Promise<void> {
  const running = await endInterval(work, application);
  application.dueAt = null;
  await addInterval(work, application, running?.stageKey ?? intakeClock, 'PAUSED', cause);
}

/** Goes on where the clock was paused, with the time that was left. */
export async function resumeClock(work: Work, application: Application, workflow: Workflow): Promise<void> {
  const stage = workflow.stages.find(({ key }) => key === application.stageKey);
  const key = stage?.key ?? intakeClock;
  await startClock(work, application, key, stage?.slaWorkingHours ?? workflow.intake.slaWorkingHours, 'RESUMED');
}

/** Ends the clock of an application that is nobody's work for now, and takes it out of its queue. */
export async function leaveQueue(work: Work, application: Application): Promise<void> {
  await endInterval(work, application);
  application.queue = null;
  application.dueAt = null;
}

async function startClock(
  work: Work,
  application: Application,
  stageKey: string,
  slaWorkingHours: number,
  cause: string,
): Promise<void> {
  const found = await work.em.find(ClockIntervalRow, {
    applicationId: application.id,
    $or: [{ endedAt: null }, { stageKey }],
  });
  const open = found.find(({ endedAt }) => !endedAt);
  if (open) await end(work, open);
  const before = found
    .filter((interval) => interval.stageKey === stageKey)
    .map(({ kind, startedAt, endedAt }) => ({ kind, startedAt, endedAt: endedAt ?? endOf(work, startedAt) }));
  application.dueAt = dueAt(slaWorkingHours, chargedTime(before, work.now), work.now);
  await addInterval(work, application, stageKey, 'RUNNING', cause);
}

async function endInterval(work: Work, application: Application): Promise<ClockIntervalRow | null> {
  const open = await work.em.findOne(ClockIntervalRow, { applicationId: application.id, endedAt: null });
  if (open) await end(work, open);
  return open;
}

/** Written at once and by itself: only one interval of an application may be open, and the next one is about to be. */
async function end(work: Work, { id, startedAt }: ClockIntervalRow): Promise<void> {
  await work.em.nativeUpdate(ClockIntervalRow, { id }, { endedAt: endOf(work, startedAt) });
}

/** An interval never ends before it began, however clocks of different machines differ. */
function endOf(work: Work, startedAt: Date): Date {
  return work.now < startedAt ? startedAt : work.now;
}

async function addInterval(
  work: Work,
  application: Application,
  stageKey: string,
  kind: 'RUNNING' | 'PAUSED',
  cause: string,
): Promise<void> {
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
