import { loadForCommand, recordApplicationEvent } from '../applications/application.commands.js';
import type { Command } from '../doorway/command.js';
import { requirePerson, requireText } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import type { ActorStanding } from '../lifecycle/roles.js';
import { type Stage, stageByKey } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { type CheckOutcome, CheckResult } from './review.entity.js';
import { longestText, type ReviewInput } from './review-requirements.js';

export interface MarkCheckInput extends ReviewInput {
  readonly check: string;
  readonly outcome: CheckOutcome;
  readonly note: string;
}

/** Marks a check of the present stage. What was marked before is superseded and stays on record. */
export const markCheck: Command<MarkCheckInput, { applicationId: string; checkId: string }> = {
  name: 'application.markCheck',
  async run(work, input) {
    const { application, facts } = await loadForCommand(work, input.applicationId, 'markCheck', {
      expectedVersion: input.expectedVersion,
    });
    const person = requirePerson(work.actor);
    const stage = stageByKey(facts.workflow, facts.stageKey);
    if (!stage) throw new Error('Checks are marked at a stage.');
    requireCheck(stage, input.check, standingOf(work.actor, application.organizationId));
    const note = requireText(input.note, ['note'], longestText);
    const place = {
      applicationId: application.id,
      revision: application.revision,
      stageKey: stage.key,
      checkKey: input.check,
    };
    const earlier = await work.em.findOne(CheckResult, { ...place, supersededAt: null });
    if (earlier) {
      earlier.supersededAt = work.now;
      // Written first: only one result of a check may stand.
      await work.em.flush();
    }
    const marked = work.em.create(CheckResult, {
      id: work.ids.next(),
      ...place,
      outcome: input.outcome,
      note,
      markedBy: person.personId,
      markedAt: work.now,
      supersededAt: null,
    });
    recordApplicationEvent(work, application, 'application.check_marked', {
      checkId: encodeId('check', marked.id),
      stage: stage.key,
      check: input.check,
      outcome: input.outcome,
    });
    return { applicationId: application.id, checkId: marked.id };
  },
};

/** @throws Refusal INVALID when the stage has no such check, FORBIDDEN when it is for others to mark */
function requireCheck({ requiredChecks }: Stage, key: string, actor: ActorStanding): void {
  const check = requiredChecks.find((one) => one.key === key);
  if (!check) {
    const message = `The present stage has no check "${key}"; it has ${requiredChecks.map((one) => one.key).join(', ')}.`;
    throw Refusal.of('INVALID', message, ['check']);
  }
  if (check.by.some((role) => actor.roles.includes(role))) return;
  throw Refusal.of('FORBIDDEN', `The check “${check.title}” is marked by ${check.by.join(' or ')}.`, ['check']);
}
