import { sql } from 'kysely';
import { z } from 'zod';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';

/** RFC 5321, 4.5.3.1.3. */
const longestAddress = 254;
const longestName = 200;
const address = z.email().max(longestAddress);
const controlCharacters = /\p{Cc}|\p{Zl}|\p{Zp}|\p{Bidi_Control}/u;

/** An address as it is kept and compared: in lower case; null when the text is not an address. */
export function readAddress(text: string): string | null {
  const parsed = address.safeParse(text.trim().toLowerCase());
  return parsed.success ? parsed.data : null;
}

/** @throws Refusal INVALID when the text is not an e-mail address */
export function requireAddress(text: string, path: readonly string[]): string {
  const read = readAddress(text);
  if (read === null) throw Refusal.of('INVALID', 'This is not an e-mail address such as ann@example.org.', path);
  return read;
}

/** @throws Refusal INVALID when the text cannot be a person's name in a letter's heading */
export function requirePersonName(text: string, path: readonly string[]): string {
  const name = text.trim();
  if (name === '' || name.length > longestName || !name.isWellFormed() || controlCharacters.test(name)) {
    const message = `A name has 1 to ${longestName} characters, on one line and without invisible ones.`;
    throw Refusal.of('INVALID', message, path);
  }
  return name;
}

/** Makes everybody who is about to create or change the account of this address wait for their turn, until the commit. */
export async function lockAddress(database: RawSql, email: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`account ${email}`}, 0))`.execute(database);
}
