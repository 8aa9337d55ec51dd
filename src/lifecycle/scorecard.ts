import type { Objection } from './ruling.js';
import type { Criterion } from './workflow.js';

/** The score that somebody gives to a criterion, named by its key. */
export interface GivenScore {
  readonly criterion: string;
  readonly score: number;
}

/** A score with its criterion as it was when it was given. */
export interface CriterionScore extends GivenScore {
  readonly title: string;
  readonly weight: number;
  readonly scale: number;
}

/**
 * Everything that is wrong with the scores of a recommendation: each criterion is scored once, and nothing else. Whoever
 * has no opinion may leave the whole scorecard out, but not a part of it.
 */
export function checkScores(
  criteria: readonly Criterion[],
  scores: readonly GivenScore[],
  { mayLeaveOut }: { readonly mayLeaveOut: boolean },
): Objection[] {
  if (scores.length === 0 && mayLeaveOut) return [];
  const problems = scores.flatMap(({ criterion, score }, position): Objection[] => {
    const path = ['scores', String(position)];
    const known = criteria.find(({ key }) => key === criterion);
    if (!known) return [invalid(unknown(criteria, criterion), [...path, 'criterion'])];
    if (scores.findIndex((other) => other.criterion === criterion) < position)
      return [invalid(`“${known.title}” is scored twice.`, [...path, 'criterion'])];
    if (Number.isInteger(score) && score >= 0 && score <= known.scale) return [];
    return [invalid(`The score of “${known.title}” is a whole number from 0 to ${known.scale}.`, [...path, 'score'])];
  });
  const lacking = criteria.filter(({ key }) => !scores.some(({ criterion }) => criterion === key));
  return [
    ...problems,
    ...lacking.map(({ key, title, scale }): Objection => {
      const message = `The present stage has a scorecard: score “${title}” (${key}), from 0 to ${scale}.`;
      return { code: 'REQUIRED', message, path: ['scores'] };
    }),
  ];
}

/** The scores in the order of the scorecard, each with its criterion; they must have been checked. */
export function filledScorecard(criteria: readonly Criterion[], scores: readonly GivenScore[]): CriterionScore[] {
  return criteria.flatMap(({ key, title, weight, scale }) =>
    scores
      .filter(({ criterion }) => criterion === key)
      .map(({ score }) => ({ criterion: key, title, weight, scale, score })),
  );
}

/** What a scorecard comes to out of 100, by weight, to one decimal; null when nothing is scored. */
export function weightedScore(scores: readonly CriterionScore[]): number | null {
  if (scores.length === 0) return null;
  const weights = scores.reduce((sum, { weight }) => sum + weight, 0);
  const reached = scores.reduce((sum, { weight, scale, score }) => sum + (weight * score) / scale, 0);
  return Math.round((1000 * reached) / weights) / 10;
}

function unknown(criteria: readonly Criterion[], key: string): string {
  if (criteria.length === 0) return 'The present stage has no scorecard; give no scores.';
  return `The scorecard has no criterion "${key}"; it has ${criteria.map((one) => one.key).join(', ')}.`;
}

function invalid(message: string, path: readonly string[]): Objection {
  return { code: 'INVALID', message, path };
}
