import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { requireLine } from '../doorway/requirements.js';
import type { WaveOrder } from '../lifecycle/wave.js';
import { Refusal } from '../platform/errors.js';

const longestName = 100;
const most = { organizations: 1000, places: 1_000_000 } as const;
const countryForm = /^[A-Z]{2}$/;

/** A wave as it is planned. */
export interface WaveInput {
  readonly productId: string;
  readonly name: string;
  readonly capacityOrganizations: number | null;
  readonly capacitySeats: number | null;
  readonly opensAt: Date;
  readonly closesAt: Date | null;
  readonly sectors: readonly string[];
  readonly countries: readonly string[];
  readonly organizations: readonly string[];
  readonly ordering: WaveOrder;
  readonly priority: readonly string[];
}

/**
 * The input as it is stored.
 * @throws Refusal with the path of what is wrong
 */
export async function requireWave(work: Work, input: WaveInput): Promise<Omit<WaveInput, 'productId'>> {
  const { opensAt, closesAt, sectors, countries, ordering } = input;
  if (closesAt && closesAt <= opensAt) throw invalid('closesAt', 'A wave closes after it opens.');
  if (closesAt && closesAt <= work.now) throw invalid('closesAt', 'This time is over already.');
  if (!countries.every((country) => countryForm.test(country)))
    throw invalid('countries', 'A country is given by its two letters of ISO 3166-1, such as NL or US.');
  return {
    name: requireLine(input.name, ['name'], longestName),
    capacityOrganizations: requirePlaces(input.capacityOrganizations, ['capacityOrganizations']),
    capacitySeats: requirePlaces(input.capacitySeats, ['capacitySeats']),
    opensAt,
    closesAt,
    sectors: [...new Set(sectors)],
    countries: [...new Set(countries)],
    organizations: await requireOrganizations(work, input.organizations, 'organizationIds'),
    ordering,
    priority: await requirePriority(work, input),
  };
}

/** @throws Refusal unless there is a list exactly where the order goes by one, and everybody on it is registered */
export async function requirePriority(
  work: Work,
  { ordering, priority }: { readonly ordering: string; readonly priority: readonly string[] },
): Promise<string[]> {
  if ((ordering === 'PRIORITY') !== priority.length > 0)
    throw invalid('priorityIds', 'Say who goes first when it goes by priority, and only then.');
  return requireOrganizations(work, priority, 'priorityIds');
}

/** @throws Refusal for less than one place */
export function requirePlaces(places: number | null, path: readonly string[]): number | null {
  if (places === null || (places >= 1 && places <= most.places)) return places;
  const sentence = `There are between 1 and ${most.places} places; say nothing where there is no limit.`;
  throw Refusal.of('INVALID', sentence, path);
}

async function requireOrganizations(work: Work, ids: readonly string[], path: string): Promise<string[]> {
  if (ids.length > most.organizations)
    throw Refusal.of('LIMIT_REACHED', `At most ${most.organizations} organizations fit here.`, [path]);
  const found = await sql<{ id: string }>`
    select id from organization where id = any(${[...ids]}::uuid[])`.execute(work.sql);
  const known = new Set(found.rows.map(({ id }) => id));
  const strange = ids.findIndex((id) => !known.has(id));
  if (strange >= 0) throw Refusal.notFound('organization', [path, String(strange)]);
  return [...new Set(ids)];
}

function invalid(field: string, message: string): Refusal {
  return Refusal.of('INVALID', message, [field]);
}
