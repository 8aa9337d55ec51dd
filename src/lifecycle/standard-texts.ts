import { type Objection, objection } from './ruling.js';

/** What a text of the library is for. */
export const standardTextKinds = {
  CONDITION: 'A condition of an approval.',
  REFUSAL_REASON: 'A reason for a refusal.',
} as const;

export type StandardTextKind = keyof typeof standardTextKinds;

/** How a text of either kind is called in a sentence. */
const called: Readonly<Record<StandardTextKind, string>> = { CONDITION: 'condition', REFUSAL_REASON: 'refusal reason' };

export const standardCodeForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A text of the library as a decision took it over: the words of this version, whatever it says later. */
export interface StandardStatement {
  readonly code: string;
  readonly version: number;
  readonly title: string;
  readonly text: string;
}

/** A text of the library as it stands. */
export interface StandardTextStanding extends StandardStatement {
  readonly kind: StandardTextKind;
  /** Null: for every program. */
  readonly programId: string | null;
  readonly isRetired: boolean;
}

/** Everything that is wrong with taking these codes for an application to the program. `field` is where they were given. */
export function checkCodes(
  codes: readonly string[],
  library: readonly StandardTextStanding[],
  { kind, programId, field }: { readonly kind: StandardTextKind; readonly programId: string; readonly field: string },
): Objection[] {
  return codes.flatMap((code, position): Objection[] => {
    const path = [field, String(position)];
    const wrong = (message: string) => [...objection('INVALID', message, path)];
    if (codes.indexOf(code) < position) return wrong(`"${code}" is given twice.`);
    const found = library.find((text) => text.code === code);
    if (!found) return wrong(`The library has no ${called[kind]} "${code.slice(0, 100)}".`);
    if (found.kind !== kind)
      return wrong(`"${code}" is a ${called[found.kind]}, and a ${called[kind]} is wanted here.`);
    if (found.programId !== null && found.programId !== programId)
      return wrong(`The ${called[kind]} "${code}" belongs to another program.`);
    return found.isRetired ? wrong(`The ${called[kind]} "${code}" was retired and is not used any more.`) : [];
  });
}
