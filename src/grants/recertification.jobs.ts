import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { reminderDays } from '../lifecycle/recertification.js';
import type { Queue } from '../platform/jobs.js';
import { recertificationPolicySql } from '../programs/grant-policy.queries.js';
import { lapseRecertification, openRecertification, remindOfRecertification } from './recertification.commands.js';

/** Each hour, opens the recertifications that have come due: all grants of programs that ask for them are looked at. */
export function recertificationOpening(parts: MinutelyParts): Queue<object> {
  const queue = minutely(parts, {
    name: 'grants.openRecertifications',
    async find(database, now, most) {
      const due = await sql<{ id: string }>`select g.id
        from (select p.id, ${recertificationPolicySql(sql`p.id`)} from program as p) as asking
        join access_grant as g on g.program_id = asking.id
        where asking.every is not null and g.status in ('ACTIVE', 'SUSPENDED') and g.ends_at > ${now}
          and not exists (select from recertification as r where r.grant_id = g.id and r.status <> 'CONFIRMED')
          and coalesce((select max(r.confirmed_at) from recertification as r where r.grant_id = g.id), g.starts_at)
            + (asking.every - asking.notice) * interval '1 day' <= ${now}
        order by g.id limit ${most}`.execute(database);
      return due.rows.map(({ id }) => id);
    },
    give: (doorway, grantId, context) => doorway.execute(openRecertification, { grantId }, context),
  });
  return { ...queue, schedule: '37 * * * *' };
}

/** Each minute, suspends the grants that were not recertified in time, and reminds of those for which there is still time. */
export const recertificationWatch = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'grants.watchRecertifications',
    async find(database, now, most) {
      const due = await sql<{ id: string; isOverdue: boolean }>`select r.id, r.due_at <= ${now} as "isOverdue"
        from recertification as r join access_grant as g on g.id = r.grant_id
        where r.status in ('DUE', 'ATTESTED') and r.due_at <= ${now}::timestamptz + ${reminderDays} * interval '1 day'
          and g.status in ('ACTIVE', 'SUSPENDED')
          and case when r.due_at <= ${now} then r.overdue_at is null else r.reminded_at is null end
        order by r.due_at limit ${most}`.execute(database);
      return due.rows;
    },
    give: (doorway, { id, isOverdue }, context) =>
      doorway.execute(isOverdue ? lapseRecertification : remindOfRecertification, { recertificationId: id }, context),
  });
