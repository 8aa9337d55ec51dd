import type { Workflow } from './workflow.js';

/** What a program may ask for. */
export const mostCountersignatures = 2;
/** The longest that a partner may be given to answer an intent to refuse. */
export const mostDaysToAnswer = 365;

const day = 24 * 60 * 60 * 1000;

/** How many people, besides whoever proposes it, must countersign a decision before it is final. */
export function countersignaturesNeeded(
  workflow: Pick<Workflow, 'approvalCountersignatures' | 'refusalCountersignatures'>,
  outcome: 'APPROVE' | 'APPROVE_WITH_CONDITIONS' | 'REFUSE',
): number {
  return (outcome === 'REFUSE' ? workflow.refusalCountersignatures : workflow.approvalCountersignatures) ?? 1;
}

/**
 * Until when the partner may answer a refusal before it is final; null when it is final at once. It is when the program
 * announces none, when the partner has answered one before, and on appeal, which is the partner's answer already.
 */
export function answerBefore(
  { intentToRefuseDays }: Pick<Workflow, 'intentToRefuseDays'>,
  { onAppeal, answeredBefore }: { readonly onAppeal: boolean; readonly answeredBefore: boolean },
  now: Date,
): Date | null {
  if (intentToRefuseDays == null || onAppeal || answeredBefore) return null;
  return new Date(now.getTime() + intentToRefuseDays * day);
}

/** What came of an intent to refuse. */
export const intentEndings = {
  ANSWERED: 'The partner answered, and the application is decided anew.',
  ACCEPTED: 'The partner did not want to wait, and the refusal became final.',
  EXPIRED: 'The partner did not answer in time, and the refusal became final.',
  RESCINDED: 'The operator took it back, and the application is in review again.',
  WITHDRAWN: 'The partner withdrew the application.',
} as const;

export type IntentEnding = keyof typeof intentEndings;
