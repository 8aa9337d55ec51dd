import { requireLine, requireText, requireTexts } from '../doorway/requirements.js';
import type { DirectiveKind } from '../lifecycle/directive.js';
import { allSectors } from '../organizations/organization.entity.js';
import { Refusal } from '../platform/errors.js';
import type { EntryEffect, StoredTerms } from './directive.entity.js';

const most = { products: 50, entries: 1000, conditions: 50, countries: 250 } as const;
const longest = { reference: 100, summary: 8000, name: 300, condition: 1000 } as const;
const countryForm = /^[A-Z]{2}$/;

/** A name that a letter prints. */
export interface PrintedName {
  readonly name: string;
  readonly effect: EntryEffect;
}

/** A directive as it is told to the portal. */
export interface DirectiveInput {
  readonly authorityId: string;
  readonly reference: string;
  readonly kind: DirectiveKind;
  readonly summary: string;
  /** The directive that it amends or rescinds. */
  readonly changesId: string | null;
  readonly issuedAt: Date;
  readonly receivedAt: Date;
  readonly effectiveAt: Date;
  readonly expiresAt: Date | null;
  readonly reviewAt: Date | null;
  readonly letterSha256: string | null;
  readonly terms: StoredTerms | null;
  readonly entries: readonly PrintedName[];
}

/** An emergency halt as it is told to the portal. */
export type EmergencyHaltInput = Omit<DirectiveInput, 'kind' | 'changesId' | 'entries'>;

/**
 * The directive that an emergency halt is.
 * @throws Refusal when it could wait for a second person, or would end by itself
 */
export function haltAtOnce(input: EmergencyHaltInput, now: Date): DirectiveInput {
  if (input.effectiveAt > now)
    throw invalid('effectiveAt', 'What is to take effect later can wait for a second person.');
  if (input.expiresAt) throw invalid('expiresAt', 'An emergency halt never lifts itself.');
  return { ...input, kind: 'HALT', changesId: null, entries: [] };
}

/**
 * The input as it is stored.
 * @throws Refusal with the path of what is wrong
 */
export function requireDirective(input: DirectiveInput, now: Date): DirectiveInput {
  requireTimes(input, now);
  const { kind, entries } = input;
  if ((kind === 'AMEND' || kind === 'RESCIND') !== (input.changesId !== null))
    throw invalid('changesId', 'An amendment and a rescission, and they only, say which directive they change.');
  if (input.letterSha256 !== null && !/^[0-9a-f]{64}$/.test(input.letterSha256))
    throw invalid('letterSha256', 'A SHA-256 is 64 hexadecimal digits in lower case.');
  if (entries.length > most.entries)
    throw Refusal.of('LIMIT_REACHED', `A letter prints at most ${most.entries} names here.`, ['entries']);
  if ((kind === 'HALT' || kind === 'RESCIND') && entries.length > 0)
    throw invalid('entries', 'A halt and a rescission name nobody.');
  if (kind === 'DESIGNATE' && (entries.length === 0 || entries.some(({ effect }) => effect !== 'EXCLUDES')))
    throw invalid('entries', 'A designation names those whom it shuts out.');
  return {
    ...input,
    reference: requireLine(input.reference, ['reference'], longest.reference),
    summary: requireText(input.summary, ['summary'], longest.summary),
    terms: requireTerms(input),
    entries: entries.map(({ name, effect }, position) => ({
      name: requireLine(name, ['entries', String(position), 'name'], longest.name),
      effect,
    })),
  };
}

function requireTimes({ issuedAt, receivedAt, effectiveAt, expiresAt, reviewAt }: DirectiveInput, now: Date): void {
  if (receivedAt > now) throw invalid('receivedAt', 'A directive cannot be received in the future.');
  if (issuedAt > receivedAt) throw invalid('issuedAt', 'A directive is issued before it is received.');
  if (expiresAt && expiresAt <= effectiveAt) throw invalid('expiresAt', 'A directive ends after it takes effect.');
  if (reviewAt && reviewAt <= now) throw invalid('reviewAt', 'The day of the review is to come.');
}

function requireTerms({ kind, terms }: DirectiveInput): StoredTerms | null {
  if ((kind === 'RESCIND') !== (terms === null))
    throw invalid(
      'terms',
      kind === 'RESCIND' ? 'A rescission lays nothing down.' : 'Say what the directive lays down.',
    );
  if (terms === null) return null;
  const at = (field: keyof StoredTerms) => ['terms', field];
  if (kind === 'DESIGNATE' ? terms.products.length > 0 : kind !== 'AMEND' && terms.products.length === 0)
    throw Refusal.of(
      'INVALID',
      'A designation is about every product; any other directive names its products.',
      at('products'),
    );
  if (terms.products.length > most.products)
    throw Refusal.of('LIMIT_REACHED', `At most ${most.products} products fit here.`, at('products'));
  const strange = terms.sectors.find((sector) => !allSectors.some((known) => known === sector));
  if (strange !== undefined)
    throw Refusal.of('INVALID', `There is no sector "${strange.slice(0, 60)}".`, at('sectors'));
  return {
    ...terms,
    products: [...new Set(terms.products)],
    sectors: [...new Set(terms.sectors)],
    countries: requireCountries(terms.countries, at('countries')),
    excludedCountries: requireCountries(terms.excludedCountries, at('excludedCountries')),
    conditions: requireTexts(terms.conditions, at('conditions'), most.conditions, longest.condition),
  };
}

function requireCountries(countries: readonly string[], path: readonly string[]): string[] {
  if (countries.length > most.countries)
    throw Refusal.of('LIMIT_REACHED', 'There are fewer countries than that.', path);
  if (!countries.every((country) => countryForm.test(country)))
    throw Refusal.of('INVALID', 'A country is given by its two letters of ISO 3166-1, such as NL or US.', path);
  return [...new Set(countries)];
}

function invalid(field: keyof DirectiveInput, message: string): Refusal {
  return Refusal.of('INVALID', message, [field]);
}
