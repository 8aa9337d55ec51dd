import { loadForCommand, recordApplicationEvent } from '../applications/application.commands.js';
import type { Command } from '../doorway/command.js';
import { requireAccepted, requirePerson, requireText } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import type { ApplicationFacts } from '../lifecycle/application-guards.js';
import type { ActorStanding, StaffRole } from '../lifecycle/roles.js';
import {
  type CriterionScore,
  checkScores,
  filledScorecard,
  type GivenScore,
  weightedScore,
} from '../lifecycle/scorecard.js';
import { roleToRecommendIn } from '../lifecycle/stage-requirements.js';
import { type Stage, stageByKey } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { Recommendation, type RecommendationKind, Recusal } from './review.entity.js';
import { longestText, type ReviewInput, requireConditions } from './review-requirements.js';

export interface RecommendInput extends ReviewInput {
  readonly kind: RecommendationKind;
  readonly comment: string;
  readonly conditions: readonly string[];
  /** The role in which it is given; found out when it is not said. */
  readonly role: StaffRole | null;
  /** One for each criterion of the stage. */
  readonly scores: readonly GivenScore[];
}

/** Gives one's recommendation at the present stage; an earlier one of one's own is superseded and stays on record. */
export const recommend: Command<RecommendInput, { applicationId: string; recommendationId: string }> = {
  name: 'application.recommend',
  async run(work, input) {
    const { application, facts } = await loadForCommand(work, input.applicationId, 'recommend', input);
    const person = requirePerson(work.actor);
    const stage = requireStage(facts);
    const role = requireRole(input.role, stage, facts, standingOf(work.actor, application.organizationId));
    const conditions = requireConditions(input.kind, input.conditions);
    const scores = requireScores(stage, input);
    const stageKey = stage.key;
    const place = {
      applicationId: application.id,
      revision: application.revision,
      stageKey,
      reviewerId: person.personId,
    };
    const earlier = await work.em.findOne(Recommendation, { ...place, supersededAt: null });
    if (earlier) {
      earlier.supersededAt = work.now;
      // Written first: only one recommendation of a reviewer may stand.
      await work.em.flush();
    }
    const given = work.em.create(Recommendation, {
      id: work.ids.next(),
      ...place,
      role,
      kind: input.kind,
      comment: requireText(input.comment, ['comment'], longestText),
      conditions,
      scores,
      score: weightedScore(scores),
      recommendedAt: work.now,
      supersededAt: null,
    });
    recordApplicationEvent(work, application, 'application.recommended', {
      recommendationId: encodeId('recommendation', given.id),
      stage: stageKey,
    });
    return { applicationId: application.id, recommendationId: given.id };
  },
};

/** Declares that one cannot judge the organization: nothing of it can be reviewed or decided by oneself any more. */
export const recuse: Command<ReviewInput & { readonly reason: string }, { applicationId: string }> = {
  name: 'application.recuse',
  duplicates: { recusal_standing_unique: 'You are recused from this organization already.' },
  async run(work, { applicationId, reason, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'recuse', { expectedVersion });
    const person = requirePerson(work.actor);
    work.em.create(Recusal, {
      id: work.ids.next(),
      organizationId: application.organizationId,
      applicationId,
      userId: person.personId,
      kind: 'DECLARED',
      reason: requireText(reason, ['reason'], longestText),
      declaredAt: work.now,
      endedAt: null,
    });
    if (person.staffId !== null && application.assigneeId === person.staffId) application.assigneeId = null;
    recordApplicationEvent(work, application, 'application.recused', { personId: encodeId('person', person.personId) });
    return { applicationId };
  },
};

function requireStage({ workflow, stageKey }: ApplicationFacts): Stage {
  const stage = stageByKey(workflow, stageKey);
  if (!stage) throw new Error('Recommendations are given at a stage.');
  return stage;
}

/** @throws Refusal INVALID when one does not hold the role that was named, or the stage does not ask for it */
function requireRole(named: StaffRole | null, stage: Stage, facts: ApplicationFacts, actor: ActorStanding): StaffRole {
  const asked = stage.requiredRecommendations.map(({ role }) => role);
  const role = named ?? roleToRecommendIn(stage, facts, actor);
  if (role && asked.includes(role) && actor.roles.includes(role)) return role;
  const own = asked.filter((one) => actor.roles.includes(one));
  throw Refusal.of('INVALID', `At this stage you recommend in the role ${own.join(' or ')}.`, ['role']);
}

/** @throws Refusal with everything that is wrong with the scores */
function requireScores({ criteria }: Stage, { kind, scores }: RecommendInput): CriterionScore[] {
  requireAccepted(checkScores(criteria, scores, { mayLeaveOut: kind === 'NO_OPINION' }));
  return filledScorecard(criteria, scores);
}
