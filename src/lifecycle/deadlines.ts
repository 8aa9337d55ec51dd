import type { Workflow } from './workflow.js';
import { addWorkingTime } from './working-time.js';

/** Until when something should be done, and when staff are warned that it soon should have been. */
export interface Deadline {
  readonly dueAt: Date;
  readonly warnAt: Date;
}

const hour = 60 * 60 * 1000;

/** The deadline of a clock that starts now, given what was charged to it before. */
export function deadlineOf(
  slaWorkingHours: number,
  chargedBefore: number,
  now: Date,
  { calendar, warnAtPercent }: Pick<Workflow, 'calendar' | 'warnAtPercent'>,
): Deadline {
  const allowed = slaWorkingHours * hour;
  const left = (share: number) => Math.max(0, allowed * share - chargedBefore);
  return {
    dueAt: addWorkingTime(now, left(1), calendar),
    warnAt: addWorkingTime(now, left(warnAtPercent / 100), calendar),
  };
}

/** What staff are told: WARNING before something is due, ESCALATION when it is. */
export type NoticeKind = 'WARNING' | 'ESCALATION';
/** What is due: the stage that an application is at, or the whole application. */
export type NoticeScope = 'STAGE' | 'APPLICATION';

export interface Notice {
  readonly scope: NoticeScope;
  readonly kind: NoticeKind;
  readonly at: Date;
}

/** All notices that a running clock may come to give, in order. */
export function noticesOf(stage: Deadline, application: Deadline): Notice[] {
  const notices: Notice[] = [
    { scope: 'STAGE', kind: 'WARNING', at: stage.warnAt },
    { scope: 'STAGE', kind: 'ESCALATION', at: stage.dueAt },
    { scope: 'APPLICATION', kind: 'WARNING', at: application.warnAt },
    { scope: 'APPLICATION', kind: 'ESCALATION', at: application.dueAt },
  ];
  return notices.sort((one, other) => one.at.getTime() - other.at.getTime());
}
