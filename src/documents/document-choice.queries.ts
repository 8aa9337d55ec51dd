import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { Refusal } from '../platform/errors.js';
import type { Row } from '../platform/reading/projection.js';
import { isGivenToPartner } from './document.queries.js';

const row: Row = (name) => sql.ref(`d.${name}`);

/** Which documents can be chosen: what staff provide for the partner, or what both sides may see. */
const choices = {
  OF_STAFF: row('is_from_staff'),
  OF_BOTH: sql`(not ${row('is_from_staff')} or ${isGivenToPartner(row)})`,
} as const;

/**
 * The documents of an application that something points to, each once.
 * @throws Refusal LIMIT_REACHED for too many, NOT_FOUND for one that cannot be chosen
 */
export async function requireDocuments(
  work: Work,
  applicationId: string,
  ids: readonly string[],
  { among, most }: { readonly among: keyof typeof choices; readonly most: number },
): Promise<string[]> {
  const chosen = [...new Set(ids)];
  if (chosen.length === 0) return [];
  if (chosen.length > most) {
    const message = `At most ${most} documents fit here, and these are ${chosen.length}.`;
    throw Refusal.of('LIMIT_REACHED', message, ['documentIds']);
  }
  const found = await sql<{ id: string }>`select d.id from document as d where d.application_id = ${applicationId}
    and d.status = 'AVAILABLE' and ${choices[among]} and d.id in (${sql.join(chosen)})`.execute(work.sql);
  const there = new Set(found.rows.map(({ id }) => id));
  const missing = ids.findIndex((id) => !there.has(id));
  if (missing >= 0) throw Refusal.notFound('document of this application', ['documentIds', String(missing)]);
  return chosen;
}
