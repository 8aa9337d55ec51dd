import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { noticesBeforeEnd, standingGrantStatuses } from '../lifecycle/grant.js';
import { expireGrant, noteExpiring } from './grant.commands.js';

/** Each minute, ends the grants whose last moment has passed. `isUsable` has said no since that very moment. */
export const grantExpiry = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'grants.expire',
    async find(database, now, most) {
      const ended = await sql<{ id: string }>`select id from access_grant
        where status = any(${[...standingGrantStatuses]}::text[]) and ends_at <= ${now}
        order by ends_at limit ${most}`.execute(database);
      return ended.rows.map(({ id }) => id);
    },
    give: (doorway, grantId, context) => doorway.execute(expireGrant, { grantId }, context),
  });

/** Each minute, tells of the grants whose end is near, by the notices that were not given yet. */
export const expiryNotices = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'grants.noteExpiring',
    async find(database, now, most) {
      const near = await sql<{ id: string }>`select g.id from access_grant as g
        where g.status in ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED')
          and g.ends_at > ${now} and g.ends_at <= ${now}::timestamptz + ${Math.max(...noticesBeforeEnd)} * interval '1 day'
          and exists (select from unnest(${[...noticesBeforeEnd]}::integer[]) as notice (days)
            where g.ends_at - notice.days * interval '1 day' between g.starts_at and ${now}
              and (g.expiry_noticed is null or notice.days < g.expiry_noticed))
        order by g.ends_at limit ${most}`.execute(database);
      return near.rows.map(({ id }) => id);
    },
    give: (doorway, grantId, context) => doorway.execute(noteExpiring, { grantId }, context),
  });
