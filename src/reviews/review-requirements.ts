import { requireTexts } from '../doorway/requirements.js';
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

/** Conditions go with "approve with conditions", and with nothing else. */
export function requireConditions(kind: RecommendationKind | DecisionOutcome, conditions: readonly string[]): string[] {
  const given = requireTexts(conditions, ['conditions'], mostConditions, longestCondition);
  if (kind === 'APPROVE_WITH_CONDITIONS' && given.length === 0) {
    throw Refusal.of('REQUIRED', 'Say at least one condition, or approve without conditions.', ['conditions']);
  }
  if (kind !== 'APPROVE_WITH_CONDITIONS' && given.length > 0) {
    throw Refusal.of('INVALID', 'Conditions go with APPROVE_WITH_CONDITIONS only.', ['conditions']);
  }
  return given;
}
