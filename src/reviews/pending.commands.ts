import type { Work } from '../doorway/command.js';
import { Reopening } from './reopening.entity.js';
import { Decision, InformationRequest } from './review.entity.js';

/** Ends what still waited when a partner withdraws: the open question and the proposed decision. Both stay on record. */
export async function lapsePendingReview(work: Work, applicationId: string): Promise<void> {
  const asked = await work.em.findOne(InformationRequest, { applicationId, respondedAt: null, withdrawnAt: null });
  if (asked) asked.withdrawnAt = work.now;
  const proposed = await work.em.findOne(Decision, { applicationId, status: 'PROPOSED' });
  if (proposed) proposed.status = 'LAPSED';
}

/** Ends what still waited when a partner appeals: that the application be reopened was proposed while it was refused. */
export async function lapseReopening(work: Work, applicationId: string): Promise<void> {
  const proposed = await work.em.findOne(Reopening, { applicationId, status: 'PROPOSED' });
  if (proposed) proposed.status = 'LAPSED';
}
