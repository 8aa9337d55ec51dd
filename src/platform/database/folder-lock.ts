import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../errors.js';

/** SQLite's result code when another connection holds the lock (https://sqlite.org/rescode.html#busy). */
const sqliteBusy = 5;

/** Says which process holds the lock; only ever read to word a refusal, never to decide one. */
const holderFile = 'lock.pid';

/** The right to use one data folder. It ends with `release()`, or with the process, however that ends. */
export interface FolderLock {
  readonly folder: string;
  release(): void;
}

/**
 * Takes the only right to use a data folder, and makes the folder when there is none.
 *
 * Embedded PostgreSQL does not stop two processes from opening one folder, and two would corrupt it. The lock is the
 * file lock of a SQLite database, because Node has no file locks of its own and the kernel drops this one when the
 * process dies: a lock that was left behind by `kill -9` cannot exist.
 *
 * @throws Refusal CONFLICT when another process, or this one, holds the folder already.
 */
export function lockFolder(path: string): FolderLock {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const held = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  try {
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    held.close();
    throw isBusy(error) ? inUse(folder) : error;
  }
  writeFileSync(join(folder, holderFile), `${process.pid}\n`);
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    held.close();
  };
  return { folder, release };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}

function inUse(folder: string): Refusal {
  const pid = holderOf(folder);
  const holder = pid === null ? 'another process' : `the process with pid ${pid}`;
  return Refusal.of(
    'CONFLICT',
    `The data folder ${folder} is in use by ${holder}. Only one process can use an embedded database: stop that one, ` +
      'choose another folder with DATA_DIR, or set DATABASE_URL to a PostgreSQL server that many processes can share.',
    ['DATA_DIR'],
  );
}

function holderOf(folder: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, holderFile), 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}
