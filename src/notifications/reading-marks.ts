import { sql } from 'kysely';
import type { Viewer } from '../api/eyes.js';
import { requirePerson } from '../doorway/requirements.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { isStillFor } from './still-for.queries.js';

const mostAtOnce = 100;
/** How many rows one statement marks, so that none takes long. */
const batch = 5_000;

/**
 * Marks notifications of one's own as read. Like what somebody opened, it is nobody's decision and not on record, so it does not
 * go through the doorway; to mark them again changes nothing.
 * @throws Refusal NOT_FOUND for one that is not there for whoever asks; then none is marked
 */
export async function markRead(database: RawSql, { actor, now }: Viewer, ids: readonly string[]): Promise<string> {
  const { personId } = requirePerson(actor);
  if (ids.length > mostAtOnce) {
    const message = `At most ${mostAtOnce} can be marked at once, and these are ${ids.length}.`;
    throw Refusal.of('LIMIT_REACHED', message, ['notificationIds']);
  }
  const found = await sql<{ id: string }>`
    with mine as (select n.id from notification as n where n.user_id = ${personId} and n.number is not null
        and n.id = any(${`{${ids.join(',')}}`}::text::uuid[]) and ${isStillFor((name) => sql.ref(`n.${name}`))}),
      marked as (update notification set read_at = ${now} where id in (select id from mine) and read_at is null
        and (select count(*) from mine) = ${new Set(ids).size})
    select id from mine`.execute(database);
  const known = new Set(found.rows.map(({ id }) => id));
  const unknown = ids.findIndex((id) => !known.has(id));
  if (unknown >= 0) throw Refusal.notFound('notification', ['notificationIds', String(unknown)]);
  return personId;
}

/** Marks all of one's own as read, or those up to one of them. @throws Refusal NOT_FOUND when that is not one's own */
export async function markAllRead(database: RawSql, { actor, now }: Viewer, upTo: string | null): Promise<string> {
  const { personId } = requirePerson(actor);
  const last = upTo === null ? null : await numberOf(database, personId, upTo);
  for (let marked = batch; marked === batch; ) {
    const done = await sql`update notification set read_at = ${now} where id in (select id from notification
      where user_id = ${personId} and number is not null and read_at is null
        and (${last}::bigint is null or number <= ${last}::bigint)
      order by number limit ${batch})`.execute(database);
    marked = Number(done.numAffectedRows ?? 0);
  }
  return personId;
}

async function numberOf(database: RawSql, personId: string, id: string): Promise<string> {
  const found = await sql<{ number: string }>`select number::text as number from notification
    where id = ${id} and user_id = ${personId} and number is not null`.execute(database);
  const [row] = found.rows;
  if (!row) throw Refusal.notFound('notification', ['upTo']);
  return row.number;
}
