import { CompiledQuery } from 'kysely';

/** One statement that writes rows and returns something for each, to be run with others as one. */
export interface Part {
  /**
   * Its text. The parts of a statement run in no certain order unless each looks at the one before, so a part for which
   * that matters has the condition `after` in it.
   */
  text(after: string, value: (given: unknown) => string): string;
  /** How many rows it must write; null when it does not matter. */
  readonly rows: number | null;
}

/** A statement that was made by others, as a part; it must return its rows. */
export function partOf({ sql, parameters }: CompiledQuery): Part {
  return {
    text: (_after, value) => {
      const values = parameters.map(value);
      return sql.replaceAll(/\$(\d+)/g, (_all, number: string) => values[Number(number) - 1] ?? 'null');
    },
    rows: null,
  };
}

/**
 * Everything that is to be written, as one statement. When a part did not write the rows it must, because somebody else
 * changed them meanwhile, it fails with SQLSTATE 40001: the transaction is worth repeating. Null for nothing.
 */
export function writing(parts: readonly Part[]): CompiledQuery | null {
  if (parts.length === 0) return null;
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const texts = parts.map((part, position) => {
    const after = position === 0 ? 'true' : `(select count(*) >= 0 from w${position - 1})`;
    return `w${position} as (${part.text(after, value)})`;
  });
  const required = parts.flatMap(({ rows }, position) => (rows === null ? [] : [{ rows, position }]));
  const written = required.map(({ position }) => `(select count(*) from w${position})`).join(' + ') || '0';
  const expected = required.reduce((sum, { rows }) => sum + rows, 0);
  return CompiledQuery.raw(`with ${texts.join(', ')} select require_written(${written}, ${expected})`, values);
}
