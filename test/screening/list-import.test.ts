import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type ImportProgress, importList, type ListImport } from '../../src/screening/list-import.js';
import { bySystem, openTestPortal, type TestPortal } from '../support/portal.js';
import { cslText, openSanctionsText, type WrittenEntry, writeList } from './list-files.js';

const entries = (count: number, from = 0): WrittenEntry[] =>
  Array.from({ length: count }, (_none, place) => ({
    id: `e${from + place}`,
    kind: 'ORGANIZATION',
    name: `Works number ${from + place}`,
  }));

describe('importing a list', () => {
  let desk: TestPortal;
  let folder: string;
  let files = 0;

  beforeAll(async () => {
    desk = await openTestPortal();
    folder = mkdtempSync(join(tmpdir(), 'sallyport-lists-'));
  });
  afterAll(async () => {
    await desk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const fileOf = (text: string | Buffer): string => {
    files += 1;
    return writeList(folder, `file-${files}.csv`, text);
  };

  async function importText(
    text: string | Buffer,
    changes: Partial<ListImport> = {},
    progress?: (made: ImportProgress) => void,
  ) {
    const list = {
      file: fileOf(text),
      code: 'a-list',
      format: 'CSL',
      listedAt: null,
      acceptRemovals: false,
      ...changes,
    } as const;
    return importList(desk.portal, list, bySystem, progress);
  }

  async function namesOf(code: string): Promise<readonly string[]> {
    const found = await sql<{
      name: string;
    }>`select n.name from screening_name as n join screening_entry as e on e.id = n.entry_id
      join screening_list as l on l.id = e.list_id where l.code = ${code} order by e.reference, n.position`.execute(
      desk.database.kysely(),
    );
    return found.rows.map(({ name }) => name);
  }

  async function statusesOf(code: string): Promise<readonly string[]> {
    const found = await sql<{ status: string }>`select v.status from screening_list_version as v
      join screening_list as l on l.id = v.list_id where l.code = ${code} order by v.number`.execute(
      desk.database.kysely(),
    );
    return found.rows.map(({ status }) => status);
  }

  it('reads the fields of the Consolidated Screening List', async () => {
    const text = cslText([
      {
        id: 'one',
        kind: 'PERSON',
        name: 'QUILL, Ada "Ink"',
        aliases: ['Ada Quill', 'A. Quill'],
        countries: ['NL', 'DE'],
        remarks: 'One, two;\nthree.',
      },
      { id: 'two', kind: 'UNKNOWN', name: 'Quillworks' },
      { id: 'three', kind: 'OTHER', name: 'MV Quill' },
    ]);
    expect(await importText(text, { code: 'csl', listedAt: new Date('2026-11-01T00:00:00Z') })).toEqual({
      number: 1,
      counts: { entries: 3, added: 3, changed: 0, removed: 0 },
    });
    const found =
      await sql`select e.reference, e.kind, e.names, to_json(e.countries) as countries, e.details ->> 'remarks' as remarks,
        e.details ->> 'url' as url from screening_entry as e join screening_list as l on l.id = e.list_id where l.code = 'csl'
      order by e.reference`.execute(desk.database.kysely());
    expect(found.rows).toEqual([
      {
        reference: 'one',
        kind: 'PERSON',
        names: [
          { name: 'QUILL, Ada "Ink"', role: 'PRIMARY' },
          { name: 'A. Quill', role: 'ALIAS' },
          { name: 'Ada Quill', role: 'ALIAS' },
        ],
        countries: ['DE', 'NL'],
        remarks: 'One, two;\nthree.',
        url: 'https://lists.example.org/',
      },
      expect.objectContaining({ reference: 'three', kind: 'OTHER' }),
      expect.objectContaining({ reference: 'two', kind: 'UNKNOWN', countries: [] }),
    ]);
    // Nobody is compared with a ship.
    expect(await namesOf('csl')).not.toContain('MV Quill');
  });

  it('reads the fields of OpenSanctions’ simplified CSV', async () => {
    const text = openSanctionsText([
      { id: 'os-1', kind: 'ORGANIZATION', name: 'Quillworks', aliases: ['Quill Works', 'QW'], countries: ['NL'] },
    ]);
    await importText(`\uFEFF${text.replaceAll('\n', '\r\n')}`, { code: 'os', format: 'OPENSANCTIONS' });
    expect(await namesOf('os')).toEqual(['Quillworks', 'QW', 'Quill Works']);
  });

  it('goes on where it was cut off, and uses nothing of it before all of it is there', async () => {
    await importText(cslText(entries(3)), { code: 'cut' });
    const file = fileOf(cslText(entries(1_300)));
    const list = { file, code: 'cut', format: 'CSL', listedAt: null, acceptRemovals: false } as const;
    const cut = importList(desk.portal, list, bySystem, ({ rows }) => {
      if (rows >= 1_000) throw new Error('cut off');
    });
    await expect(cut).rejects.toThrow('cut off');
    expect(await statusesOf('cut')).toEqual(['IN_FORCE', 'IMPORTING']);
    expect(await namesOf('cut')).toHaveLength(3);

    const progress: number[] = [];
    const result = await importList(desk.portal, list, bySystem, ({ rows }) => progress.push(rows));
    expect(progress).toEqual([1_300]);
    expect(result).toEqual({ number: 2, counts: { entries: 1_300, added: 1_297, changed: 0, removed: 0 } });
    expect(await statusesOf('cut')).toEqual(['SUPERSEDED', 'IN_FORCE']);
    expect(await namesOf('cut')).toHaveLength(1_300);
  });

  it('gives up what was cut off when another file comes', async () => {
    const cut = importText(cslText(entries(600)), { code: 'other' }, () => {
      throw new Error('cut off');
    });
    await expect(cut).rejects.toThrow('cut off');
    await importText(cslText(entries(5)), { code: 'other' });
    expect(await statusesOf('other')).toEqual(['ABANDONED', 'IN_FORCE']);
    const left =
      await sql`select 1 from screening_staged_entry as s join screening_list_version as v on v.id = s.version_id
      join screening_list as l on l.id = v.list_id where l.code = 'other'`.execute(desk.database.kysely());
    expect(left.rows).toEqual([]);
  });

  it('asks again when the file lacks many of the entries in force', async () => {
    await importText(cslText(entries(100)), { code: 'short' });
    const short = cslText(entries(70));
    await expect(importText(short, { code: 'short' })).rejects.toMatchObject({
      code: 'INCOMPLETE',
      message: expect.stringContaining('lacks 30 of the 100 entries in force'),
    });
    expect(await namesOf('short')).toHaveLength(100);
    expect(await importText(short, { code: 'short', acceptRemovals: true })).toMatchObject({ counts: { removed: 30 } });
  });

  it('keeps entries that stay the same as they are', async () => {
    const before = entries(4);
    await importText(cslText(before), { code: 'same' });
    const ids = () =>
      sql<{
        reference: string;
        id: string;
      }>`select e.reference, e.id from screening_entry as e join screening_list as l on l.id = e.list_id
        where l.code = 'same' and e.until_version_id is null order by e.reference`
        .execute(desk.database.kysely())
        .then(({ rows }) => rows);
    const first = await ids();
    await importText(
      cslText([...before.slice(0, 2), ...before.slice(3), { ...entries(1, 2)[0], name: 'Renamed' } as WrittenEntry]),
      { code: 'same' },
    );
    const second = await ids();
    expect(second.map(({ id }, place) => id === first[place]?.id)).toEqual([true, true, false, true]);
  });

  const csl = cslText(entries(3));
  const lines = csl.split('\n');
  it.each([
    [
      'lacks columns',
      csl.replace('alt_names', 'other'),
      {},
      /lacks the columns alt_names\. What is wanted: The US Cons/,
    ],
    [
      'is of the other format',
      openSanctionsText(entries(1)),
      {},
      /It has those of another format: .* Say --format opensanctions\./,
    ],
    [
      'has a row with too few cells',
      [...lines.slice(0, 3), 'e9,x'].join('\n'),
      {},
      /^Line 4: this is not CSV as it should be/,
    ],
    [
      'has a quotation mark that is never closed',
      csl.replace('Works number 1', '"Works'),
      {},
      /is not CSV as it should be/,
    ],
    ['has a row without a name', csl.replace('Works number 1', ''), {}, /^Line 3: the column name is empty/],
    ['has a row without an id', csl.replace('\ne1,', '\n,'), {}, /^Line 3: the column _id is empty/],
    ['has an id twice', csl.replace('\ne2,', '\ne1,'), {}, /^Line 4: the id e1 is in line 3 already/],
    [
      'is not UTF-8',
      Buffer.from(csl.replace('number 1', 'numéro 1'), 'latin1'),
      {},
      /^Line 3: there are bytes that are no UTF-8/,
    ],
    ['has no rows', lines[0] ?? '', {}, /The file has no entries/],
    ['is empty', '', {}, /The file has no entries|lacks the columns/],
    ['is for a list with a code like none', csl, { code: 'A List' }, /lower-case words joined by hyphens/],
    ['is of another format than the list', csl, { code: 'os' }, /The list os is imported as OPENSANCTIONS/],
    ['is not there', csl, { file: '/nowhere/list.csv' }, /\/nowhere\/list\.csv cannot be read/],
  ])('says what is wrong with a file that %s', async (_what, text, changes, message) => {
    await expect(importText(text, { code: 'broken', ...changes })).rejects.toMatchObject({
      name: 'Refusal',
      message: expect.stringMatching(message),
    });
    expect(await namesOf('broken')).toEqual([]);
  });

  it('is for the command line only', async () => {
    const admin = await desk.staff('ADMIN');
    const found = await admin.ask('{ __schema { mutationType { fields { name } } } }');
    expect(JSON.stringify(found)).not.toMatch(/import/i);
  });

  it('renews how names are looked up after the rules have changed', async () => {
    await importText(cslText([{ id: 'r', kind: 'ORGANIZATION', name: 'Renewable Quarries' }]), { code: 'renewed' });
    const database = desk.database.kysely();
    await sql`update screening_name set text = 'outdated', matcher = 0 where name = 'Renewable Quarries'`.execute(
      database,
    );
    await sql`update screening_list set matcher = 0 where code = 'renewed'`.execute(database);
    const { renewNames } = await import('../../src/screening/name-renewal.js');
    await renewNames(desk.database);
    const found = await sql<{
      text: string;
    }>`select text from screening_name where name = 'Renewable Quarries'`.execute(database);
    expect(found.rows).toEqual([{ text: 'renewable quarries' }]);
  });
});
