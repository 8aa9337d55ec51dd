import { type Problem, Refusal } from '../platform/errors.js';
import { decodeId, type IdKind } from '../platform/ids.js';
import { requireFew, requireMoment, requireScore, requireShort } from './application-filter.queries.js';
import type { SavedFilter } from './saved-view.entity.js';

/** A filter as it is given: what is null or not given narrows nothing. */
export type GivenFilter = Readonly<Record<string, unknown>>;

const ids: Readonly<Record<string, IdKind>> = {
  organizationId: 'organization',
  programId: 'program',
  assigneeId: 'staff',
};

type SavedValue = SavedFilter[string];

/**
 * A filter as it is kept, checked as it would be when it is used.
 * @throws Refusal with every problem at once
 */
export function requireFilter(filter: GivenFilter): SavedFilter {
  const problems: Problem[] = [];
  const kept: Record<string, SavedValue> = {};
  for (const [name, value] of Object.entries(filter)) {
    if (value === null || value === undefined) continue;
    try {
      kept[name] = requireValue(name, value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new Refusal(problems);
  return kept;
}

function requireValue(name: string, value: unknown): SavedValue {
  const path = ['filter', name];
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return requireScore(value, path);
  if (value instanceof Date) return requireMoment(value, path).toISOString();
  if (Array.isArray(value)) return requireFew(value, path);
  const text = requireShort(String(value), path);
  const kind = ids[name];
  if (kind) decodeId(kind, text, path);
  return text;
}
