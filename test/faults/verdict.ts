/** One thing that must hold after the trial, and what was found that breaks it. */
export interface Verdict {
  readonly promise: string;
  readonly violations: readonly string[];
}

/** @returns one sentence for each item of which the two do not say the same */
export function differences<T extends object>(id: string, found: T, expected: T): readonly string[] {
  return Object.entries(expected)
    .filter(([name, value]) => Reflect.get(found, name) !== value)
    .map(([name, value]) => `${id}: ${name} is ${String(Reflect.get(found, name))}, and ${String(value)} was expected`);
}
