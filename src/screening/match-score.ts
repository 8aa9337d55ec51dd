import { compareNames, type NamePart } from './name-comparison.js';
import { type NormalName, normalName, type PartyKind } from './normal-name.js';

/** Somebody of ours, as far as it matters whether a list names them. */
export interface Wanted {
  readonly kind: 'ORGANIZATION' | 'PERSON';
  readonly name: string;
  /** Two letters of ISO 3166-1; null for people, of whom the portal does not know. */
  readonly country: string | null;
}

/** A name on a list. */
export interface Listed {
  readonly kind: PartyKind | 'OTHER';
  readonly name: string;
  readonly role: 'PRIMARY' | 'ALIAS';
  readonly countries: readonly string[];
}

export const factors = {
  NAMES: 'How like the two names are.',
  SAME_COUNTRY: 'The list names the country where the organization is registered.',
  OTHER_COUNTRY: 'The list names other countries only.',
} as const;

export type FactorName = keyof typeof factors;

/** How a score came about: the factors add up to it, at most 100 and at least 0. */
export interface Explanation {
  readonly listedName: string;
  readonly role: Listed['role'];
  readonly parts: readonly NamePart[];
  readonly factors: readonly { readonly factor: FactorName; readonly points: number }[];
}

export interface ScoredMatch {
  readonly score: number;
  readonly explanation: Explanation;
}

/** What the countries add or take away. A country never decides alone: companies move, and lists are incomplete. */
const countryPoints = { SAME_COUNTRY: 1, OTHER_COUNTRY: -5 } as const;

/** @param known words of names on the lists, so that one of them is not taken for another one misspelt */
export function scoreMatch(wanted: Wanted, listed: Listed, known?: ReadonlySet<string>): ScoredMatch {
  const [ours, theirs] = [normalName(wanted.name, wanted.kind), normalListed(listed)];
  const people = wanted.kind === 'PERSON';
  const { score, parts } = compareNames(ours, theirs, known ? { people, known } : { people });
  const country = countryFactor(wanted, listed);
  const found = [{ factor: 'NAMES', points: score } as const, ...(country ? [country] : [])];
  const total = found.reduce((sum, { points }) => sum + points, 0);
  return {
    score: Math.max(0, Math.min(100, total)),
    explanation: { listedName: listed.name, role: listed.role, parts, factors: found },
  };
}

function countryFactor({ country }: Wanted, { countries }: Listed) {
  if (country === null || countries.length === 0) return null;
  const factor = countries.includes(country) ? 'SAME_COUNTRY' : 'OTHER_COUNTRY';
  return { factor, points: countryPoints[factor] } as const;
}

/** A name on a list, as it is compared. */
export function normalListed({ name, kind }: Pick<Listed, 'name' | 'kind'>): NormalName {
  return normalName(name, kind === 'OTHER' ? 'UNKNOWN' : kind);
}
