import type { OpenedArchive } from './opened-archive.js';

/** What is wrong with an archive, each with where it is. */
export class Troubles {
  readonly #told: string[] = [];
  /** What cannot be shown, because the records of it were dropped or are of a former form. */
  readonly #unproved = new Map<string, number>();

  add(place: string, sentence: string): void {
    this.#told.push(`${place}: ${sentence}`);
  }

  unproved(what: string): void {
    this.#unproved.set(what, (this.#unproved.get(what) ?? 0) + 1);
  }

  get told(): readonly string[] {
    return this.#told;
  }

  get notShown(): readonly string[] {
    return [...this.#unproved].map(([what, count]) => `${count} ${what}`);
  }
}

/** A line of an archive, read. */
export interface ReadLine<Line> {
  readonly line: Line;
  /** Where it is, e.g. `grants.jsonl, line 3`. */
  readonly place: string;
}

/** The lines of a file as what they should be. Lines that are no JSON object are troubles and left out. */
export async function* linesIn<Line>(
  archive: OpenedArchive,
  name: string,
  troubles: Troubles,
): AsyncGenerator<ReadLine<Line>> {
  for await (const { number, text } of archive.lines(name)) {
    const place = `${name}, line ${number}`;
    const line = parsed(text);
    // What the portal wrote is of the form of its file; anything else is found by the hash of the file.
    if (line) yield { line: line as Line, place };
    else troubles.add(place, 'it is not a line of JSON');
  }
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Do two values say the same? Only for what was written and read in one order. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
