import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { DirectiveInput } from './directive-input.js';

/**
 * Whoever is told of a directive knows its authority and its products, and did not record it before.
 * @returns what the authority is called
 */
export async function requireRecordable(
  database: RawSql,
  { authorityId, reference, terms }: Pick<DirectiveInput, 'authorityId' | 'reference' | 'terms'>,
): Promise<string> {
  const codes = terms?.products ?? [];
  const found = await sql<{ name: string; isRecorded: boolean; known: readonly string[] }>`
    select a.name, exists (select from directive as d where d.authority_id = a.id and d.reference = ${reference}) as "isRecorded",
      array(select code from product where code = any(${[...codes]}::text[])) as known
    from authority as a where a.id = ${authorityId}`.execute(database);
  const [row] = found.rows;
  if (!row) throw Refusal.notFound('authority', ['authorityId']);
  if (row.isRecorded)
    throw Refusal.of('ALREADY_EXISTS', `The directive “${reference}” is recorded already.`, ['reference']);
  const strange = codes.findIndex((code) => !row.known.includes(code));
  if (strange < 0) return row.name;
  const sentence = `There is no product “${codes[strange]?.slice(0, 60)}”; the query \`products\` lists them.`;
  throw Refusal.of('NOT_FOUND', sentence, ['terms', 'products', String(strange)]);
}
