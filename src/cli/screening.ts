import { type Command, InvalidArgumentError, Option } from 'commander';
import { sql } from 'kysely';
import { encodeId } from '../platform/ids.js';
import type { ListFormat } from '../screening/list-formats.js';
import type { ImportProgress } from '../screening/list-import.js';
import { withDatabase, withPortal } from './opening.js';
import { counted, jsonOption, type ListOptions, say, sayList } from './output.js';

interface ImportOptions {
  readonly list: string;
  readonly format: 'csl' | 'opensanctions';
  readonly date?: Date;
  readonly acceptRemovals?: boolean;
}

export function addScreeningCommands(parent: Command): void {
  const screening = parent.command('screening').description('the lists that partners are screened against');

  screening
    .command('import <file.csv>')
    .description('put a list in force; one that was cut off goes on where it stopped')
    .requiredOption('--list <code>', 'what the list is called here, e.g. us-csl')
    .addOption(
      new Option('--format <format>', 'the US Consolidated Screening List, or the simplified CSV of OpenSanctions')
        .choices(['csl', 'opensanctions'])
        .makeOptionMandatory(),
    )
    .option('--date <date>', 'the date of the list, e.g. 2026-11-24; that of the file when not given', readDate)
    .option('--accept-removals', 'even when the file lacks many of the entries in force')
    .action(importFile);
  screening
    .command('lists')
    .description('the lists, with the version of each that is in force')
    .option(...jsonOption)
    .action(lists);
}

async function importFile(file: string, { list, format, date, acceptRemovals }: ImportOptions): Promise<void> {
  // Loaded only now, as the portal is: it is most of the program.
  const { importList } = await import('../screening/list-import.js');
  const wanted = {
    file,
    code: list,
    format: format.toUpperCase() as ListFormat,
    listedAt: date ?? null,
    acceptRemovals: acceptRemovals === true,
  };
  await withPortal(
    async ({ doorway, database }, by) => {
      const { number, counts } = await importList({ doorway, database }, wanted, by, progressLine());
      if (!counts) say(`This very file is in force already, as version ${number} of ${list}.`);
      else {
        const { entries, added, changed, removed } = counts;
        say(
          `Version ${number} of ${list} is in force: ${counted(entries, 'row')}, of them ${added} new and ${changed} changed; ${removed} gone.`,
        );
        const when = database.kind === 'embedded' ? 'when the portal is started' : 'as soon as a worker is free';
        say(`Everybody is screened against it ${when}.`);
      }
    },
    { create: true },
  );
}

async function lists(options: ListOptions): Promise<void> {
  const found = await withDatabase((database) =>
    sql<{
      id: string;
      code: string;
      format: string;
      version: number | null;
      entries: number | null;
      date: string | null;
      sha256: string | null;
    }>`
      select l.id, l.code, l.format, v.number as version, v.entries,
        to_char(v.listed_at at time zone 'UTC', 'YYYY-MM-DD') as date, v.file_sha256 as sha256
      from screening_list as l left join screening_list_version as v on v.id = l.current_version_id order by l.code`.execute(
      database.kysely(),
    ),
  );
  const lines = found.rows.map(({ id, ...shown }) => ({ ...shown, id: encodeId('screeninglist', id) }));
  sayList(lines, options, 'No list was imported yet. "npx sallyport screening import --help" says how.');
}

/** Without a terminal, a line is written each time that so many more rows are read. */
const rowsInALine = 2_000;

/** Says on the standard error how far an import is: in one line at a terminal, otherwise in a line now and then. */
function progressLine(): (made: ImportProgress) => void {
  const { stderr } = process;
  let said = 0;
  return ({ rows, share }) => {
    const text = `${rows.toLocaleString('en-US')} rows read, ${Math.round(share * 100)} %`;
    if (stderr.isTTY) stderr.write(`\r${text}${share >= 1 ? '\n' : ''}`);
    else if (rows - said >= rowsInALine || share >= 1) {
      said = rows;
      stderr.write(`${text}\n`);
    }
  };
}

function readDate(text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('A date is written like 2026-11-24.');
}
