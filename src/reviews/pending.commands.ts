import type { Work } from '../doorway/command.js';
import { withdrawOpenRequest } from '../questions/open-request.commands.js';
import { Reopening } from './reopening.entity.js';
import { Decision } from './review.entity.js';

/** Ends what still waited when a partner withdraws: the open questions and the proposed decision. Both stay on record. */
export async function lapsePendingReview(work: Work, applicationId: string): Promise<void> {
  await withdrawOpenRequest(work, applicationId);
  const proposed = await work.em.findOne(Decision, { applicationId, status: 'PROPOSED' });
  if (proposed) proposed.status = 'LAPSED';
}

/** Ends what still waited when a partner appeals: that the application be reopened was proposed while it was refused. */
export async function lapseReopening(work: Work, applicationId: string): Promise<void> {
  const proposed = await work.em.findOne(Reopening, { applicationId, status: 'PROPOSED' });
  if (proposed) proposed.status = 'LAPSED';
}
