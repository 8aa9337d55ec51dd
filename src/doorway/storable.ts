import { type Problem, Refusal } from '../platform/errors.js';

/** No input of the API nests deeper than this. */
const deepest = 64;

/**
 * PostgreSQL keeps neither U+0000 nor half a surrogate pair in text or jsonb; JSON has no number like 1e999, which
 * reads as infinity; and an object's `__proto__` is no property that stays one. Said here, once, for every command.
 * @throws Refusal INVALID with the path of each such value
 */
export function requireStorable(input: unknown): void {
  const problems: Problem[] = [];
  visit(input, [], problems);
  if (problems.length > 0) throw new Refusal(problems);
}

function visit(value: unknown, path: readonly string[], problems: Problem[]): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) problems.push(invalid('A text must not hold the character U+0000.', path));
    else if (!value.isWellFormed()) problems.push(invalid('A text must be well-formed Unicode.', path));
    return;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    problems.push(invalid('This number is too large to be kept.', path));
    return;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (path.length >= deepest) {
    problems.push(invalid(`Values nest at most ${deepest} levels deep.`, path.slice(0, 5)));
    return;
  }
  for (const [name, part] of Object.entries(value)) {
    if (name === '__proto__') problems.push(invalid('Nothing can be called "__proto__".', [...path, name]));
    visit(name, [...path, name], problems);
    visit(part, [...path, name], problems);
  }
}

function invalid(message: string, path: readonly string[]): Problem {
  return { code: 'INVALID', message, path };
}
