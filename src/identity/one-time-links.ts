import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import { hashToken, newToken } from '../platform/secrets.js';

/** What the holder of a link may do, and how long the link works. The page it leads to has the same name. */
export const linkPurposes = {
  'verify-email': { validForHours: 24 },
  'reset-password': { validForHours: 1 },
} as const;

export type LinkPurpose = keyof typeof linkPurposes;

/**
 * Makes a token for a link to a person's mailbox. Earlier ones for the same purpose stop working: a link does what its
 * own letter says, and never what an earlier letter said.
 */
export async function issueToken(
  database: RawSql,
  ids: Ids,
  purpose: LinkPurpose,
  personId: string,
  now: Date,
): Promise<string> {
  await withdrawTokens(database, purpose, personId);
  const token = newToken();
  const expiresAt = new Date(now.getTime() + linkPurposes[purpose].validForHours * 60 * 60 * 1000);
  await sql`insert into auth_verification (id, identifier, value, expires_at, created_at, updated_at)
    values (${ids.next()}, ${identifierOf(purpose, token)}, ${personId}, ${expiresAt}, ${now}, ${now})`.execute(
    database,
  );
  return token;
}

/**
 * Whose token this is, without using it up.
 * @throws Refusal EXPIRED when it was never given, is used up, was replaced or is too old
 */
export async function holderOfToken(database: RawSql, purpose: LinkPurpose, token: string, now: Date): Promise<string> {
  const found = await sql<{ value: string }>`select value from auth_verification
    where identifier = ${identifierOf(purpose, token)} and expires_at > ${now}`.execute(database);
  return personOf(found.rows);
}

/**
 * Uses a token up, once: of two uses at the same moment one is refused.
 * @returns whose token it was
 * @throws Refusal EXPIRED when it was never given, is used up, was replaced or is too old
 */
export async function redeemToken(database: RawSql, purpose: LinkPurpose, token: string, now: Date): Promise<string> {
  const used = await sql<{ value: string }>`delete from auth_verification
    where identifier = ${identifierOf(purpose, token)} and expires_at > ${now} returning value`.execute(database);
  return personOf(used.rows);
}

/** Ends all links to a person for a purpose. */
export async function withdrawTokens(database: RawSql, purpose: LinkPurpose, personId: string): Promise<void> {
  await sql`delete from auth_verification
    where value = ${personId} and starts_with(identifier, ${`${purpose}:`})`.execute(database);
}

function personOf(rows: readonly { readonly value: string }[]): string {
  const [row] = rows;
  if (row) return row.value;
  const message =
    'This link does not work any more: it was used, replaced by a newer one, or is too old. Ask for another.';
  throw Refusal.of('EXPIRED', message, ['token']);
}

function identifierOf(purpose: LinkPurpose, token: string): string {
  return `${purpose}:${hashToken(token)}`;
}
