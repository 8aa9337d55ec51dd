import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportResult, importList } from '../../src/screening/list-import.js';
import { bySystem, type TestPortal } from '../support/portal.js';
import { cslText, type WrittenEntry, writeList } from './list-files.js';

/** Puts a list of these entries in force. */
export async function importTestList(
  desk: Pick<TestPortal, 'portal'>,
  entries: readonly WrittenEntry[],
  code = 'denied',
): Promise<ImportResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-list-'));
  const file = writeList(folder, 'list.csv', cslText(entries));
  const list = { file, code, format: 'CSL', listedAt: null, acceptRemovals: true } as const;
  return importList(desk.portal, list, bySystem).finally(() => rmSync(folder, { recursive: true, force: true }));
}
