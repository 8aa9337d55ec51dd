import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Database } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { type Ids, randomIds } from '../platform/ids.js';
import { inTransaction } from '../platform/transaction.js';
import { type ListRow, listRows, sha256OfFile } from './list-file.js';
import type { ListFormat } from './list-formats.js';
import { stagedAtOnce, stageRows, startOver } from './list-staging.js';
import { beginListImport, completeListImport } from './screening-list.commands.js';

export interface ListImport {
  readonly file: string;
  readonly code: string;
  readonly format: ListFormat;
  /** The date of the list; that of the file when it is not said. */
  readonly listedAt: Date | null;
  /** Even when the file lacks many of the entries in force. */
  readonly acceptRemovals: boolean;
}

export interface ImportProgress {
  readonly rows: number;
  /** Of the file's bytes, from 0 to 1. */
  readonly share: number;
}

/** What an import came to; without counts when the very file was in force already. */
export interface ImportResult {
  readonly number: number;
  readonly counts: {
    readonly entries: number;
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
  } | null;
}

/**
 * Imports a list from a file. An import that was cut off goes on where it stopped when it is run again, and nobody is
 * screened against anything of it before all of it is there.
 * @throws Refusal with what was wrong with the file, or what stands in the way
 */
export async function importList(
  {
    doorway,
    database,
    ids = randomIds,
  }: { readonly doorway: Doorway; readonly database: Database; readonly ids?: Ids },
  { file, code, format, listedAt, acceptRemovals }: ListImport,
  by: CommandContext,
  progress: (made: ImportProgress) => void = () => {},
): Promise<ImportResult> {
  const fileSha256 = await sha256OfFile(file);
  const { size, mtimeMs } = await stat(file);
  const beginning = {
    code,
    format,
    fileName: basename(file),
    fileSha256,
    listedAt: listedAt ?? new Date(Math.floor(mtimeMs)),
  };
  const { versionId, number, rowsRead, isInForce } = await doorway.execute(beginListImport, beginning, by);
  if (isInForce) return { number, counts: null };

  let rows: ListRow[] = [];
  const stage = async () => {
    const last = rows.at(-1);
    if (!last) return;
    const staged = rows;
    await inTransaction(database, (em) => stageRows(em.getKysely(), versionId, staged, ids));
    progress({ rows: last.number, share: Math.min(1, last.bytesRead / size) });
    rows = [];
  };
  for await (const row of listRows(file, format, rowsRead)) {
    rows.push(row);
    if (rows.length >= stagedAtOnce) await stage();
  }
  await stage();
  if ((await sha256OfFile(file)) !== fileSha256) {
    await startOver(database.kysely(), versionId);
    throw Refusal.of('CONFLICT', `${file} was changed while it was read. Import it again.`);
  }
  return { number, counts: await doorway.execute(completeListImport, { versionId, acceptRemovals }, by) };
}
