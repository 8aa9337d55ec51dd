import type { Work } from '../doorway/command.js';
import { requireAccepted, requireTexts } from '../doorway/requirements.js';
import { checkCodes, type StandardStatement, type StandardTextStanding } from '../lifecycle/standard-texts.js';
import { Refusal } from '../platform/errors.js';
import { standardTextsByCode } from '../standard-texts/standard-text.queries.js';
import type { Decision, DecisionOutcome } from './review.entity.js';
import { longestCondition, mostConditions, requireConditions } from './review-requirements.js';

/** What a proposal says for the partner: in words of its own, and by codes of the library. */
export interface DecisionWords {
  readonly outcome: DecisionOutcome;
  readonly reasons: readonly string[];
  readonly conditions: readonly string[];
  readonly reasonCodes?: readonly string[];
  readonly conditionCodes?: readonly string[];
}

type Wording = Pick<Decision, 'reasons' | 'conditions' | 'standardReasons' | 'standardConditions'>;

/**
 * The reasons and conditions of a decision, those from the library first, each in the version that holds now.
 * @throws Refusal with everything that is wrong with the codes, or what is wrong with the rest
 */
export async function requireWording(work: Work, programId: string, words: DecisionWords): Promise<Wording> {
  const { outcome, reasonCodes = [], conditionCodes = [] } = words;
  requireFew(words.reasons, reasonCodes, 'reasonCodes');
  requireFew(words.conditions, conditionCodes, 'conditionCodes');
  const library = await standardTextsByCode(work.sql, [...new Set([...reasonCodes, ...conditionCodes])]);
  requireAccepted([
    ...checkCodes(reasonCodes, library, { kind: 'REFUSAL_REASON', programId, field: 'reasonCodes' }),
    ...checkCodes(conditionCodes, library, { kind: 'CONDITION', programId, field: 'conditionCodes' }),
  ]);
  const standardReasons = statements(reasonCodes, library);
  const standardConditions = statements(conditionCodes, library);
  if (outcome !== 'REFUSE' && standardReasons.length > 0)
    throw Refusal.of('INVALID', 'Reasons for refusal go with REFUSE only.', ['reasonCodes']);
  const own = requireTexts(words.reasons, ['reasons'], mostConditions, longestCondition);
  const reasons = [...standardReasons.map(({ text }) => text), ...own];
  if (outcome === 'REFUSE' && reasons.length === 0)
    throw Refusal.of('REQUIRED', 'A refusal gives the partner at least one reason.', ['reasons']);
  const conditions = requireConditions(outcome, words.conditions, standardConditions);
  return { reasons, conditions, standardReasons, standardConditions };
}

export function codesOf(statements: readonly StandardStatement[]): string[] {
  return statements.map(({ code }) => code);
}

function requireFew(texts: readonly string[], codes: readonly string[], field: string): void {
  const given = texts.length + codes.length;
  if (codes.length === 0 || given <= mostConditions) return;
  const message = `At most ${mostConditions} fit here, those in your own words included, and these are ${given}.`;
  throw Refusal.of('LIMIT_REACHED', message, [field]);
}

function statements(codes: readonly string[], library: readonly StandardTextStanding[]): StandardStatement[] {
  return codes.flatMap((code) => {
    const found = library.find((text) => text.code === code);
    return found ? [{ code, version: found.version, title: found.title, text: found.text }] : [];
  });
}
