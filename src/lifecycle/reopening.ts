import type { ApplicationStatus } from './application.js';

export const reopeningStatuses = {
  PROPOSED: 'Waits for another administrator.',
  CONFIRMED: 'The application was reopened.',
  DECLINED: 'Another administrator said no; the application stays closed.',
  LAPSED: 'The partner appealed before it was confirmed.',
} as const;

export type ReopeningStatus = keyof typeof reopeningStatuses;

/** What matters for reopening an application, of one that is over. */
export interface AfterEnd {
  /** Who proposed to reopen it; null when nobody has. */
  readonly proposedBy: string | null;
  /** Does the organization have another application to the program under way? */
  readonly isReplaced: boolean;
  /** Is there a grant of it that has not ended? */
  readonly hasGrant: boolean;
  /** Was the decision that stands one on an appeal? */
  readonly decidedOnAppeal: boolean;
}

interface Ended {
  readonly status: ApplicationStatus;
  readonly statusBefore: ApplicationStatus | null;
  readonly stageKey: string | null;
  readonly afterEnd: Pick<AfterEnd, 'decidedOnAppeal'> | null;
}

/** What an application becomes that is reopened: what it was when its work stopped. */
export type ReopenedStatus = 'SUBMITTED' | 'IN_REVIEW' | 'RETURNED' | 'UNDER_APPEAL';

/** Those that end an application by a decision, which is then taken again. */
const decided: readonly ApplicationStatus[] = ['APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED'];

export function isDecided(status: ApplicationStatus): boolean {
  return decided.includes(status);
}

/**
 * Where the work on an application stopped. What was decided is decided again. A question that was open and a decision
 * that was proposed lapsed with its end, so it is in review, or waits for intake, without them.
 */
export function reopenedStatus({ status, statusBefore, stageKey, afterEnd }: Ended): ReopenedStatus {
  if (isDecided(status)) return afterEnd?.decidedOnAppeal ? 'UNDER_APPEAL' : 'IN_REVIEW';
  if (statusBefore === 'RETURNED') return 'RETURNED';
  return stageKey === null ? 'SUBMITTED' : 'IN_REVIEW';
}
