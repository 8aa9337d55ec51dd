import { decodeId } from '../platform/ids.js';
import type { DirectiveTermsInput, OrderEmergencyHaltInput } from './directive-inputs.types.js';

/** A letter as GraphQL tells it, as commands take it. */
export function letterOf<Letter extends { authorityId: string; reviewAt?: Date | null; letterSha256?: string | null }>(
  letter: Letter,
) {
  const { authorityId, reviewAt = null, letterSha256 = null } = letter;
  return { ...letter, authorityId: decodeId('authority', authorityId, ['authorityId']), reviewAt, letterSha256 };
}

/** What it lays down, with what it is when nothing is said. */
export function termsOf(terms: DirectiveTermsInput) {
  return {
    products: terms.products,
    sectors: terms.sectors ?? [],
    countries: terms.countries ?? [],
    excludedCountries: terms.excludedCountries ?? [],
    includesAffiliates: terms.includesAffiliates ?? false,
    conditions: terms.conditions ?? [],
    foreignPersons: terms.foreignPersons ?? 'NO_RULE',
    operatorStaff: terms.operatorStaff ?? 'AS_OTHERS',
  } as const;
}

/** An emergency halt, ordered or only foreseen. */
export function emergencyHaltOf({ products, foreignPersons, operatorStaff, ...letter }: OrderEmergencyHaltInput) {
  const terms = termsOf({ products, foreignPersons: foreignPersons ?? null, operatorStaff: operatorStaff ?? null });
  return { ...letterOf(letter), expiresAt: null, terms };
}
