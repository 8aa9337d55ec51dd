import { requireTexts } from '../doorway/requirements.js';
import type { StandardStatement } from '../lifecycle/standard-texts.js';
import { Refusal } from '../platform/errors.js';
import type { DecisionOutcome, RecommendationKind } from './review.entity.js';

/** The longest text that staff and partners write in a review. */
export const longestText = 8000;
export const mostConditions = 50;
export const longestCondition = 1000;

/** What every command of a review names. */
export interface ReviewInput {
  readonly applicationId: string;
  readonly expectedVersion?: number | null;
}

/**
 * Conditions go with "approve with conditions", and with nothing else. Those from the library come before one's own.
 */
export function requireConditions(
  kind: RecommendationKind | DecisionOutcome,
  conditions: readonly string[],
  standard: readonly StandardStatement[] = [],
): string[] {
  const own = requireTexts(conditions, ['conditions'], mostConditions, longestCondition);
  const given = [...standard.map(({ text }) => text), ...own];
  if (kind === 'APPROVE_WITH_CONDITIONS' && given.length === 0) {
    throw Refusal.of('REQUIRED', 'Say at least one condition, or approve without conditions.', ['conditions']);
  }
  if (kind !== 'APPROVE_WITH_CONDITIONS' && given.length > 0) {
    throw Refusal.of('INVALID', 'Conditions go with APPROVE_WITH_CONDITIONS only.', [
      own.length > 0 ? 'conditions' : 'conditionCodes',
    ]);
  }
  return given;
}
