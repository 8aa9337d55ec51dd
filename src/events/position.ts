import type { Actor } from '../lifecycle/actor.js';
import type { Answering } from '../platform/database/database.js';
import { namedStatement } from '../platform/database/named-statement.js';

/**
 * How far the database has come, as one row: the number of the last audit record. Commands take their turn at it until
 * they commit, so whoever sees a number sees everything that was done by the commands up to it.
 */
export const positionStatement = 'select sequence from audit_head';

const newestOfAll = namedStatement(`select sequence::text as answer from (${positionStatement}) as reached`);

/** Looks through the records after the number only, so that should not be long ago. */
const newestConcerning = namedStatement(`
  select max(sequence)::text as answer from audit_record where sequence > $1::text::bigint
    and (actor_id = $2::text::uuid or subject_id = $2::text::uuid or organization_id = any($3::text::uuid[]))`);

/**
 * The number of the newest audit record, of those after a number, whose change somebody knows of: what they did, what was
 * done to their account, and what was done in or about their organizations, by whomever. The operator's machines know of
 * everything, because they are told by webhooks, and ask at once.
 * @returns null when there is none
 */
export async function newestKnownTo(actor: Actor, after: number, database: Answering): Promise<number | null> {
  if (actor.kind === 'ANONYMOUS') return null;
  const about = whatConcerns(actor);
  const found = await (about
    ? database.answer(newestConcerning, [String(after), about.id, `{${about.organizationIds.join()}}`])
    : database.answer(newestOfAll, []));
  return found !== null && Number(found) > after ? Number(found) : null;
}

/** Null for those whom everything concerns. */
function whatConcerns(actor: Actor): { readonly id: string; readonly organizationIds: readonly string[] } | null {
  if (actor.kind === 'PERSON') {
    return { id: actor.personId, organizationIds: actor.memberships.map(({ organizationId }) => organizationId) };
  }
  if (actor.kind !== 'MACHINE' || actor.organizationId === null) return null;
  return { id: actor.keyId, organizationIds: [actor.organizationId] };
}
