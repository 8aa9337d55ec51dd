import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An entry of a list, as the tests write it. */
export interface WrittenEntry {
  readonly id: string;
  readonly kind: 'ORGANIZATION' | 'PERSON' | 'UNKNOWN' | 'OTHER';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly countries?: readonly string[];
  readonly remarks?: string;
}

const cslColumns =
  '_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids'.split(
    ',',
  );
const openSanctionsColumns =
  'id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,dataset,first_seen,last_seen,last_change'.split(
    ',',
  );

const cslTypes = { ORGANIZATION: 'Entity', PERSON: 'Individual', UNKNOWN: '', OTHER: 'Vessel' } as const;
const schemas = { ORGANIZATION: 'Company', PERSON: 'Person', UNKNOWN: 'LegalEntity', OTHER: 'Vessel' } as const;

/** A file of the US Consolidated Screening List. */
export function cslText(entries: readonly WrittenEntry[]): string {
  return csv(
    cslColumns,
    entries.map(({ id, kind, name, aliases = [], countries = [], remarks = '' }) => ({
      _id: id,
      source: 'A list of the tests',
      type: cslTypes[kind],
      programs: 'TEST',
      name,
      addresses: countries.map((country) => `1 Harbour Road, ${country}`).join('; '),
      remarks,
      source_list_url: 'https://lists.example.org/',
      alt_names: aliases.join('; '),
    })),
  );
}

/** A file of OpenSanctions. */
export function openSanctionsText(entries: readonly WrittenEntry[]): string {
  return csv(
    openSanctionsColumns,
    entries.map(({ id, kind, name, aliases = [], countries = [], remarks = '' }) => ({
      id,
      schema: schemas[kind],
      name,
      aliases: aliases.join(';'),
      countries: countries.map((country) => country.toLowerCase()).join(';'),
      sanctions: remarks,
      dataset: 'tests',
    })),
  );
}

export function writeList(folder: string, name: string, text: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function csv(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
