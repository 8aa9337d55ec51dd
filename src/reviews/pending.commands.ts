import type { Work } from '../doorway/command.js';
import { personOf } from '../lifecycle/actor.js';
import type { IntentEnding } from '../lifecycle/decisions.js';
import { withdrawOpenRequest } from '../questions/open-request.commands.js';
import { IntentToRefuse } from './intent.entity.js';
import { Reopening } from './reopening.entity.js';
import { Decision } from './review.entity.js';

/**
 * Ends what still waited when a partner withdraws: the open questions, the proposed decision, the intent to refuse. All of
 * them stay on record.
 */
export async function lapsePendingReview(work: Work, applicationId: string): Promise<void> {
  await withdrawOpenRequest(work, applicationId);
  const decision = await work.em.findOne(Decision, { applicationId, status: { $in: ['PROPOSED', 'ANNOUNCED'] } });
  if (decision) decision.status = 'LAPSED';
  const intent = await work.em.findOne(IntentToRefuse, { applicationId, ending: null });
  if (intent) endIntent(work, intent, 'WITHDRAWN');
}

/** Notes what came of an intent to refuse, and through whom. */
export function endIntent(work: Work, intent: IntentToRefuse, ending: IntentEnding): void {
  intent.ending = ending;
  intent.endedAt = work.now;
  intent.endedBy = personOf(work.actor);
}

/** Ends what still waited when a partner appeals: that the application be reopened was proposed while it was refused. */
export async function lapseReopening(work: Work, applicationId: string): Promise<void> {
  const proposed = await work.em.findOne(Reopening, { applicationId, status: 'PROPOSED' });
  if (proposed) proposed.status = 'LAPSED';
}
