import { sql } from 'kysely';
import type { Viewer } from '../api/eyes.js';
import { requirePerson } from '../doorway/requirements.js';
import { organizationsOf } from '../lifecycle/actor.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';

/** How many applications are remembered for each person. */
export const mostViewed = 50;

/**
 * Remembers that somebody of staff opened an application. It is nobody's decision and not on record, so it does not go
 * through the doorway: one statement, which also forgets what was opened longest ago.
 * @throws Refusal FORBIDDEN for whoever is no staff, NOT_FOUND for what they do not see
 */
export async function rememberViewed(database: RawSql, { actor, now }: Viewer, applicationId: string): Promise<void> {
  const { personId, staffRoles } = requirePerson(actor);
  if (staffRoles.length === 0) throw Refusal.of('FORBIDDEN', 'Only for staff it is remembered what they opened.');
  const own = `{${organizationsOf(actor).join(',')}}`;
  const { rows } = await sql`
    with forgotten as (
      delete from application_view where user_id = ${personId} and application_id in (
        select application_id from application_view where user_id = ${personId} and application_id <> ${applicationId}
        order by viewed_at desc offset ${mostViewed - 1}))
    insert into application_view (user_id, application_id, viewed_at)
    select ${personId}::uuid, a.id, ${now}::timestamptz from application as a
    where a.id = ${applicationId} and (a.submitted_at is not null or a.organization_id = any(${own}::text::uuid[]))
    on conflict (user_id, application_id) do update set viewed_at = excluded.viewed_at
    returning application_id`.execute(database);
  if (rows.length === 0) throw Refusal.notFound('application', ['applicationId']);
}
