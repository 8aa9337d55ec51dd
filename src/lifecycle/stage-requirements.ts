import type { ActorStanding, StaffRole } from './roles.js';
import type { Objection } from './ruling.js';
import type { Stage } from './workflow.js';

/** What was done at the present stage, for the present revision. Whoever is recused from the organization does not count. */
export interface StageProgress {
  /** Standing recommendations: by whom, and in which role. */
  readonly recommendedBy: readonly { readonly personId: string; readonly role: StaffRole }[];
  /** Keys of the checks that stand as passed. */
  readonly passedChecks: readonly string[];
  /** Keys of what documents are there for. */
  readonly providedFor: readonly string[];
}

/** Everything that a stage asks for and that is not there yet, all at once. */
export function lackingAtStage(stage: Stage, progress: StageProgress): Objection[] {
  return [
    ...lackingRecommendations(stage, progress).map(({ role, count, given }) => {
      const message = `The present stage needs ${count} ${count === 1 ? 'recommendation' : 'recommendations by different people'} in the role ${role}, and has ${given}.`;
      return incomplete(message, ['recommendations', role]);
    }),
    ...stage.requiredChecks
      .filter(({ key }) => !progress.passedChecks.includes(key))
      .map(({ key, title }) => incomplete(`The check “${title}” has not been passed yet.`, ['checks', key])),
    ...stage.requiredDocuments
      .filter((key) => !progress.providedFor.includes(key))
      .map((key) =>
        incomplete(`The present stage needs the document “${key}”, and it is not there.`, ['documents', key]),
      ),
  ];
}

/** The roles in which recommendations are lacking, in the order of the stage. */
export function lackingRecommendations(
  { requiredRecommendations }: Stage,
  { recommendedBy }: StageProgress,
): { readonly role: StaffRole; readonly count: number; readonly given: number }[] {
  return requiredRecommendations
    .map(({ role, count }) => ({ role, count, given: recommendedBy.filter((one) => one.role === role).length }))
    .filter(({ count, given }) => given < count);
}

/**
 * The role in which somebody recommends who does not say: the one in which they did before; or of the roles that the
 * stage asks for and they hold, the first in which recommendations are lacking, or else the first. Null for none.
 */
export function roleToRecommendIn(stage: Stage, progress: StageProgress, actor: ActorStanding): StaffRole | null {
  const own = stage.requiredRecommendations.map(({ role }) => role).filter((role) => actor.roles.includes(role));
  const before = progress.recommendedBy.find(({ personId }) => personId === actor.personId)?.role;
  const lacking = lackingRecommendations(stage, progress).map(({ role }) => role);
  return own.find((role) => role === before) ?? own.find((role) => lacking.includes(role)) ?? own[0] ?? null;
}

function incomplete(message: string, path: readonly string[]): Objection {
  return { code: 'INCOMPLETE', message, path };
}
