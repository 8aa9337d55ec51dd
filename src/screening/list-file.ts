import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from '../platform/errors.js';
import { allListFormats, formatDefinition, type ListedParty, type ListFormat } from './list-formats.js';

/** A row of a list's file. */
export interface ListRow {
  /** Counts the rows, from 1. */
  readonly number: number;
  /** Where it ends in the file, as editors count. */
  readonly line: number;
  /** How many bytes of the file are read by now. */
  readonly bytesRead: number;
  readonly party: ListedParty;
}

/** No row of a list is longer; a quotation mark that is never closed makes one of the rest of the file. */
const longestRow = 4 * 1024 * 1024;

interface ParsedRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly records: number; readonly lines: number; readonly bytes: number };
}

/**
 * Reads a list's file row by row, however long it is.
 * @param after the number of the row that was read last before; those up to it are passed over
 * @throws Refusal NOT_FOUND when it cannot be read, INVALID with the line and what would be right
 */
export async function* listRows(path: string, format: ListFormat, after = 0): AsyncGenerator<ListRow> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkedColumns(header, format, basename(path)),
    info: true,
    max_record_size: longestRow,
    skip_empty_lines: true,
  });
  const file = createReadStream(path);
  file.on('error', (error) => parser.destroy(error));
  file.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
      if (info.records <= after) continue;
      const party = formatDefinition(format).read(record);
      requireUsable(party, format, info.lines);
      yield { number: info.records, line: info.lines, bytesRead: info.bytes, party };
    }
  } catch (error) {
    throw asRefusal(error, path);
  } finally {
    file.destroy();
  }
}

/** SHA-256 of a file, in hexadecimal. @throws Refusal NOT_FOUND when it cannot be read */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    throw asRefusal(error, path);
  }
  return hash.digest('hex');
}

function checkedColumns(header: readonly string[], format: ListFormat, fileName: string): string[] {
  const columns = header.map((name) => name.trim());
  const missing = missingOf(format, columns);
  if (missing.length === 0) return columns;
  const other = allListFormats.find((known) => known !== format && missingOf(known, columns).length === 0);
  const hint = other
    ? `It has those of another format: ${formatDefinition(other).describes} Say --format ${other.toLowerCase()}.`
    : `What is wanted: ${formatDefinition(format).describes} Its first line names the columns.`;
  throw invalid(`${fileName} lacks the columns ${missing.join(', ')}. ${hint}`);
}

function missingOf(format: ListFormat, columns: readonly string[]): string[] {
  return formatDefinition(format).columns.filter((name) => !columns.includes(name));
}

function requireUsable({ reference, names }: ListedParty, format: ListFormat, line: number): void {
  const idColumn = format === 'CSL' ? '_id' : 'id';
  if (reference === '')
    throw invalid(`Line ${line}: the column ${idColumn} is empty; every entry has an id of its own.`);
  if (names[0]?.name === '') throw invalid(`Line ${line}: the column name is empty; every entry has a name.`);
  if (names.some(({ name }) => name.includes('\uFFFD')))
    throw invalid(`Line ${line}: there are bytes that are no UTF-8. Save the file as UTF-8, or download it again.`);
}

function asRefusal(error: unknown, path: string): unknown {
  if (error instanceof CsvError) {
    const { lines } = error as { readonly lines?: unknown };
    const place = typeof lines === 'number' ? `Line ${lines}: ` : '';
    return invalid(`${place}this is not CSV as it should be. ${error.message}.`);
  }
  if (typeof error === 'object' && error !== null && 'syscall' in error && 'message' in error)
    return Refusal.of('NOT_FOUND', `${path} cannot be read: ${error.message}.`);
  return error;
}

function invalid(message: string): Refusal {
  return Refusal.of('INVALID', message);
}
