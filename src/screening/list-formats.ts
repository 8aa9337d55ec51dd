import type { Listed } from './match-score.js';

/** A party as a row of a list's file has it. */
export interface ListedParty {
  /** What the list itself calls the entry; the same in every version. */
  readonly reference: string;
  readonly kind: Listed['kind'];
  /** The primary name first. */
  readonly names: readonly Pick<Listed, 'name' | 'role'>[];
  /** Two letters of ISO 3166-1, in order. */
  readonly countries: readonly string[];
  readonly details: PartyDetails;
}

/** What people look at to tell parties apart; it does not count for a match. */
export interface PartyDetails {
  /** The list within the list, such as an authority's. */
  readonly source: string;
  readonly programs: string;
  readonly addresses: string;
  readonly datesOfBirth: string;
  readonly identifiers: string;
  readonly remarks: string;
  readonly url: string;
}

type Cells = Readonly<Record<string, string>>;

interface FormatDefinition {
  readonly describes: string;
  /** The columns that are read; a file may have others. */
  readonly columns: readonly string[];
  read(cells: Cells): ListedParty;
}

export const listFormats = {
  CSL: {
    describes: 'The US Consolidated Screening List as CSV.',
    columns: [
      ...[
        '_id',
        'source',
        'entity_number',
        'type',
        'programs',
        'name',
        'addresses',
        'remarks',
        'source_list_url',
        'alt_names',
      ],
      ...['citizenships', 'dates_of_birth', 'nationalities', 'ids'],
    ],
    read: (cells) => ({
      reference: text(cells._id),
      kind: cslKinds[text(cells.type).toLowerCase()] ?? 'UNKNOWN',
      names: names(cells.name, parts(cells.alt_names)),
      countries: countries([
        ...parts(cells.citizenships),
        ...parts(cells.nationalities),
        ...parts(cells.addresses).map((address) => address.split(',').at(-1) ?? ''),
      ]),
      details: {
        source: text(cells.source),
        programs: text(cells.programs),
        addresses: text(cells.addresses),
        datesOfBirth: text(cells.dates_of_birth),
        identifiers: text(cells.ids),
        remarks: text(cells.remarks),
        url: text(cells.source_list_url),
      },
    }),
  },
  OPENSANCTIONS: {
    describes: 'A collection of OpenSanctions as simplified CSV (targets.simple.csv).',
    columns: [
      'id',
      'schema',
      'name',
      'aliases',
      'birth_date',
      'countries',
      'addresses',
      'identifiers',
      'sanctions',
      'dataset',
    ],
    read: (cells) => ({
      reference: text(cells.id),
      kind: openSanctionsKinds[text(cells.schema)] ?? 'UNKNOWN',
      names: names(cells.name, parts(cells.aliases)),
      countries: countries(parts(cells.countries)),
      details: {
        source: text(cells.dataset),
        programs: text(cells.program_ids ?? ''),
        addresses: text(cells.addresses),
        datesOfBirth: text(cells.birth_date),
        identifiers: text(cells.identifiers),
        remarks: text(cells.sanctions),
        url: '',
      },
    }),
  },
} as const satisfies Record<string, FormatDefinition>;

export type ListFormat = keyof typeof listFormats;
export const allListFormats = Object.keys(listFormats) as ListFormat[];

export function formatDefinition(format: ListFormat): FormatDefinition {
  return listFormats[format];
}

/**
 * Whatever is not known to be a thing may be a party, and is compared. Some of the lists in it say what a party is; those of the
 * Bureau of Industry and Security mostly do not.
 */
const cslKinds: Readonly<Record<string, ListedParty['kind']>> = {
  entity: 'ORGANIZATION',
  individual: 'PERSON',
  vessel: 'OTHER',
  aircraft: 'OTHER',
};

/** https://www.opensanctions.org/reference/#schema */
const openSanctionsKinds: Readonly<Record<string, ListedParty['kind']>> = {
  Person: 'PERSON',
  Company: 'ORGANIZATION',
  Organization: 'ORGANIZATION',
  PublicBody: 'ORGANIZATION',
  Vessel: 'OTHER',
  Airplane: 'OTHER',
  Vehicle: 'OTHER',
  Security: 'OTHER',
  CryptoWallet: 'OTHER',
  Address: 'OTHER',
};

function text(cell: string | undefined): string {
  return cell?.trim() ?? '';
}

function parts(cell: string | undefined): string[] {
  return text(cell)
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function names(primary: string | undefined, aliases: readonly string[]): ListedParty['names'] {
  const first = text(primary);
  const others = [...new Set(aliases)].filter((alias) => alias !== first).sort();
  return [{ name: first, role: 'PRIMARY' }, ...others.map((name) => ({ name, role: 'ALIAS' }) as const)];
}

/** Whatever is written where a country could be and is no country's code is left out. */
function countries(codes: readonly string[]): string[] {
  const known = codes.map((code) => code.trim().toUpperCase()).filter((code) => /^[A-Z]{2}$/.test(code));
  return [...new Set(known)].sort();
}
